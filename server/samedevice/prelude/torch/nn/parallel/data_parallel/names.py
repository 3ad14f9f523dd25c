# The same names where they are also found.

DataParallel = torch.nn.parallel.DataParallel
data_parallel = torch.nn.parallel.data_parallel
