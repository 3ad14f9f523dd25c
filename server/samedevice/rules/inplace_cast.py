"""The result of an in-place operation does not fit the dtype of the tensor it is written to.

`counts += 0.5` would have to put floats into integers: `result type Float can't be cast to the desired output type
Long`. Casting the floats first would make integers of them, so that is not offered.

```python
import torch

total = torch.tensor([1, 2])
step = torch.tensor([0.5, 0.5])
total += step  # error: `total += step` "`total` is int64"
```

```python fixed
import torch

total = torch.tensor([1, 2])
step = torch.tensor([0.5, 0.5])
total = total + step
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._casts import in_place_fixes
from samedevice.rules._refusals import one_findings


@rule(severity=Severity.ERROR)
def inplace_cast(analysis: Analysis) -> Iterator[Finding]:
    return one_findings(analysis, "inplace-cast", in_place_fixes, about="dtype")
