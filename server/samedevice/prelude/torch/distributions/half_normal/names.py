# The same names where they are also found.

HalfNormal = torch.distributions.HalfNormal
