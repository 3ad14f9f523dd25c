# The same names where they are also found.

ContinuousBernoulli = torch.distributions.ContinuousBernoulli
