# The same names where they are also found.

MixtureSameFamily = torch.distributions.MixtureSameFamily
