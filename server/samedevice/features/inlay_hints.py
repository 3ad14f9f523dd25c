"""What is known of each assignment, written beside it."""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.dataclass import dataclass
from samedevice.features import show
from samedevice.features.known import Known
from samedevice.values.condition import Choice
from samedevice.values.value import Array, DeviceValue, DTypeValue, Tensor, Value

_TARGETS = ("assign", "for", "with")


@dataclass(frozen=True, slots=True)
class Hint:
    """A text behind a place, counted from 1."""

    line: int
    column: int
    label: str
    tooltip: str


def inlay_hints(known: Known, first: int, last: int, *, everything: bool) -> Iterator[Hint]:
    """The hints of some lines: devices and dtypes, or everything that is known."""
    for node, bindings in known.by_node.items():
        if not first <= getattr(node, "lineno", 0) <= last:
            continue
        kind = bindings[0].kind
        if kind not in _TARGETS and not (kind == "parameter" and known.function_name(node) == "forward"):
            continue
        values = [show.merged(binding.value) for binding in bindings]
        labels = {_label(value, everything=everything) for value in values}
        label = labels.pop() if len(labels) == 1 else ""
        if label:
            span = known.span(node)
            tooltip = show.text(values[-1], getattr(known.analysis, "describe", None))
            yield Hint(span.end_line, span.end_column, label, f"{bindings[0].name}: {tooltip}")


def _label(value: Value, *, everything: bool) -> str:
    """What a hint says of a value; "" for nothing."""
    match value:
        case Tensor() if not everything:
            parts = [show.facet(value.dtype), show.facet(value.device)]
            return "" if parts == ["?", "?"] else " · ".join(parts)
        case Array() if not everything:
            return f"numpy {show.facet(value.dtype)}"
        case Tensor() | Array() | DeviceValue() | DTypeValue():
            return show.text(value)
        case Choice() if everything:
            words = show.text(value)
            return "" if words == "?" else words
        case _:
            return ""
