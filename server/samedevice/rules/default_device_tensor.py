"""A tensor made on the default device inside a function meets tensors of its arguments.

`torch.arange(n)` in `forward` is on the CPU wherever the network is. Make it where the input is, with
`device=x.device`.

```python
import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(10, 4)

    def forward(self, x):
        places = torch.arange(x.size(1))
        return x + self.table(places)  # warning: `self.table(places)` "`places` is on cpu"
```

```python fixed
import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(10, 4)

    def forward(self, x):
        places = torch.arange(x.size(1), device=x.device)
        return x + self.table(places)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._device_fixes import device_fixes
from samedevice.rules._refusals import device_findings


@rule(severity=Severity.ERROR)
def default_device_tensor(analysis: Analysis) -> Iterator[Finding]:
    return device_findings(analysis, "default-device-tensor", device_fixes)
