# The same names where they are also found.

RelaxedOneHotCategorical = torch.distributions.RelaxedOneHotCategorical
