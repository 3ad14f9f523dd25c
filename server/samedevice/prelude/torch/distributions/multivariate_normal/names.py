# The same names where they are also found.

MultivariateNormal = torch.distributions.MultivariateNormal
