# The loader: one batch stands for all of them.


class DataLoader:
    def __init__(
        self,
        dataset,
        batch_size=1,
        shuffle=None,
        sampler=None,
        batch_sampler=None,
        num_workers=0,
        collate_fn=None,
        pin_memory=False,
        drop_last=False,
        timeout=0,
        worker_init_fn=None,
        multiprocessing_context=None,
        generator=None,
        *,
        prefetch_factor=None,
        persistent_workers=False,
        pin_memory_device="",
        in_order=True,
    ):
        self.dataset = dataset
        self.batch_size = batch_size
        self.num_workers = num_workers
        self.collate_fn = collate_fn
        self.pin_memory = pin_memory
        self.drop_last = drop_last
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.generator = generator
        self.prefetch_factor = prefetch_factor
        self.persistent_workers = persistent_workers
        self.pin_memory_device = pin_memory_device
        if sampler is None and not isinstance(dataset, IterableDataset):
            sampler = RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)
        self.sampler = sampler
        self.batch_sampler = batch_sampler

    def __len__(self):
        if isinstance(self.dataset, IterableDataset) or self.batch_sampler is not None:
            return int(unknown())
        if self.batch_size is None:
            return len(self.dataset)
        if self.drop_last:
            return len(self.dataset) // self.batch_size
        return (len(self.dataset) + self.batch_size - 1) // self.batch_size

    def __iter__(self):
        return iter([self._batch()] * int(unknown()))

    def _batch(self):
        # Every worker gets its seed from a number that is drawn here.
        torch.empty((), dtype=torch.int64).random_(generator=self.generator)
        sample = self._sample()
        if self.num_workers > 0 and self.multiprocessing_context is None:
            _check_forked(sample)
        batch = self._collated(sample)
        if self.pin_memory and torch.cuda.is_available():
            batch = _pinned(batch)
        return batch

    def _sample(self):
        if isinstance(self.dataset, IterableDataset):
            return next(iter(self.dataset))
        if self.batch_sampler is not None:
            index = next(iter(next(iter(self.batch_sampler))))
        else:
            index = next(iter(self.sampler))
        return self.dataset[index]

    def _size(self):
        # The last batch is smaller where that is known; where it is not, every batch is taken for a whole one.
        count = len(self.dataset) if hasattr(self.dataset, "__len__") else unknown()
        if exact(count) and exact(self.batch_size) and not self.drop_last and count % self.batch_size > 0:
            return int(unknown())
        return self.batch_size

    def _collated(self, sample):
        if self.batch_size is None and self.batch_sampler is None:
            return default_convert(sample) if self.collate_fn is None else self.collate_fn(sample)
        size = int(unknown()) if self.batch_sampler is not None else self._size()
        if self.collate_fn is None:
            return _stacked(sample, size)
        return self.collate_fn([sample] * size)


def _check_forked(sample):
    if not known(sample):
        return
    if isinstance(sample, torch.Tensor):
        if sample.is_cuda:
            refuse(
                "ARGUMENT",
                "RuntimeError: Cannot re-initialize CUDA in forked subprocess. "
                "To use CUDA with multiprocessing, you must use the 'spawn' start method",
                sample,
            )
    elif isinstance(sample, dict):
        for value in sample.values():
            _check_forked(value)
    elif isinstance(sample, (tuple, list)):
        for value in sample:
            _check_forked(value)


def _pinned(data):
    if not known(data):
        return data
    if isinstance(data, torch.Tensor):
        return data.pin_memory()
    if isinstance(data, dict):
        return {key: _pinned(value) for key, value in data.items()}
    if isinstance(data, (str, bytes)):
        return data
    if isinstance(data, tuple):
        return tuple(_pinned(value) for value in data)
    if isinstance(data, list):
        return [_pinned(value) for value in data]
    return data.pin_memory() if hasattr(data, "pin_memory") else data


def _stacked(sample, size):
    # What `default_collate` makes of `size` samples like this one.
    if not known(sample):
        return unknown()
    if isinstance(sample, torch.Tensor):
        return torch.stack([sample] * size, 0)
    if isinstance(sample, numpy.ndarray):
        return torch.stack([torch.as_tensor(sample)] * size, 0)
    if isinstance(sample, numpy.generic):
        return torch.stack([torch.as_tensor(sample)] * size, 0)
    if isinstance(sample, bool):
        return torch.empty((size,), dtype=torch.bool)
    if isinstance(sample, float):
        return torch.empty((size,), dtype=torch.float64)
    if isinstance(sample, int):
        return torch.empty((size,), dtype=torch.int64)
    if isinstance(sample, (str, bytes)):
        return [sample] * size
    if isinstance(sample, dict):
        return {key: _stacked(value, size) for key, value in sample.items()}
    if isinstance(sample, tuple) and hasattr(sample, "_fields"):
        return type(sample)(*[_stacked(value, size) for value in sample])
    if isinstance(sample, (tuple, list)):
        return [_stacked(value, size) for value in sample]
    return unknown()


def default_collate(batch):
    sample = batch[0]
    if not known(sample):
        return unknown()
    if isinstance(sample, torch.Tensor):
        return torch.stack(list(batch), 0)
    if isinstance(sample, dict):
        return {key: default_collate([item[key] for item in batch]) for key in sample}
    if isinstance(sample, (tuple, list)) and not hasattr(sample, "_fields"):
        return [default_collate(list(items)) for items in zip(*batch)]
    return _stacked(sample, len(batch))


def default_convert(data):
    if not known(data):
        return unknown()
    if isinstance(data, torch.Tensor):
        return data
    if isinstance(data, (numpy.ndarray, numpy.generic)):
        return torch.as_tensor(data)
    if isinstance(data, (str, bytes)):
        return data
    if isinstance(data, dict):
        return {key: default_convert(value) for key, value in data.items()}
    if isinstance(data, tuple):
        return [default_convert(value) for value in data]
    if isinstance(data, list):
        return [default_convert(value) for value in data]
    return data


def get_worker_info():
    return any_of(None, unknown())
