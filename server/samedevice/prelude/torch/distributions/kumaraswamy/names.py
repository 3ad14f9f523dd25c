# The same names where they are also found.

Kumaraswamy = torch.distributions.Kumaraswamy
