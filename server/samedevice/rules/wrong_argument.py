"""An argument is not of a kind that the operation takes.

Most often a method was not called: `x.cuda` instead of `x.cuda()`.

```python
import torch

x = torch.zeros(3).cuda
y = torch.relu(x)  # error: `torch.relu(x)` "must be Tensor"
```

```python fixed
import torch

x = torch.zeros(3).cuda()
y = torch.relu(x)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._loader_fixes import called_fixes
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding
from samedevice.values.value import Method


@rule(severity=Severity.ERROR)
def wrong_argument(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "wrong-argument"):
        # What kind of thing callers pass is a guess, and no ground for this.
        guessed = fact.contract and "must be Tensor" in fact.text
        if not guessed or any(isinstance(one.value, Method) for one in fact.operands):
            yield finding(analysis, fact, "", called_fixes)
