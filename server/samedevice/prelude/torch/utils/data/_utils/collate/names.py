# The same names where they are also found.

default_collate = torch.utils.data.default_collate
default_convert = torch.utils.data.default_convert
