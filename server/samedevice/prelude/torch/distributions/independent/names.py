# The same names where they are also found.

Independent = torch.distributions.Independent
