# The same names where they are also found.

Identity = torch.nn.Identity
Linear = torch.nn.Linear
Bilinear = torch.nn.Bilinear
