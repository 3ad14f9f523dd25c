# The same names where they are also found.

Beta = torch.distributions.Beta
