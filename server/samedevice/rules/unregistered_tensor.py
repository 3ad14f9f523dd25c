"""A tensor kept as a plain attribute of a network stays behind when the network is moved.

`.to(device)`, `.cuda()` and `.half()` move parameters and buffers only. A constant belongs in `register_buffer`;
`persistent=False` keeps it out of the state dict, so that saved checkpoints still load.

```python
import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean = torch.zeros(3)

    def forward(self, x):
        x = torch.relu(x)
        return x - self.mean  # warning: `x - self.mean` "`self.mean` is on cpu"
```

```python fixed
import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(3), persistent=False)

    def forward(self, x):
        x = torch.relu(x)
        return x - self.mean
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
def unregistered_tensor(analysis: Analysis) -> Iterator[Finding]:
    return device_findings(analysis, "unregistered-tensor", device_fixes)
