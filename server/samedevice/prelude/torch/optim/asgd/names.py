# The same names where they are also found.

ASGD = torch.optim.ASGD
