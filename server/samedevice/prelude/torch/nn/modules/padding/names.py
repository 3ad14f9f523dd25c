# The same names where they are also found.

_PadNd = torch.nn._PadNd
_ConstantPadNd = torch.nn._ConstantPadNd
CircularPad1d = torch.nn.CircularPad1d
CircularPad2d = torch.nn.CircularPad2d
CircularPad3d = torch.nn.CircularPad3d
ReflectionPad1d = torch.nn.ReflectionPad1d
ReflectionPad2d = torch.nn.ReflectionPad2d
ReflectionPad3d = torch.nn.ReflectionPad3d
ReplicationPad1d = torch.nn.ReplicationPad1d
ReplicationPad2d = torch.nn.ReplicationPad2d
ReplicationPad3d = torch.nn.ReplicationPad3d
ConstantPad1d = torch.nn.ConstantPad1d
ZeroPad1d = torch.nn.ZeroPad1d
ConstantPad2d = torch.nn.ConstantPad2d
ZeroPad2d = torch.nn.ZeroPad2d
ConstantPad3d = torch.nn.ConstantPad3d
ZeroPad3d = torch.nn.ZeroPad3d
