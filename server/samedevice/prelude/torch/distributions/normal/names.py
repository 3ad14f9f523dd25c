# The same names where they are also found.

Normal = torch.distributions.Normal
