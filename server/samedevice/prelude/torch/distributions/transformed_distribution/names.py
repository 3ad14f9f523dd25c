# The same names where they are also found.

TransformedDistribution = torch.distributions.TransformedDistribution
