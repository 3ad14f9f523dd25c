"""A constructor like `torch.FloatTensor` is given a device that it does not take.

`torch.FloatTensor`, `torch.LongTensor` and `torch.Tensor` make CPU tensors only. Use `torch.tensor` with `dtype=` and
`device=`.

```python
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
x = torch.FloatTensor([1, 2], device=device)  # error: "legacy constructor"
```

```python fixed
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
x = torch.tensor([1, 2], device=device, dtype=torch.float32)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._loader_fixes import modern_fixes
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding


@rule(severity=Severity.ERROR)
def legacy_constructor(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "legacy-constructor"):
        yield finding(analysis, fact, "", modern_fixes)
