"""Tensors of different dtypes meet where PyTorch does not promote.

`+` and `torch.cat` promote; matrix products, `torch.einsum`, `torch.dot`, `scatter` and their kin want one dtype.

```python
import torch

a = torch.zeros(2, 3)
b = torch.zeros(3, 4, dtype=torch.float64)
c = a @ b  # error: `a @ b` "`b` is float64"
```

```python fixed
import torch

a = torch.zeros(2, 3)
b = torch.zeros(3, 4, dtype=torch.float32)
c = a @ b
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
def dtype_mismatch(analysis: Analysis) -> Iterator[Finding]:
    return dtype_findings(analysis, "dtype-mismatch", dtype_fixes)
