"""Two tensors on different accelerators meet.

A written-out `cuda:0` or `.cuda()` is right only while everything else is on the first GPU. Follow a tensor that is
there already.

```python
import torch

x = torch.ones(3, device="cuda:1")
y = torch.zeros(3, device="cuda:0")
z = x + y  # error: `x + y` "cuda:1"
```

```python fixed
import torch

x = torch.ones(3, device="cuda:1")
y = torch.zeros(3, device=x.device)
z = x + y
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
def different_accelerators(analysis: Analysis) -> Iterator[Finding]:
    return device_findings(analysis, "different-accelerators", device_fixes)
