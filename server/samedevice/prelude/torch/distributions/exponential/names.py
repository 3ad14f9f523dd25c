# The same names where they are also found.

Exponential = torch.distributions.Exponential
