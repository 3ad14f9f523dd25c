# The same names where they are also found.

LBFGS = torch.optim.LBFGS
