"""Tensors that meet in one operation live on different devices.

PyTorch never moves a tensor between devices by itself: the call raises `RuntimeError: Expected all tensors to be on
the same device`. Only a tensor without dimensions may stay on the CPU.

```python
import torch

w = torch.ones(3, device="cuda")
x = torch.zeros(3)
y = torch.add(x, w)  # error: `torch.add(x, w)` "`x` is on cpu"
```

```python fixed
import torch

w = torch.ones(3, device="cuda")
x = torch.zeros(3, device=w.device)
y = torch.add(x, w)
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
def device_mismatch(analysis: Analysis) -> Iterator[Finding]:
    return device_findings(analysis, "device-mismatch", device_fixes)
