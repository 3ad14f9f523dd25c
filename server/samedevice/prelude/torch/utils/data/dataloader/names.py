# The same names where they are also found.

DataLoader = torch.utils.data.DataLoader
default_collate = torch.utils.data.default_collate
default_convert = torch.utils.data.default_convert
get_worker_info = torch.utils.data.get_worker_info
