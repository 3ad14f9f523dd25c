"""A tensor does not have the sizes that an annotation states for it.

Told of annotations that write the sizes out: jaxtyping's `Float[Tensor, "batch 3"]`,
`Annotated[Tensor, Shape("B", 3)]` and `Tensor[[2, 3]]`. PyTorch itself does not look at them; a checker at run time,
such as jaxtyping's, raises. Only numbers are compared, and how many sizes there are: sizes of different names may be
the same.

```python
from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor

if TYPE_CHECKING:
    from jaxtyping import Float

def colours(images: Float[Tensor, "batch 3 height width"]) -> Float[Tensor, "batch 4"]:
    return images.mean((2, 3))  # warning: `images.mean((2, 3))` "states [batch, 4]"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis, Contradicted
from samedevice.rules import rule
from samedevice.values.value import sizes_text


@rule(severity=Severity.WARNING)
def contradicted_annotation(analysis: Analysis) -> Iterator[Finding]:
    for fact in analysis.all(Contradicted):
        message = f"`{fact.text}` is {sizes_text(fact.shape)}, but its annotation states {sizes_text(fact.stated)}"
        yield Finding(fact.source, fact.source.span(fact.node), message, Severity.WARNING)
