# The same names where they are also found.

Fold = torch.nn.Fold
Unfold = torch.nn.Unfold
