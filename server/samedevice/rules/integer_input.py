"""An integer or bool tensor is used where floating-point numbers are needed.

Layers, means, norms and gradients have no meaning for integers, and PyTorch does not convert them by itself.

```python
import torch

hits = torch.tensor([0, 1, 1])
accuracy = hits.mean()  # error: `hits.mean()` "`hits` is int64"
```

```python fixed
import torch

hits = torch.tensor([0, 1, 1])
accuracy = hits.float().mean()
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import _words as words
from samedevice.rules import rule
from samedevice.rules._casts import first_tensor, odd_dtype
from samedevice.rules._index_fixes import float_fixes
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding


@rule(severity=Severity.ERROR)
def integer_input(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "integer-input"):
        sides = odd_dtype(fact)
        odd = sides[0] if sides else first_tensor(fact)
        said = f"{words.name(odd, fact)} is {words.dtype(odd, fact)}" if odd else ""
        yield finding(analysis, fact, said, float_fixes)
