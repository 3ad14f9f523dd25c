"""A result of an autocast region meets tensors outside of it.

Inside `torch.autocast` matrix products give half precision. Outside nothing is cast any more, so the result has to be
cast at the border.

```python
import torch
from torch import nn

body, head = nn.Linear(3, 8), nn.Linear(8, 2)
with torch.autocast("cpu", dtype=torch.bfloat16):
    x = body(torch.zeros(4, 3))
y = head(x)  # error: `head(x)` "`x` is bfloat16"
```

```python fixed
import torch
from torch import nn

body, head = nn.Linear(3, 8), nn.Linear(8, 2)
with torch.autocast("cpu", dtype=torch.bfloat16):
    x = body(torch.zeros(4, 3))
y = head(x.float())
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._casts import dtype_fixes
from samedevice.rules._refusals import dtype_findings


@rule(severity=Severity.ERROR)
def autocast_misuse(analysis: Analysis) -> Iterator[Finding]:
    return dtype_findings(analysis, "autocast-misuse", dtype_fixes)
