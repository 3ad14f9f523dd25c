"""An operation has no implementation for a dtype.

Linear algebra and some losses exist for float32 and float64 only; other operations exist for floats or for integers
only.

```python
import torch

a = torch.eye(3, dtype=torch.float16)
b = torch.linalg.inv(a)  # error: `torch.linalg.inv(a)` "`a` is float16"
```

```python fixed
import torch

a = torch.eye(3, dtype=torch.float16)
b = torch.linalg.inv(a.float())
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._casts import kernel_fixes
from samedevice.rules._refusals import one_findings


@rule(severity=Severity.ERROR)
def missing_kernel(analysis: Analysis) -> Iterator[Finding]:
    return one_findings(analysis, "missing-kernel", kernel_fixes, about="dtype")
