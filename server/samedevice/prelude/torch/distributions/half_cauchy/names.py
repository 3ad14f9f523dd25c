# The same names where they are also found.

HalfCauchy = torch.distributions.HalfCauchy
