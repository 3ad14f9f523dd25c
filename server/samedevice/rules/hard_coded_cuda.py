"""A device is written out in a file that chooses its device in a variable.

`.cuda()` and `"cuda"` fail on a machine without CUDA, where `device` would have been the CPU, and on a second GPU.

```python
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
x = torch.zeros(3).cuda()  # information: `torch.zeros(3).cuda()` "`device`"
```

```python fixed
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
x = torch.zeros(3).to(device)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._hard_coded import by_variable, hard_coded
from samedevice.rules._offers import offered


@rule(severity=Severity.INFORMATION)
def hard_coded_cuda(analysis: Analysis) -> Iterator[Finding]:
    for call, given, variable in hard_coded(analysis):
        what = analysis.source.text_of(given) if given is not None else ".cuda()"
        message = (
            f"{what} is written out although `{variable}` chooses the device: this fails on a machine without CUDA"
        )
        yield Finding(
            analysis.source,
            analysis.source.span(call),
            message,
            Severity.INFORMATION,
            machine="cpu",
            fixes=offered(by_variable(analysis, call, given, variable)),
        )
