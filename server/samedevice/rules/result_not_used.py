"""The result of moving or casting a tensor is thrown away.

`x.to(device)`, `x.cuda()` and `x.float()` give another tensor and leave `x` as it is; only networks are moved in
place.

```python
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
x = torch.zeros(3)
x.to(device)  # warning: `x.to(device)` "`x` stays"
```

```python fixed
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
x = torch.zeros(3)
x = x.to(device)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis, Dropped
from samedevice.rules import rule
from samedevice.rules._device_fixes import kept
from samedevice.rules._offers import offered


@rule(severity=Severity.WARNING)
def result_not_used(analysis: Analysis) -> Iterator[Finding]:
    for fact in analysis.all(Dropped):
        what = fact.receiver.text or "the tensor"
        message = f"`{what}` stays as it is: `.{fact.method}()` of a tensor gives another one, and that is thrown away"
        fixes = offered(kept(analysis, fact)) if fact.source is analysis.source else ()
        yield Finding(fact.source, fact.source.span(fact.node), message, Severity.WARNING, fixes=fixes)
