# The same names where they are also found.

LayerNorm = torch.nn.LayerNorm
RMSNorm = torch.nn.RMSNorm
GroupNorm = torch.nn.GroupNorm
LocalResponseNorm = torch.nn.LocalResponseNorm
CrossMapLRN2d = torch.nn.CrossMapLRN2d
