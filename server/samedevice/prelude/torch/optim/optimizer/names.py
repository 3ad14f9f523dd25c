# The same names where they are also found.

Optimizer = torch.optim.Optimizer
