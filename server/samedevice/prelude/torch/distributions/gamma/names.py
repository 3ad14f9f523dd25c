# The same names where they are also found.

Gamma = torch.distributions.Gamma
