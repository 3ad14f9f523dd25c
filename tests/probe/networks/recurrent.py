"""Recurrent networks."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Tagger(nn.Module):
    def __init__(self, vocab=20, dim=8, hidden=6, tags=4):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.lstm = nn.LSTM(dim, hidden, num_layers=2, bidirectional=True, batch_first=True, dropout=0.1)
        self.out = nn.Linear(2 * hidden, tags)

    def forward(self, tokens):
        return self.out(self.lstm(self.embed(tokens))[0]).log_softmax(-1)


class Packed(nn.Module):
    """Lengths belong on the CPU."""

    def __init__(self, dim=4, hidden=6):
        super().__init__()
        self.gru = nn.GRU(dim, hidden, batch_first=True)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        out, hidden = self.gru(packed)
        out, _ = pad_packed_sequence(out, batch_first=True)
        return out, hidden[-1]


class InitialState(nn.Module):
    def __init__(self, hidden=5):
        super().__init__()
        self.hidden = hidden
        self.rnn = nn.LSTM(3, hidden)

    def init_hidden(self, x):
        return x.new_zeros(1, x.size(1), self.hidden), torch.zeros(1, x.size(1), self.hidden, device=x.device)

    def forward(self, x):
        return self.rnn(x, self.init_hidden(x))[0][-1]


class Cells(nn.Module):
    def __init__(self, hidden=5):
        super().__init__()
        self.lstm, self.gru, self.rnn = nn.LSTMCell(3, hidden), nn.GRUCell(hidden, hidden), nn.RNNCell(hidden, hidden)

    def forward(self, x):
        h = c = x.new_zeros(x.size(1), self.lstm.hidden_size)
        g = torch.zeros_like(h)
        outputs = []
        for step in x:
            h, c = self.lstm(step, (h, c))
            g = self.gru(h, g)
            outputs.append(self.rnn(g))
        return torch.stack(outputs)


class Attentive(nn.Module):
    """A decoder that stops when it has said so: the number of steps depends on the values."""

    def __init__(self, vocab=12, dim=6, longest=5):
        super().__init__()
        self.embed, self.cell, self.out = nn.Embedding(vocab, dim), nn.GRUCell(dim, dim), nn.Linear(2 * dim, vocab)
        self.longest = longest

    def forward(self, memory):
        state = memory.mean(1)
        token = torch.zeros(memory.size(0), dtype=torch.long, device=memory.device)
        said = []
        for _ in range(self.longest):
            state = self.cell(self.embed(token), state)
            weights = F.softmax(torch.bmm(memory, state.unsqueeze(2)).squeeze(2), dim=1)
            context = (weights.unsqueeze(2) * memory).sum(1)
            logits = self.out(torch.cat([state, context], dim=1))
            token = logits.argmax(1)
            said.append(logits)
            if bool((token == 1).all()):
                break
        return torch.stack(said, 1)


class ConvLSTM(nn.Module):
    def __init__(self, channels=2, hidden=3):
        super().__init__()
        self.hidden = hidden
        self.gates = nn.Conv2d(channels + hidden, 4 * hidden, 3, padding=1)

    def forward(self, x):
        b, steps, _, height, width = x.shape
        h = torch.zeros(b, self.hidden, height, width, device=x.device, dtype=x.dtype)
        c = torch.zeros_like(h)
        for t in range(steps):
            i, f, o, g = self.gates(torch.cat([x[:, t], h], dim=1)).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        return h


class Speech(nn.Module):
    """CTC on top of convolutions; its lengths are plain lists."""

    def __init__(self, classes=6):
        super().__init__()
        self.conv, self.rnn = nn.Conv1d(4, 8, 3, padding=1), nn.GRU(8, 8, batch_first=True, bidirectional=True)
        self.out = nn.Linear(16, classes)

    def forward(self, x, targets):
        h = self.rnn(self.conv(x).transpose(1, 2))[0]
        logp = self.out(h).log_softmax(-1).transpose(0, 1)
        lengths = torch.full((x.size(0),), logp.size(0), dtype=torch.long)
        return F.ctc_loss(logp, targets, lengths, torch.full((x.size(0),), targets.size(1), dtype=torch.long))


EXAMPLES = {
    "tagger": lambda: (Tagger(), (torch.randint(0, 20, (2, 7)),)),
    "packed": lambda: (Packed(), (torch.randn(3, 5, 4), torch.tensor([5, 2, 3]))),
    "initial_state": lambda: (InitialState(), (torch.randn(4, 2, 3),)),
    "cells": lambda: (Cells(), (torch.randn(4, 2, 3),)),
    "attentive": lambda: (Attentive(), (torch.randn(2, 4, 6),)),
    "conv_lstm": lambda: (ConvLSTM(), (torch.randn(1, 3, 2, 4, 4),)),
    "speech": lambda: (Speech(), (torch.randn(2, 4, 12), torch.randint(1, 6, (2, 3)))),
}
