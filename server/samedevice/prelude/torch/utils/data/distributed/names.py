# The same names where they are also found.

DistributedSampler = torch.utils.data.DistributedSampler
