# The same names where they are also found.

Cauchy = torch.distributions.Cauchy
