# The same names where they are also found.

Bernoulli = torch.distributions.Bernoulli
