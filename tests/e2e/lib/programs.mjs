// The small programs that the scenarios edit, and what SameDevice says of them.

export const TRAIN = `import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
weight = torch.ones(3)
batch = torch.randn(8, 3, device=device)
scores = batch * weight
print(scores)


def report(size):
    values = torch.zeros(size, device=device)
    return values.numpy()


report(4)
`;

export const UNDERLINED = ["error: batch * weight", "error: values.numpy()"];

export const ALL_FIXED = TRAIN.replace("torch.ones(3)", "torch.ones(3, device=device)").replace(
  "values.numpy()",
  "values.cpu().numpy()",
);

// What Python prints when the program runs on a machine with a GPU.
export const TRACEBACK = `Traceback (most recent call last):
  File "train.py", line 6, in <module>
    scores = batch * weight
             ~~~~~~^~~~~~~~
RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!
`;

// A network that fails on a GPU.
export const NETWORK = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 16)
        self.second = nn.Linear(16, 4)
        self.scale = torch.ones(4)

    def forward(self, x):
        x = torch.relu(self.first(x))
        return self.second(x) * self.scale


model = Net()
print(model(torch.randn(2, 8)).sum())
`;
