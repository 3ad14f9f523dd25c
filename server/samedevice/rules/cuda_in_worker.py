"""Code that a loader runs in worker processes uses an accelerator.

Workers are forked: once the program has used CUDA, they can't (`Cannot re-initialize CUDA in forked subprocess`). Let
the dataset give CPU tensors, and move the batch in the loop.

```python
import torch
from torch.utils.data import DataLoader, Dataset


class Points(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        return torch.zeros(3).cuda()


net = torch.nn.Linear(3, 1).cuda()
for batch in DataLoader(Points(), num_workers=2):  # error: "worker"
    pass
```

```python fixed
import torch
from torch.utils.data import DataLoader, Dataset


class Points(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        return torch.zeros(3)


net = torch.nn.Linear(3, 1).cuda()
for batch in DataLoader(Points(), num_workers=2):
    pass
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import _words as words
from samedevice.rules import rule
from samedevice.rules._loader_fixes import out_of_worker
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding


@rule(severity=Severity.ERROR)
def cuda_in_worker(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "cuda-in-worker"):
        operand = fact.operands[0] if fact.operands else None
        said = f"a worker process gives a tensor on {words.device(operand, fact)}" if operand else ""
        yield finding(analysis, fact, said, out_of_worker)
