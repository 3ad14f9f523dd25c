"""An index is not of an integer dtype.

Indices of tensors, embeddings, `gather` and `scatter` are int64 (some take int32), masks are bool.

```python
import torch
from torch import nn

table = nn.Embedding(10, 4)
places = torch.zeros(3)
y = table(places)  # error: `table(places)` "`places` is float32"
```

```python fixed
import torch
from torch import nn

table = nn.Embedding(10, 4)
places = torch.zeros(3, dtype=torch.int64)
y = table(places)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import rule
from samedevice.rules._index_fixes import index_fixes
from samedevice.rules._refusals import one_findings


@rule(severity=Severity.ERROR)
def index_dtype(analysis: Analysis) -> Iterator[Finding]:
    return one_findings(analysis, "index-dtype", index_fixes, about="dtype", of=("index", "indices", "key"))
