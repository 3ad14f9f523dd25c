# The same names where they are also found.

NegativeBinomial = torch.distributions.NegativeBinomial
