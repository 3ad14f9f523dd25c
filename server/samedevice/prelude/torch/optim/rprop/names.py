# The same names where they are also found.

Rprop = torch.optim.Rprop
