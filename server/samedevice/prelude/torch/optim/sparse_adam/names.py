# The same names where they are also found.

SparseAdam = torch.optim.SparseAdam
