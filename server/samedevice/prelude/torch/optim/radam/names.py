# The same names where they are also found.

RAdam = torch.optim.RAdam
