# The same names where they are also found.

FisherSnedecor = torch.distributions.FisherSnedecor
