"""A network and its input are on different devices.

`model.to(device)` moves the weights; each batch has to be moved too, in every loop: training, validation and the one
example at the end.

```python
import torch
from torch import nn

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = nn.Linear(3, 4).to(device)
x = torch.randn(2, 3)
y = model(x)  # error: `model(x)` "`x` is on cpu"
```

```python fixed
import torch
from torch import nn

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = nn.Linear(3, 4).to(device)
x = torch.randn(2, 3, device=device)
y = model(x)
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
def input_device_mismatch(analysis: Analysis) -> Iterator[Finding]:
    return device_findings(analysis, "input-device-mismatch", device_fixes)
