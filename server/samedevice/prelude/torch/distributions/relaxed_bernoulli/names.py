# The same names where they are also found.

RelaxedBernoulli = torch.distributions.RelaxedBernoulli
