"""A tensor on an accelerator is given to NumPy, which needs CPU memory.

`.numpy()`, `np.asarray`, plotting and scikit-learn raise `TypeError: can't convert cuda:0 device type tensor to
numpy`.

```python
import torch

x = torch.zeros(3, device="cuda")
a = x.numpy()  # error: `x.numpy()` "`x` is on cuda:0"
```

```python fixed
import torch

x = torch.zeros(3, device="cuda")
a = x.cpu().numpy()
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
def numpy_of_accelerator_tensor(analysis: Analysis) -> Iterator[Finding]:
    return one_findings(analysis, "numpy-of-accelerator-tensor", numpy_fixes, about="device")
