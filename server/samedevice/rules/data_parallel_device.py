"""A network wrapped for several GPUs is not on the first of them.

`nn.DataParallel` copies the network from `device_ids[0]`: it has to be there when it is called.

```python
import torch
from torch import nn

model = nn.DataParallel(nn.Linear(3, 4))
y = model(torch.zeros(8, 3, device="cuda"))  # error: "device_ids[0]"
```

```python fixed
import torch
from torch import nn

model = nn.DataParallel(nn.Linear(3, 4).cuda())
y = model(torch.zeros(8, 3, device="cuda"))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import _words as words
from samedevice.rules import rule
from samedevice.rules._parallel_fixes import parallel_fixes
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding


@rule(severity=Severity.ERROR)
def data_parallel_device(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "data-parallel-device"):
        operand = fact.operands[0] if fact.operands else None
        said = f"the wrapped network is on {words.device(operand, fact)}" if operand else ""
        yield finding(analysis, fact, said, parallel_fixes)
