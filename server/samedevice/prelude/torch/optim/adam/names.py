# The same names where they are also found.

Adam = torch.optim.Adam
