"""The lengths of a packed sequence are on an accelerator, but they must be on the CPU.

`pack_padded_sequence` reads the lengths in Python: `'lengths' argument should be a 1D CPU int64 tensor`.

```python
import torch
from torch.nn.utils.rnn import pack_padded_sequence

x = torch.zeros(2, 5, 3, device="cuda")
lengths = torch.tensor([5, 3], device="cuda")
packed = pack_padded_sequence(x, lengths, batch_first=True)  # error: "`lengths` is on cuda:0"
```

```python fixed
import torch
from torch.nn.utils.rnn import pack_padded_sequence

x = torch.zeros(2, 5, 3, device="cuda")
lengths = torch.tensor([5, 3], device="cuda")
packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._numpy_fixes import lengths_fixes
from samedevice.rules._refusals import one_findings


@rule(severity=Severity.ERROR)
def lengths_on_accelerator(analysis: Analysis) -> Iterator[Finding]:
    return one_findings(analysis, "lengths-on-accelerator", lengths_fixes, about="device")
