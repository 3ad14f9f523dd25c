# The same names where they are also found.

Module = torch.nn.Module
