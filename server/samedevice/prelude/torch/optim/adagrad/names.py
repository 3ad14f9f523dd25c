# The same names where they are also found.

Adagrad = torch.optim.Adagrad
