# The same names where they are also found.

ExponentialFamily = torch.distributions.ExponentialFamily
