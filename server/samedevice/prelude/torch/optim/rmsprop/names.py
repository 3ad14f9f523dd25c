# The same names where they are also found.

RMSprop = torch.optim.RMSprop
