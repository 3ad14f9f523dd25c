# The same names where they are also found.

_NormBase = torch.nn._NormBase
_BatchNorm = torch.nn._BatchNorm
BatchNorm1d = torch.nn.BatchNorm1d
BatchNorm2d = torch.nn.BatchNorm2d
BatchNorm3d = torch.nn.BatchNorm3d
SyncBatchNorm = torch.nn.SyncBatchNorm
