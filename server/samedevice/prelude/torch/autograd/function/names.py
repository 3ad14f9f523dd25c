# The same names where they are also found.

Function = torch.autograd.Function
