# The same names where they are also found.

InverseGamma = torch.distributions.InverseGamma
