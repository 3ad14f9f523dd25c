# The same names where they are also found.

Dataset = torch.utils.data.Dataset
IterableDataset = torch.utils.data.IterableDataset
TensorDataset = torch.utils.data.TensorDataset
StackDataset = torch.utils.data.StackDataset
ConcatDataset = torch.utils.data.ConcatDataset
ChainDataset = torch.utils.data.ChainDataset
Subset = torch.utils.data.Subset
random_split = torch.utils.data.random_split
