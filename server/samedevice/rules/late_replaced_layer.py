"""A layer that is added or replaced after the network was moved is still on the CPU.

`model.fc = nn.Linear(8, 2)` after `model.to(device)` puts a CPU layer into a network on the GPU. Replace layers first
and move the network then, or move the new layer.

```python
import torch
from torch import nn

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = nn.Sequential()
model.body = nn.Linear(3, 8)
model.to(device)
model.head = nn.Linear(8, 2)
y = model(torch.randn(4, 3, device=device))  # error: `model(torch.randn(4, 3, device=device))` "is on cpu"
```

```python fixed
import torch
from torch import nn

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = nn.Sequential()
model.body = nn.Linear(3, 8)
model.to(device)
model.head = nn.Linear(8, 2).to(device)
y = model(torch.randn(4, 3, device=device))
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
def late_replaced_layer(analysis: Analysis) -> Iterator[Finding]:
    return device_findings(analysis, "late-replaced-layer", device_fixes)
