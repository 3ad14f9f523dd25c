# The same names where they are also found.

PixelShuffle = torch.nn.PixelShuffle
PixelUnshuffle = torch.nn.PixelUnshuffle
