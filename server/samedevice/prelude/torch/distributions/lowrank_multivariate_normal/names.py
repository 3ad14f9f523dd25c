# The same names where they are also found.

LowRankMultivariateNormal = torch.distributions.LowRankMultivariateNormal
