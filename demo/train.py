"""Trains the fault classifier and writes its best weights to a checkpoint."""

import argparse
from pathlib import Path

import numpy as np
import torch
from data import FAULTS, loaders
from model import FaultClassifier
from torch import nn


def mixup(x, y, alpha=0.2):
    """Mixes every window with another one of the batch; returns the labels of the others too."""
    share = torch.from_numpy(np.random.beta(alpha, alpha, size=(x.size(0), 1, 1))).to(x.device)
    order = torch.randperm(x.size(0))
    return share * x + (1 - share) * x[order], y[order]


def train_epoch(model, loader, criterion, optimizer, device):
    model.train()
    losses = []
    for x, lengths, y in loader:
        x, lengths, y = x.to(device), lengths.to(device), y.to(device)
        x, other = mixup(x, y)
        scores = model(x, lengths)
        loss = 0.5 * criterion(scores, y) + 0.5 * criterion(scores, other)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


@torch.no_grad()
def evaluate(model, loader, device):
    model.eval()
    confusion = torch.zeros(len(FAULTS), len(FAULTS), device=device)
    for x, lengths, y in loader:
        x = x.to(device)
        lengths.to(device)
        predicted = model(x, lengths).argmax(dim=1)
        confusion.index_put_((y.to(device), predicted), torch.ones(y.size(0)), accumulate=True)
    return confusion


def report(confusion):
    recall = confusion.diag() / confusion.sum(dim=1).clamp(min=1)
    for name, value in zip(FAULTS, recall.numpy()):
        print(f"{name:>14} {value:6.1%}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--checkpoint", type=Path, default=Path("best.pt"))
    args = parser.parse_args()

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = FaultClassifier(classes=len(FAULTS)).to(device)
    if args.checkpoint.exists():
        model.load_state_dict(torch.load(args.checkpoint))

    weight = torch.tensor([0.4, 1.0, 1.0, 1.6])
    criterion = nn.CrossEntropyLoss(weight=weight)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)

    train, test = loaders()
    best = 0.0
    for epoch in range(args.epochs):
        loss = train_epoch(model, train, criterion, optimizer, device)
        confusion = evaluate(model, test, device)
        accuracy = (confusion.diag().sum() / confusion.sum()).item()
        print(f"epoch {epoch}: loss {loss:.3f}, accuracy {accuracy:.1%}")
        if accuracy > best:
            best = accuracy
            torch.save(model.state_dict(), args.checkpoint)
    report(confusion)


if __name__ == "__main__":
    main()
