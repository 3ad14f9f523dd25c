# The same names where they are also found.

Adafactor = torch.optim.Adafactor
