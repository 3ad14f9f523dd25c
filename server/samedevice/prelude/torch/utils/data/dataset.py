# Datasets of torch.utils.data.


class Dataset:
    def __getitem__(self, index):
        return unknown()

    def __add__(self, other):
        return ConcatDataset([self, other])


class IterableDataset(Dataset):
    def __add__(self, other):
        return ChainDataset([self, other])

    def __iter__(self):
        return iter([unknown()] * int(unknown()))


class TensorDataset(Dataset):
    def __init__(self, *tensors):
        for tensor in tensors:
            if tensors[0].size(0) != tensor.size(0):
                refuse("SHAPE", "AssertionError: Size mismatch between tensors", tensors[0], tensor)
        self.tensors = tensors

    def __getitem__(self, index):
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self):
        return self.tensors[0].size(0)


class StackDataset(Dataset):
    def __init__(self, *args, **kwargs):
        self.datasets = args if args else kwargs

    def __getitem__(self, index):
        if isinstance(self.datasets, dict):
            return {key: dataset[index] for key, dataset in self.datasets.items()}
        return tuple(dataset[index] for dataset in self.datasets)

    def __len__(self):
        return int(unknown())


class ConcatDataset(Dataset):
    def __init__(self, datasets):
        self.datasets = list(datasets)

    def __getitem__(self, idx):
        # Any of them may be asked; the first one answers.
        return self.datasets[0][int(unknown())]

    def __len__(self):
        return sum(len(dataset) for dataset in self.datasets)


class ChainDataset(IterableDataset):
    def __init__(self, datasets):
        self.datasets = list(datasets)

    def __iter__(self):
        for dataset in self.datasets:
            for item in dataset:
                yield item

    def __len__(self):
        return sum(len(dataset) for dataset in self.datasets)


class Subset(Dataset):
    def __init__(self, dataset, indices):
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, idx):
        return self.dataset[self.indices[idx]]

    def __len__(self):
        return len(self.indices)


def random_split(dataset, lengths, generator=torch.default_generator):
    if sum(lengths) <= 1:
        sizes = [int(len(dataset) * length) for length in lengths]
    else:
        sizes = lengths
    order = torch.randperm(len(dataset), generator=generator).tolist()
    return [Subset(dataset, order[:size]) for size in sizes]
