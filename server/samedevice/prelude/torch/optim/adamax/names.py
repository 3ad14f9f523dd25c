# The same names where they are also found.

Adamax = torch.optim.Adamax
