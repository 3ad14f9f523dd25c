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
from samedevice.rules import rule
from samedevice.rules._loader_fixes import unpinned
from samedevice.rules._refusals import one_findings


@rule(severity=Severity.ERROR)
def pinned_accelerator_tensor(analysis: Analysis) -> Iterator[Finding]:
    return one_findings(analysis, "pinned-accelerator-tensor", unpinned, about="device")
