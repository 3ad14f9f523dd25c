"""The target of a loss is of a dtype that the loss does not take.

Class indices are int64 (`cross_entropy`, `nll_loss`); targets of `binary_cross_entropy` are floats like the
prediction.

```python
import torch
from torch.nn import functional as F

logits = torch.zeros(2, 3)
target = torch.tensor([0, 2], dtype=torch.int32)
loss = F.cross_entropy(logits, target)  # error: "`target` is int32"
```

```python fixed
import torch
from torch.nn import functional as F

logits = torch.zeros(2, 3)
target = torch.tensor([0, 2], dtype=torch.int64)
loss = F.cross_entropy(logits, target)
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from samedevice.findings import Finding, Fix, Severity
from samedevice.interpret.analysis import Analysis, Refused
from samedevice.rules import _words as words
from samedevice.rules import rule
from samedevice.rules._casts import cast_fixes, target_dtype
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding


@rule(severity=Severity.ERROR)
def loss_target_dtype(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "loss-target-dtype"):
        found = target_dtype(fact)
        said = f"{words.name(found[0], fact)} is {words.dtype(found[0], fact)}" if found else ""
        yield finding(analysis, fact, said, _fixes)


def _fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    found = target_dtype(fact)
    return cast_fixes(analysis, fact, *found) if found else ()
