"""A mask is not of dtype bool, or a bool mask is calculated with.

`masked_fill`, `masked_select` and `where` want bool; the other way round `1 - mask` is refused for a bool mask: write
`~mask`.

```python
import torch

scores = torch.zeros(3)
mask = torch.tensor([0, 1, 1])
y = scores.masked_fill(mask, 1.0)  # error: "`mask` is int64"
```

```python fixed
import torch

scores = torch.zeros(3)
mask = torch.tensor([0, 1, 1], dtype=torch.bool)
y = scores.masked_fill(mask, 1.0)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._index_fixes import mask_fixes
from samedevice.rules._refusals import one_findings


@rule(severity=Severity.ERROR)
def mask_dtype(analysis: Analysis) -> Iterator[Finding]:
    return one_findings(analysis, "mask-dtype", mask_fixes, about="dtype", of=("mask", "attn_mask", "condition"))
