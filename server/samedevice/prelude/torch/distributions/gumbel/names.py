# The same names where they are also found.

Gumbel = torch.distributions.Gumbel
