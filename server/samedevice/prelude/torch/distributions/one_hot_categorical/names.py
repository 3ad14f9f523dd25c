# The same names where they are also found.

OneHotCategorical = torch.distributions.OneHotCategorical
OneHotCategoricalStraightThrough = torch.distributions.OneHotCategoricalStraightThrough
