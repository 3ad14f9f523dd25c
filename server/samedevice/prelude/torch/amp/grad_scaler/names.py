# The same names where they are also found.

GradScaler = torch.amp.GradScaler
