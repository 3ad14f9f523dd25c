# The same names where they are also found.

Dirichlet = torch.distributions.Dirichlet
