# Samplers for several processes.


class DistributedSampler(Sampler):
    def __init__(self, dataset, num_replicas=None, rank=None, shuffle=True, seed=0, drop_last=False):
        self.dataset = dataset
        self.num_replicas = num_replicas
        self.rank = rank
        self.epoch = 0
        self.shuffle = shuffle
        self.seed = seed
        self.drop_last = drop_last

    def __iter__(self):
        if self.shuffle:
            torch.randperm(int(unknown()), generator=torch.Generator())
        return iter([int(unknown())] * int(unknown()))

    def __len__(self):
        return int(unknown())

    def set_epoch(self, epoch):
        self.epoch = epoch
