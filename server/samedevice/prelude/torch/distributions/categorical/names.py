# The same names where they are also found.

Categorical = torch.distributions.Categorical
