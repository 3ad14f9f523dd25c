# The same names where they are also found.

_MaxPoolNd = torch.nn._MaxPoolNd
_MaxUnpoolNd = torch.nn._MaxUnpoolNd
_LPPoolNd = torch.nn._LPPoolNd
_AdaptiveMaxPoolNd = torch.nn._AdaptiveMaxPoolNd
_AdaptiveAvgPoolNd = torch.nn._AdaptiveAvgPoolNd
MaxPool1d = torch.nn.MaxPool1d
MaxUnpool1d = torch.nn.MaxUnpool1d
LPPool1d = torch.nn.LPPool1d
AdaptiveMaxPool1d = torch.nn.AdaptiveMaxPool1d
AdaptiveAvgPool1d = torch.nn.AdaptiveAvgPool1d
AvgPool1d = torch.nn.AvgPool1d
MaxPool2d = torch.nn.MaxPool2d
MaxUnpool2d = torch.nn.MaxUnpool2d
LPPool2d = torch.nn.LPPool2d
AdaptiveMaxPool2d = torch.nn.AdaptiveMaxPool2d
AdaptiveAvgPool2d = torch.nn.AdaptiveAvgPool2d
AvgPool2d = torch.nn.AvgPool2d
MaxPool3d = torch.nn.MaxPool3d
MaxUnpool3d = torch.nn.MaxUnpool3d
LPPool3d = torch.nn.LPPool3d
AdaptiveMaxPool3d = torch.nn.AdaptiveMaxPool3d
AdaptiveAvgPool3d = torch.nn.AdaptiveAvgPool3d
AvgPool3d = torch.nn.AvgPool3d
FractionalMaxPool2d = torch.nn.FractionalMaxPool2d
FractionalMaxPool3d = torch.nn.FractionalMaxPool3d
