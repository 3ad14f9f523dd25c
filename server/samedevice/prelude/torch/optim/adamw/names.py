# The same names where they are also found.

AdamW = torch.optim.AdamW
