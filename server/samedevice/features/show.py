"""The readable form of a value: one form for hovers, `reveal_type` and `infer`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samedevice.dataclass import replace
from samedevice.values.condition import Choice, chosen
from samedevice.values.device import Device, SymDevice
from samedevice.values.dtype import DType, SymDType
from samedevice.values.unknown import Unknown
from samedevice.values.value import (
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Library,
    Many,
    Method,
    Ref,
    Scalar,
    Shape,
    Slice,
    Tensor,
    Tuple,
    Value,
    sizes_text,
)

Describe = Callable[[Ref], str]
"""What stands on the heap at an address, in words."""

_LONGEST = 60
_MOST_ITEMS = 8
_DEEPEST = 4


def text(value: Value, heap_names: Describe | None = None, depth: int = 0) -> str:
    """A value as a person reads it: `Tensor[float32, cuda:0, [2, 3]]`, `?` for what is not known."""
    if depth > _DEEPEST:
        return "..."
    match value:
        case Choice():
            plain = merged(value)
            if isinstance(plain, Choice):
                yes, no = text(plain.yes, heap_names, depth + 1), text(plain.no, heap_names, depth + 1)
                return yes if yes == no else f"{yes} if {plain.key.text} else {no}"
            return text(plain, heap_names, depth)
        case Tensor():
            name = "Parameter" if value.parameter else "Tensor"
            return f"{name}[{_listed(facet(value.dtype), facet(value.device), value.shape)}]"
        case Array():
            if value.scalar:
                return f"numpy.{facet(value.dtype)}"
            return f"ndarray[{_listed(facet(value.dtype), None, value.shape)}]"
        case Const():
            return _short(repr(value.value))
        case Scalar():
            return value.type
        case Tuple():
            return _tuple(value, heap_names, depth)
        case Many():
            item = text(value.item, heap_names, depth + 1)
            return f"tuple[{item}, ...]" if value.type == "tuple" else f"{value.type}[{item}]"
        case Slice():
            parts = (value.start, value.stop, value.step)
            return f"slice({', '.join(text(part, heap_names, depth + 1) for part in parts)})"
        case DeviceValue():
            return f"device[{facet(value.device)}]"
        case DTypeValue():
            return _dtype(value)
        case Library():
            return value.name
        case Method():
            return f"{text(value.receiver, heap_names, depth + 1)}.{value.name}"
        case Ref():
            return heap_names(value) if heap_names else "object"
        case Unknown():
            return "?"


def facet(value: Any) -> str:
    """A device or dtype: by its name, by the symbol's text, by both sides of an open condition, or `?`."""
    match value:
        case Device() | DType() | SymDevice() | SymDType():
            return str(value)
        case Choice():
            yes, no = facet(value.yes), facet(value.no)
            return yes if yes == no else f"{yes} if {value.key.text} else {no}"
        case Unknown(text=str(known)) if known:
            return known
        case _:
            return "?"


def merged(value: Value) -> Value:
    """One tensor (array, device, ...) with open facets instead of a choice between several, where they allow it."""
    if not isinstance(value, Choice):
        return value
    yes, no = merged(value.yes), merged(value.no)
    match yes, no:
        case Tensor(), Tensor():
            return replace(
                yes,
                device=chosen(value.key, yes.device, no.device),
                dtype=chosen(value.key, yes.dtype, no.dtype),
                shape=_common_shape(yes.shape, no.shape),
                parameter=yes.parameter and no.parameter,
                requires_grad=yes.requires_grad if yes.requires_grad == no.requires_grad else None,
            )
        case Array(), Array() if yes.scalar == no.scalar:
            dtype = chosen(value.key, yes.dtype, no.dtype)
            return replace(yes, dtype=dtype, shape=_common_shape(yes.shape, no.shape))
        case DeviceValue(), DeviceValue():
            return replace(yes, device=chosen(value.key, yes.device, no.device))
        case DTypeValue(), DTypeValue() if yes.numpy == no.numpy:
            return replace(yes, dtype=chosen(value.key, yes.dtype, no.dtype))
        case _:
            return chosen(value.key, yes, no)


def _common_shape(yes: Shape | None, no: Shape | None) -> Shape | None:
    """The sizes that two shapes of one rank share."""
    if yes is None or no is None or len(yes) != len(no):
        return None
    return tuple(one if one == other else None for one, other in zip(yes, no, strict=True))


def _listed(dtype: str, device: str | None, sizes: Shape | None) -> str:
    """The facets of a tensor, in their order."""
    parts = [dtype, *([] if device is None else [device]), *([] if sizes is None else [sizes_text(sizes)])]
    return ", ".join(parts)


def _dtype(value: DTypeValue) -> str:
    """A dtype as it is written in a program."""
    if isinstance(value.dtype, DType):
        return f"{'numpy' if value.numpy else 'torch'}.{value.dtype}"
    return f"dtype[{facet(value.dtype)}]"


def _tuple(value: Tuple, heap_names: Describe | None, depth: int) -> str:
    """A tuple or list of known length."""
    items = [text(item, heap_names, depth + 1) for item in value.items[:_MOST_ITEMS]]
    if len(value.items) > _MOST_ITEMS:
        items.append("...")
    if value.type == "list":
        return f"[{', '.join(items)}]"
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _short(written: str) -> str:
    """A constant's text, cut where it is long."""
    return written if len(written) <= _LONGEST else f"{written[: _LONGEST - 4]}...{written[-1]}"
