"""Small networks for the tests of probes."""

from __future__ import annotations

CLEAN = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.fc = nn.Linear(16, width)

    def forward(self, x):
        h = self.fc(x)
        return h.relu()
"""
BROKEN = CLEAN.replace("h = self.fc(x)", "h = self.fc(x) + torch.ones(8)")
