"""Which values may be keys of a dict that we keep apart."""

from __future__ import annotations

from collections.abc import Hashable

from samedevice.values.unknown import Unknown
from samedevice.values.value import Const, DeviceValue, DTypeValue, Library, Ref, Scalar, Tensor, Tuple, Value


def key_of(value: Value) -> Hashable:
    """Something hashable that is equal exactly where Python's keys are; None where that is not known."""
    match value:
        case Const(value=bool() | None):
            return ("const", value.value)
        case Const():
            return value.value if isinstance(value.value, Hashable) else None
        case Ref():
            return ("ref", value.address)
        case Tensor() if value.cell is not None:
            return ("cell", value.cell)
        case DeviceValue() | DTypeValue() | Library():
            return value
        case Scalar() | Unknown() if value.symbol:
            return ("symbol", value.symbol)
        case Tuple():
            parts = tuple(key_of(item) for item in value.items)
            return None if None in parts else parts
    return None
