"""A checkpoint is loaded without saying where to.

`torch.load` puts tensors where they were saved: a file from a GPU does not load on a machine without one, and one
from `cuda:1` takes memory there. `map_location=device` says where they should go.

```python
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
state = torch.load("model.pt")  # information: `torch.load("model.pt")` "map_location"
```

```python fixed
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
state = torch.load("model.pt", map_location=device)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis, Loaded
from samedevice.rules import rule
from samedevice.rules._loader_fixes import mapped
from samedevice.rules._offers import offered


@rule(severity=Severity.INFORMATION)
def load_without_map_location(analysis: Analysis) -> Iterator[Finding]:
    for fact in analysis.all(Loaded):
        message = "torch.load without map_location: what was saved on a GPU does not load on a machine without one"
        fixes = offered(mapped(analysis, fact)) if fact.source is analysis.source else ()
        yield Finding(
            fact.source, fact.source.span(fact.node), message, Severity.INFORMATION, machine="cpu", fixes=fixes
        )
