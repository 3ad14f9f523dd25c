"""A tensor on an accelerator is pinned, but only CPU memory can be.

`pin_memory=True` speeds up the copy of CPU batches; a dataset that already gives tensors on a GPU raises
`RuntimeError: cannot pin 'torch.cuda.FloatTensor' only dense CPU tensors can be pinned`.

```python
import torch
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.zeros(8, 3, device="cuda"))
for (x,) in DataLoader(data, pin_memory=True):  # error: "pin"
    pass
```

```python fixed
import torch
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.zeros(8, 3, device="cuda"))
for (x,) in DataLoader(data, pin_memory=False):
    pass
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import _words as words
from samedevice.rules import rule
from samedevice.rules._loader_fixes import unpinned
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding


@rule(severity=Severity.ERROR)
def pinned_accelerator_tensor(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "pinned-accelerator-tensor"):
        operand = fact.operands[0] if fact.operands else None
        what = words.name(operand, fact) if operand and operand.text else "the batch"
        said = f"{what} is on {words.device(operand, fact)}" if operand else ""
        yield finding(analysis, fact, said, unpinned)
