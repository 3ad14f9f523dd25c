# The same names where they are also found.

Laplace = torch.distributions.Laplace
