# Samplers of torch.utils.data. Which index comes is not known; where it is drawn is.


class Sampler:
    def __init__(self, data_source=None):
        pass

    def __iter__(self):
        return iter([int(unknown())] * int(unknown()))


class SequentialSampler(Sampler):
    def __init__(self, data_source):
        self.data_source = data_source

    def __iter__(self):
        return iter([int(unknown())] * int(unknown()))

    def __len__(self):
        return len(self.data_source)


class RandomSampler(Sampler):
    def __init__(self, data_source, replacement=False, num_samples=None, generator=None):
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator

    @property
    def num_samples(self):
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self):
        generator = torch.Generator() if self.generator is None else self.generator
        if self.replacement:
            drawn = torch.randint(high=int(unknown()), size=(32,), dtype=torch.int64, generator=generator)
        else:
            drawn = torch.randperm(int(unknown()), generator=generator)
        return iter(drawn.tolist())

    def __len__(self):
        return self.num_samples


class SubsetRandomSampler(Sampler):
    def __init__(self, indices, generator=None):
        self.indices = indices
        self.generator = generator

    def __iter__(self):
        torch.randperm(int(unknown()), generator=self.generator)
        return iter([int(unknown())] * int(unknown()))

    def __len__(self):
        return len(self.indices)


class WeightedRandomSampler(Sampler):
    def __init__(self, weights, num_samples, replacement=True, generator=None):
        self.weights = torch.as_tensor(weights, dtype=torch.double)
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self):
        drawn = torch.multinomial(self.weights, self.num_samples, self.replacement, generator=self.generator)
        return iter(drawn.tolist())

    def __len__(self):
        return self.num_samples


class BatchSampler(Sampler):
    def __init__(self, sampler, batch_size, drop_last):
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self):
        index = next(iter(self.sampler))
        return iter([[index] * self.batch_size] * int(unknown()))

    def __len__(self):
        return int(unknown())
