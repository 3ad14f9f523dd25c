# The same names where they are also found.

Upsample = torch.nn.Upsample
UpsamplingNearest2d = torch.nn.UpsamplingNearest2d
UpsamplingBilinear2d = torch.nn.UpsamplingBilinear2d
