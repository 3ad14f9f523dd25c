"""What is known of every assignment, parameter and return of a file, as plain records."""

from __future__ import annotations

from samedevice.dataclass import dataclass, replace
from samedevice.features import show
from samedevice.interpret.analysis import Analysis, Binding
from samedevice.interpret.run import analyse
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown
from samedevice.values.value import (
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Ref,
    Scalar,
    Shape,
    Tensor,
    Tuple,
    Value,
    size_name,
    sizes_text,
)

Dim = int | str | None


@dataclass(frozen=True, slots=True)
class Inferred:
    """What is known of one target; None where not known."""

    line: int
    column: int
    name: str
    kind: str | None
    device: str | None
    dtype: str | None
    shape: tuple[Dim, ...] | None
    text: str

    def record(self) -> dict[str, object]:
        """The record that `infer` prints."""
        return {
            "line": self.line,
            "column": self.column,
            "name": self.name,
            "kind": self.kind,
            "device": self.device,
            "dtype": self.dtype,
            "shape": None
            if self.shape is None
            else [size_name(dim) if isinstance(dim, str) else dim for dim in self.shape],
            "text": self.text,
        }


def infer(source: SourceFile, settings: Settings) -> list[Inferred]:
    """What is known of each target of a file, in its order."""
    return from_analysis(analyse(source, settings))


def from_analysis(analysis: Analysis) -> list[Inferred]:
    """What an analysis knows of each target."""
    found: dict[tuple[int, int, str], Inferred] = {}
    for binding in analysis.bindings:
        item = _inferred(analysis, binding)
        key = (item.line, item.column, item.name)
        found[key] = _joined(found[key], item) if key in found else item
    return [found[key] for key in sorted(found)]


def _inferred(analysis: Analysis, binding: Binding) -> Inferred:
    """One binding as a record."""
    node = binding.node
    line = getattr(node, "lineno", 1)
    column = analysis.source.column(line, getattr(node, "col_offset", 0))
    value = show.merged(binding.value)
    device, dtype, sizes = _facets(value)
    readable = binding.object_text or show.text(value)
    kind = binding.object_kind or _kind(value)
    return Inferred(line, column, binding.name, kind, device, dtype, sizes, readable)


def _facets(value: Value) -> tuple[str | None, str | None, Shape | None]:
    """Device, dtype and shape, where a value has them and they are known."""
    match value:
        case Tensor():
            return _known(value.device), _known(value.dtype), value.shape
        case Array():
            return None, _known(value.dtype), () if value.scalar else value.shape
        case DeviceValue():
            return _known(value.device), None, None
        case DTypeValue():
            return None, _known(value.dtype), None
        case Choice(yes=Const(value=None), no=other) | Choice(yes=other, no=Const(value=None)):
            return _facets(other)  # an optional tensor
        case _:
            return None, None, None


def _known(facet: object) -> str | None:
    """A facet's text; None where any part of it is not known."""
    return None if _has_unknown(facet) else show.facet(facet)


def _has_unknown(facet: object) -> bool:
    """Whether a facet is not known in some case."""
    if isinstance(facet, Choice):
        return _has_unknown(facet.yes) or _has_unknown(facet.no)
    return isinstance(facet, Unknown)


def _kind(value: Value) -> str | None:
    """The kind of a value: `tensor`, `network`, `int`, ...; None where not known."""
    match value:
        case Tensor():
            return "tensor"
        case Array():
            return "array"
        case DeviceValue():
            return "device"
        case DTypeValue():
            return "dtype"
        case Const():
            return "None" if value.value is None else type(value.value).__name__
        case Scalar() | Tuple():
            return value.type
        case Ref():
            return "object"
        case Choice():
            kinds = {_kind(value.yes), _kind(value.no)} - {"None"}
            return kinds.pop() if len(kinds) == 1 else None
        case _:
            return None


def _joined(one: Inferred, other: Inferred) -> Inferred:
    """What two bindings of one target agree on."""
    if one == other:
        return one
    for nothing, something in ((one, other), (other, one)):
        if nothing.kind == "None" and something.kind is not None:
            return replace(something, text=f"{something.text.removesuffix(' or None')} or None")
    sizes: tuple[Dim, ...] | None = None
    if one.shape is not None and other.shape is not None and len(one.shape) == len(other.shape):
        sizes = tuple(first if first == second else None for first, second in zip(one.shape, other.shape, strict=True))
    kind = one.kind if one.kind == other.kind else None
    device = one.device if one.device == other.device else None
    dtype = one.dtype if one.dtype == other.dtype else None
    readable = one.text if one.text == other.text else _text(kind, device, dtype, sizes)
    return Inferred(one.line, one.column, one.name, kind, device, dtype, sizes, readable)


def _text(kind: str | None, device: str | None, dtype: str | None, sizes: tuple[Dim, ...] | None) -> str:
    """The readable form of what several bindings agree on."""
    if kind == "tensor":
        parts = [dtype or "?", device or "?", *([] if sizes is None else [sizes_text(sizes)])]
        return f"Tensor[{', '.join(parts)}]"
    if kind == "array":
        return f"ndarray[{', '.join([dtype or '?', *([] if sizes is None else [sizes_text(sizes)])])}]"
    return kind or "?"
