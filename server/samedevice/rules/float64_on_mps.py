"""A float64 tensor goes to Apple's GPU, which has no float64.

NumPy's floats are float64: cast to float32 before the tensor is moved.

```toml
machine = "mps"
```

```python
import numpy as np
import torch

x = torch.from_numpy(np.zeros(3))
y = x.to("mps")  # error: `x.to("mps")` "`x` is float64"
```

```python fixed
import numpy as np
import torch

x = torch.from_numpy(np.zeros(3)).float()
y = x.to("mps")
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
def float64_on_mps(analysis: Analysis) -> Iterator[Finding]:
    return one_findings(analysis, "float64-on-mps", kernel_fixes, about="dtype")
