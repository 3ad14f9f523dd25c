"""An optimizer still holds parameters that the network does not have any more.

The optimizer keeps the tensors it was given. A layer that is replaced afterwards is never trained. Build the
optimizer last.

```python
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(3, 1)


net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
net.head = nn.Linear(3, 2)  # warning: `net.head = nn.Linear(3, 2)` "optimizer"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Related, Severity
from samedevice.interpret.analysis import Analysis, Replaced
from samedevice.rules import rule


@rule(severity=Severity.WARNING)
def stale_parameters(analysis: Analysis) -> Iterator[Finding]:
    for fact in analysis.all(Replaced):
        line = getattr(fact.optimizer.node, "lineno", 0)
        message = (
            f"`{fact.slot.attribute}` of {fact.slot.class_name} is replaced after line {line} gave its parameters "
            f"to an optimizer: the new ones are not trained"
        )
        related = Related(fact.optimizer.source, fact.optimizer.source.span(fact.optimizer.node), "the optimizer")
        span = fact.source.span(fact.node)
        yield Finding(fact.source, span, message, Severity.WARNING, related=(related,))
