# The same names where they are also found.

Adadelta = torch.optim.Adadelta
