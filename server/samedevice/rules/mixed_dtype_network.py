"""Parts of a network are of different dtypes.

A head added to a bfloat16 backbone is float32 until it is cast too, and layers do not promote.

```python
import torch
from torch import nn

body = nn.Linear(3, 8).to(torch.bfloat16)
head = nn.Linear(8, 2)
y = head(body(torch.zeros(4, 3, dtype=torch.bfloat16)))  # error: "is bfloat16"
```

```python fixed
import torch
from torch import nn

body = nn.Linear(3, 8).to(torch.bfloat16)
head = nn.Linear(8, 2)
y = head(body(torch.zeros(4, 3, dtype=torch.bfloat16)).float())
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
def mixed_dtype_network(analysis: Analysis) -> Iterator[Finding]:
    return dtype_findings(analysis, "mixed-dtype-network", dtype_fixes)
