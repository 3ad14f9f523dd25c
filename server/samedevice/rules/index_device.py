"""An index on an accelerator goes into a tensor on the CPU.

A CPU index into a tensor on a GPU is fine; the other way round raises `RuntimeError: indices should be either on cpu
or on the same device as the indexed tensor (cpu)`.

```python
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
table = torch.rand(10)
places = torch.randint(0, 10, (4,), device=device)
picked = table[places]  # error: `table[places]` "`table` is on cpu"
```

```python fixed
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
table = torch.rand(10, device=device)
places = torch.randint(0, 10, (4,), device=device)
picked = table[places]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._device_fixes import device_fixes
from samedevice.rules._refusals import device_findings


@rule(severity=Severity.ERROR)
def index_device(analysis: Analysis) -> Iterator[Finding]:
    return device_findings(analysis, "index-device", device_fixes)
