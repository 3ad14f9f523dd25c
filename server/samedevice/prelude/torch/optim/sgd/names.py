# The same names where they are also found.

SGD = torch.optim.SGD
