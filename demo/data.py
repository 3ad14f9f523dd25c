"""Vibration windows of a machine, healthy or with one of three faults."""

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

FAULTS = ("healthy", "imbalance", "misalignment", "bearing")
RATE = 1024


def vibration(fault, seconds, rng):
    """Three channels of a machine that turns at about 25 Hz, as float64 like every numpy signal."""
    t = np.arange(int(seconds * RATE)) / RATE
    turn = 2 * np.pi * rng.normal(25.0, 0.5) * t
    amplitude = np.array([1.0, 0.4 * (fault == 2), 0.0])
    signal = sum(a * np.sin((k + 1) * turn) for k, a in enumerate(amplitude))
    if fault == 1:
        signal = 2.5 * signal
    if fault == 3:
        signal = signal + (np.sin(7.3 * turn) > 0.98)
    return np.stack([signal + 0.1 * rng.standard_normal(t.shape) for _ in range(3)])


class Windows(Dataset):
    def __init__(self, count, seed=0):
        self.count = count
        self.seed = seed

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        rng = np.random.default_rng(self.seed + index)
        fault = int(rng.integers(len(FAULTS)))
        return vibration(fault, rng.uniform(0.5, 1.0), rng), fault


def collate(items):
    """Pads the windows of a batch to the longest of them."""
    lengths = torch.tensor([window.shape[1] for window, _ in items])
    batch = torch.zeros(len(items), 3, int(lengths.max()))
    for row, (window, _) in enumerate(items):
        batch[row, :, : window.shape[1]] = torch.from_numpy(window)
    return batch, lengths, torch.tensor([fault for _, fault in items])


def loaders(batch_size=32):
    train = DataLoader(Windows(4096), batch_size=batch_size, shuffle=True, collate_fn=collate)
    test = DataLoader(Windows(512, seed=10**6), batch_size=batch_size, collate_fn=collate)
    return train, test


def spectrum(fault, seed=0):
    """The power of each frequency in one second of a fault, smoothed."""
    window = vibration(fault, 1.0, np.random.default_rng(seed))
    power = torch.fft.rfft(torch.from_numpy(window[0])).abs() ** 2
    kernel = torch.ones(1, 1, 5) / 5
    return torch.nn.functional.conv1d(power.view(1, 1, -1), kernel, padding=2).flatten()
