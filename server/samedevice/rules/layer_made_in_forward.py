"""A layer made while the network runs is on the CPU, wherever the network is.

It also comes too late for an optimizer that was built before. Make layers in `__init__`, or move them as they are
made; `nn.LazyLinear` and its kin learn their sizes at the first call.

```python
from torch import nn


class Late(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = None

    def forward(self, x):
        if self.layer is None:
            self.layer = nn.Linear(3, 4)
        return self.layer(x)  # warning: `self.layer(x)` "is on cpu"
```

```python fixed
from torch import nn


class Late(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = None

    def forward(self, x):
        if self.layer is None:
            self.layer = nn.Linear(3, 4).to(x.device)
        return self.layer(x)
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
def layer_made_in_forward(analysis: Analysis) -> Iterator[Finding]:
    return device_findings(analysis, "layer-made-in-forward", device_fixes)
