"""The target or the class weights of a loss are on another device than the prediction.

Labels come from the loader, weights from the start of the script: both are on the CPU until they are moved.

```python
import torch
from torch.nn import functional as F

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
logits = torch.randn(2, 3, device=device)
target = torch.tensor([0, 2])
loss = F.cross_entropy(logits, target)  # error: `F.cross_entropy(logits, target)` "`target` is on cpu"
```

```python fixed
import torch
from torch.nn import functional as F

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
logits = torch.randn(2, 3, device=device)
target = torch.tensor([0, 2], device=device)
loss = F.cross_entropy(logits, target)
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
def loss_device_mismatch(analysis: Analysis) -> Iterator[Finding]:
    return device_findings(analysis, "loss-device-mismatch", device_fixes)
