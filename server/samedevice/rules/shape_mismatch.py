"""The sizes of tensors do not fit an operation.

```python
import torch
from torch import nn

layer = nn.Linear(4, 2)
y = layer(torch.zeros(8, 3))  # error: "shapes"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis, Operand
from samedevice.rules import _words as words
from samedevice.rules import rule
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding, no_fixes
from samedevice.values.value import Tensor, sizes_text


@rule(severity=Severity.ERROR)
def shape_mismatch(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "shape-mismatch"):
        tensors = [one for one in fact.operands if isinstance(one.value, Tensor) and one.value.shape is not None]
        said = ", ".join(f"{words.name(one, fact)} is {shape(one)}" for one in tensors[:2])
        yield finding(analysis, fact, said, no_fixes)


def shape(operand: Operand) -> str:
    """The sizes of an operand: `[2, 3]`."""
    sizes = operand.value.shape if isinstance(operand.value, Tensor) else None
    return sizes_text(sizes or ())
