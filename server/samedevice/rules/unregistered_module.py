"""Layers or parameters in a plain list, tuple or dict of a network are not part of it.

`parameters()` does not find them, so an optimizer never trains them and `.to(device)` never moves them.
`nn.ModuleList`, `nn.ModuleDict`, `nn.ParameterList` and `nn.ParameterDict` are containers that register what they
hold.

```python
from torch import nn


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = [nn.Linear(3, 1) for _ in range(4)]  # warning: `[nn.Linear(3, 1) for _ in range(4)]` "plain list"
```

```python fixed
from torch import nn


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = nn.ModuleList([nn.Linear(3, 1) for _ in range(4)])
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis, NotRegistered
from samedevice.rules import rule
from samedevice.rules._device_fixes import device_fixes
from samedevice.rules._network_fixes import contained
from samedevice.rules._offers import offered
from samedevice.rules._refusals import device_findings


@rule(severity=Severity.ERROR)
def unregistered_module(analysis: Analysis) -> Iterator[Finding]:
    for fact in analysis.all(NotRegistered):
        kind = "layers" if fact.holds == "networks" else "parameters"
        message = (
            f"`{fact.slot.attribute}` of {fact.slot.class_name} keeps {kind} in a plain {fact.container}: "
            f"they are not among its parameters and do not move with it"
        )
        here = fact.source is analysis.source
        fixes = offered(contained(analysis, fact)) if here else ()
        yield Finding(fact.source, fact.source.span(fact.node), message, Severity.WARNING, fixes=fixes)
    yield from device_findings(analysis, "unregistered-module", device_fixes)
