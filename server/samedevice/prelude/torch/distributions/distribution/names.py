# The same names where they are also found.

Distribution = torch.distributions.Distribution
