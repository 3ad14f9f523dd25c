# The same names where they are also found.

_DropoutNd = torch.nn._DropoutNd
Dropout = torch.nn.Dropout
Dropout1d = torch.nn.Dropout1d
Dropout2d = torch.nn.Dropout2d
Dropout3d = torch.nn.Dropout3d
AlphaDropout = torch.nn.AlphaDropout
FeatureAlphaDropout = torch.nn.FeatureAlphaDropout
