# The same names where they are also found.

Geometric = torch.distributions.Geometric
