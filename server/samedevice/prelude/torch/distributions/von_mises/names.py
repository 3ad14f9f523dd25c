# The same names where they are also found.

VonMises = torch.distributions.VonMises
