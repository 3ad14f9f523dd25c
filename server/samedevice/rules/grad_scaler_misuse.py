"""A gradient scaler is used in a way it refuses.

Trained weights stay in float32 (`Attempting to unscale FP16 gradients`), autocast does the casting, and `unscale_` is
called once for each step.

```python
import torch
from torch import nn

model = nn.Linear(3, 1).cuda().half()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cuda")
scaler.scale(model(torch.zeros(2, 3, device="cuda").half()).sum()).backward()
scaler.unscale_(optimizer)  # error: `scaler.unscale_(optimizer)` "FP16"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._parallel_fixes import scaler_fixes
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding


@rule(severity=Severity.ERROR)
def grad_scaler_misuse(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "grad-scaler-misuse"):
        yield finding(analysis, fact, "", scaler_fixes)
