# The same names where they are also found.

Sampler = torch.utils.data.Sampler
SequentialSampler = torch.utils.data.SequentialSampler
RandomSampler = torch.utils.data.RandomSampler
SubsetRandomSampler = torch.utils.data.SubsetRandomSampler
WeightedRandomSampler = torch.utils.data.WeightedRandomSampler
BatchSampler = torch.utils.data.BatchSampler
