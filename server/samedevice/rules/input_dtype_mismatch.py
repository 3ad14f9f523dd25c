"""A network and its input are of different dtypes.

Layers do not promote. Most often the input comes from NumPy, whose floats are float64, or the network was cast with
`.half()`.

```python
import numpy as np
import torch
from torch import nn

model = nn.Linear(3, 4)
x = torch.from_numpy(np.zeros((2, 3)))
y = model(x)  # error: `model(x)` "`x` is float64"
```

```python fixed
import numpy as np
import torch
from torch import nn

model = nn.Linear(3, 4)
x = torch.from_numpy(np.zeros((2, 3))).float()
y = model(x)
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
def input_dtype_mismatch(analysis: Analysis) -> Iterator[Finding]:
    return dtype_findings(analysis, "input-dtype-mismatch", dtype_fixes)
