# The same names where they are also found.

StudentT = torch.distributions.StudentT
