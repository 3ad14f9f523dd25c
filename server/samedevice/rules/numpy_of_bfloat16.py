"""A tensor of a dtype that NumPy does not have is given to it.

NumPy has no bfloat16: `TypeError: Got unsupported ScalarType BFloat16`.

```python
import torch

x = torch.zeros(3, dtype=torch.bfloat16)
a = x.numpy()  # error: `x.numpy()` "`x` is bfloat16"
```

```python fixed
import torch

x = torch.zeros(3, dtype=torch.bfloat16)
a = x.float().numpy()
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._numpy_fixes import numpy_fixes
from samedevice.rules._refusals import one_findings


@rule(severity=Severity.ERROR)
def numpy_of_bfloat16(analysis: Analysis) -> Iterator[Finding]:
    return one_findings(analysis, "numpy-of-bfloat16", numpy_fixes, about="dtype")
