# The same names where they are also found.

kl_divergence = torch.distributions.kl_divergence
register_kl = torch.distributions.register_kl
