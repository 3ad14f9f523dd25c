# The same names where they are also found.

GeneralizedPareto = torch.distributions.GeneralizedPareto
