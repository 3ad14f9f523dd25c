# The same names where they are also found.

Muon = torch.optim.Muon
