# The same names where they are also found.

Binomial = torch.distributions.Binomial
