# The same names where they are also found.

Poisson = torch.distributions.Poisson
