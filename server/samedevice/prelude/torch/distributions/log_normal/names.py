# The same names where they are also found.

LogNormal = torch.distributions.LogNormal
