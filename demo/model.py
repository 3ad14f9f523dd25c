"""Classifies windows of vibration data: dilated convolutions, attention pooling, a linear head."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    """A residual block with a dilated convolution."""

    def __init__(self, width, dilation):
        super().__init__()
        self.conv = nn.Conv1d(width, width, kernel_size=3, padding=dilation, dilation=dilation)
        self.norm = nn.BatchNorm1d(width)

    def forward(self, x):
        return x + F.gelu(self.norm(self.conv(x)))


class Positions(nn.Module):
    """Adds sinusoidal positions to a sequence of shape (batch, time, width)."""

    def __init__(self, width, length=2048):
        super().__init__()
        steps = torch.arange(length).unsqueeze(1)
        rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
        table = torch.zeros(length, width)
        table[:, 0::2] = torch.sin(steps * rates)
        table[:, 1::2] = torch.cos(steps * rates)
        self.table = table

    def forward(self, x):
        return x + self.table[: x.size(1)]


class AttentionPool(nn.Module):
    """Averages over time with learned weights, leaving out the padding."""

    def __init__(self, width):
        super().__init__()
        self.query = nn.Parameter(torch.randn(width) / math.sqrt(width))

    def forward(self, x, lengths):
        scores = x @ self.query
        padding = torch.arange(x.size(1)) >= lengths.unsqueeze(1)
        weights = scores.masked_fill(padding, float("-inf")).softmax(dim=1)
        return (weights.unsqueeze(-1) * x).sum(dim=1)


class FaultClassifier(nn.Module):
    def __init__(self, channels=3, classes=4, width=64, depth=4):
        super().__init__()
        self.lift = nn.Conv1d(channels, width, kernel_size=1)
        self.blocks = [Block(width, dilation=2**i) for i in range(depth)]
        self.positions = Positions(width)
        self.pool = AttentionPool(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x, lengths):
        x = self.lift(x)
        for block in self.blocks:
            x = block(x)
        x = self.positions(x.transpose(1, 2))
        return self.head(self.pool(x, lengths))
