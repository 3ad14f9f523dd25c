# The same names where they are also found.

Uniform = torch.distributions.Uniform
