"""What is known of the name or expression at a place, why, and when nothing is known, why not."""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.dataclass import dataclass
from samedevice.features import show
from samedevice.features.known import Found, Known
from samedevice.interpret.analysis import Analysis
from samedevice.syntax.source import SourceFile, Span
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown
from samedevice.values.value import Array, DeviceValue, Origin, Ref, Tensor, Value

_MOST = 3
"""Different values of one name that are shown."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of why a value is what it is."""

    words: str
    source: SourceFile | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Hover:
    """What to show at a span."""

    span: Span
    name: str
    texts: tuple[str, ...]
    reasons: tuple[Reason, ...]


def hover(known: Known, line: int, column: int) -> Hover | None:
    """What is known at a place, counted from 1; None where there is nothing to say."""
    found = known.at(line, column)
    return None if found is None else _hover(known.analysis, found, known)


def _hover(analysis: Analysis, found: Found, known: Known) -> Hover | None:
    texts: dict[str, Value] = {}
    for binding in found.bindings:
        value = show.merged(binding.value)
        texts.setdefault(show.text(value, getattr(analysis, "describe", None)), value)
    if all(isinstance(value, Ref) and words == "object" for words, value in texts.items()):
        return None
    shown = dict(list(texts.items())[:_MOST])
    reasons = [reason for value in shown.values() for reason in _reasons(value)]
    name = found.name if len(found.name) <= 60 else f"{found.name[:57]}..."
    return Hover(known.span(found.node), name, tuple(shown), tuple(dict.fromkeys(reasons)))


def _reasons(value: Value) -> Iterator[Reason]:
    """Why a value is what it is."""
    match value:
        case Tensor():
            yield from _facet("device", show.facet(value.device), value.device, value.device_from)
            yield from _facet("dtype", show.facet(value.dtype), value.dtype, value.dtype_from)
            if value.shape is None:
                yield Reason("its shape is not known")
        case Array():
            yield from _facet("dtype", show.facet(value.dtype), value.dtype, value.dtype_from)
        case DeviceValue():
            yield from _facet("device", show.facet(value.device), value.device, value.origin)
        case Unknown():
            yield Reason(f"not known: {value.why.value}")
        case Choice():
            yield from _reasons(value.yes)
            yield from _reasons(value.no)


def _facet(kind: str, text: str, facet: object, origin: Origin | None) -> Iterator[Reason]:
    """Why a device or dtype is what it is."""
    if isinstance(facet, Unknown):
        yield Reason(f"{kind} not known: {facet.why.value}")
    elif origin is not None:
        place = origin.place
        if place is not None and hasattr(place.node, "lineno"):
            yield Reason(f"{kind} {text}: {origin.words}", place.source, place.source.span(place.node))
        else:
            yield Reason(f"{kind} {text}: {origin.words}")
