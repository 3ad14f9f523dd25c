"""The state of an optimizer is on another device than the parameters it trains.

State is made, or loaded by `optimizer.load_state_dict`, on the device that the parameters are on at that time. Move
the network before the optimizer is built and loaded.

```python
import torch
from torch import nn

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = nn.Linear(3, 1)
optimizer = torch.optim.Adagrad(model.parameters())
model.to(device)
model(torch.zeros(2, 3, device=device)).sum().backward()
optimizer.step()  # error: `optimizer.step()` "is on cpu"
```

```python fixed
import torch
from torch import nn

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
model = nn.Linear(3, 1)
model.to(device)
optimizer = torch.optim.Adagrad(model.parameters())
model(torch.zeros(2, 3, device=device)).sum().backward()
optimizer.step()
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import _words as words
from samedevice.rules import rule
from samedevice.rules._device_fixes import device_fixes
from samedevice.rules._provenance import refusals, stray
from samedevice.rules._refusals import finding


@rule(severity=Severity.ERROR)
def optimizer_state_device(analysis: Analysis) -> Iterator[Finding]:
    for fact in refusals(analysis, "optimizer-state-device"):
        sides = stray(fact)
        what = fact.layer.rpartition(".")[2] or "the optimizer"
        said = ""
        if sides is not None:
            said = f"the state of {what} is on {words.device(sides[0], fact)}, "
            said += f"the parameters are on {words.device(sides[1], fact)}"
        yield finding(analysis, fact, said, device_fixes)
