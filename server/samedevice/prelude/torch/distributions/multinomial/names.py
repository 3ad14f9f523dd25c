# The same names where they are also found.

Multinomial = torch.distributions.Multinomial
