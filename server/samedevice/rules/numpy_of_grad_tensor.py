"""A tensor that requires grad is given to NumPy, which knows no gradients.

PyTorch refuses to lose a gradient silently: `Can't call numpy() on Tensor that requires grad`. Say so with
`.detach()`.

```python
import torch

x = torch.zeros(3, requires_grad=True)
a = x.numpy()  # error: `x.numpy()` "requires grad"
```

```python fixed
import torch

x = torch.zeros(3, requires_grad=True)
a = x.detach().numpy()
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
def numpy_of_grad_tensor(analysis: Analysis) -> Iterator[Finding]:
    return one_findings(analysis, "numpy-of-grad-tensor", numpy_fixes, about="device")
