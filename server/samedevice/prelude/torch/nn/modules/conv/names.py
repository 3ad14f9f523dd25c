# The same names where they are also found.

_ConvNd = torch.nn._ConvNd
_ConvTransposeNd = torch.nn._ConvTransposeNd
Conv1d = torch.nn.Conv1d
Conv2d = torch.nn.Conv2d
Conv3d = torch.nn.Conv3d
ConvTranspose1d = torch.nn.ConvTranspose1d
ConvTranspose2d = torch.nn.ConvTranspose2d
ConvTranspose3d = torch.nn.ConvTranspose3d
