# The same names where they are also found.

Weibull = torch.distributions.Weibull
