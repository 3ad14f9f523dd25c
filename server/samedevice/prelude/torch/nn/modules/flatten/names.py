# The same names where they are also found.

Flatten = torch.nn.Flatten
Unflatten = torch.nn.Unflatten
