# The same names where they are also found.

Pareto = torch.distributions.Pareto
