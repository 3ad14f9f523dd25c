# The same names where they are also found.

DistributedDataParallel = torch.nn.parallel.DistributedDataParallel
