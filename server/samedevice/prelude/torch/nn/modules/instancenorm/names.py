# The same names where they are also found.

_InstanceNorm = torch.nn._InstanceNorm
InstanceNorm1d = torch.nn.InstanceNorm1d
InstanceNorm2d = torch.nn.InstanceNorm2d
InstanceNorm3d = torch.nn.InstanceNorm3d
