# The same names where they are also found.

Chi2 = torch.distributions.Chi2
