"""A parameter was moved after it was made, so what is kept is not a parameter any more.

`nn.Parameter(x).to(device)` and `torch.randn(3, requires_grad=True).to(device)` give the result of an operation: it
is not registered, and an optimizer refuses it with `ValueError: can't optimize a non-leaf Tensor`. Move first, then
make the parameter.

```python
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
w = torch.zeros(3, requires_grad=True).to(device)
optimizer = torch.optim.SGD([w], lr=0.1)  # error: "can't optimize a non-leaf Tensor"
```

```python fixed
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
w = torch.zeros(3, requires_grad=True, device=device)
optimizer = torch.optim.SGD([w], lr=0.1)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis, LostParameter
from samedevice.rules import _words as words
from samedevice.rules import rule
from samedevice.rules._leaf_fixes import leaf_fixes, parameter_last
from samedevice.rules._offers import offered
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding


@rule(severity=Severity.ERROR)
def non_leaf_parameter(analysis: Analysis) -> Iterator[Finding]:
    for fact in analysis.all(LostParameter):
        message = (
            f"`{fact.slot.attribute}` of {fact.slot.class_name} is a plain tensor: "
            f"`.{fact.method}()` of a parameter gives the result of an operation, which is not registered"
        )
        fixes = offered(parameter_last(analysis, fact.node)) if fact.source is analysis.source else ()
        yield Finding(fact.source, fact.source.span(fact.node), message, Severity.WARNING, fixes=fixes)
    for refused in refusals(analysis, "non-leaf-parameter"):
        operand = refused.operands[0] if refused.operands else None
        name = words.name(operand, refused) if operand and operand.text else "a parameter"
        yield finding(analysis, refused, f"{name} is the result of an operation", leaf_fixes)
