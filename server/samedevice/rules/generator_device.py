"""A random generator is on another device than the tensor it fills.

`torch.Generator()` is a CPU generator; random numbers on a GPU need `torch.Generator(device="cuda")`. Shuffling
loaders and `random_split` draw on the default device.

```python
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
generator = torch.Generator()
noise = torch.randn(3, generator=generator, device=device)  # error: "cpu"
```

```python fixed
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
generator = torch.Generator(device=device)
noise = torch.randn(3, generator=generator, device=device)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._generators import generator_fixes, said
from samedevice.rules._provenance import refusals
from samedevice.rules._refusals import finding


@rule(severity=Severity.ERROR)
def generator_device(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "generator-device"):
        yield finding(analysis, fact, said(fact), generator_fixes)
