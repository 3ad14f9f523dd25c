# The same names where they are also found.

NAdam = torch.optim.NAdam
