"""Devices and dtypes as arguments give them."""

from __future__ import annotations

from samedevice.values.device import ACCELERATORS, CPU, META, AnyDevice, Device, SymDevice
from samedevice.values.dtype import BOOL, COMPLEX128, FLOAT64, INT64, AnyDType, SymDType, dtype_named
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, DeviceValue, DTypeValue, Scalar, Tensor, Value

_NUMPY_NAMES = {
    "float": "float64",
    "float_": "float64",
    "double": "float64",
    "single": "float32",
    "half": "float16",
    "int": "int64",
    "int_": "int64",
    "intp": "int64",
    "long": "int64",
    "longlong": "int64",
    "intc": "int32",
    "short": "int16",
    "byte": "int8",
    "ubyte": "uint8",
    "bool": "bool",
    "bool_": "bool",
    "complex": "complex128",
    "complex_": "complex128",
    "cdouble": "complex128",
    "csingle": "complex64",
    "f": "float32",
    "f4": "float32",
    "f8": "float64",
    "f2": "float16",
    "d": "float64",
    "e": "float16",
    "i": "int32",
    "i1": "int8",
    "i2": "int16",
    "i4": "int32",
    "i8": "int64",
    "l": "int64",
    "u1": "uint8",
    "B": "uint8",
    "b": "int8",
    "?": "bool",
    "b1": "bool",
    "c8": "complex64",
    "c16": "complex128",
    "u2": "uint16",
    "u4": "uint32",
    "u8": "uint64",
}
"""What numpy calls dtypes, where torch means something else or nothing by it."""

PYTHON_DTYPES = {
    "builtins.bool": BOOL,
    "builtins.int": INT64,
    "builtins.float": FLOAT64,
    "builtins.complex": COMPLEX128,
}
"""Python's number types where a dtype is wanted: torch and numpy agree on them."""


def device_named(text: str) -> AnyDevice:
    """The device that `torch.device(text)` is, with the index of the current one where it has none."""
    kind, _, index = text.partition(":")
    if kind == "cpu":
        return CPU
    if kind == "meta":
        return META
    if kind not in ACCELERATORS or (index and not index.isdigit()):
        return Unknown(Why.NOT_MODELLED)
    return Device(kind, int(index) if index else 0)


def with_index(device: AnyDevice) -> AnyDevice:
    """Where tensors go that are made on a device: an accelerator without an index is the current one."""
    if isinstance(device, Device) and device.index is None and device.accelerator:
        return Device(device.kind, 0)
    return device


def device_of(value: Value, default: AnyDevice = CPU, machine: str = "cuda") -> AnyDevice:
    """The device that an argument names; `default` for None."""
    match value:
        case DeviceValue(device=device):
            return with_index(device)
        case Const(value=None):
            return with_index(default)
        case Const(value=str() as text):
            return device_named(text)
        case Const(value=bool()):
            return Unknown(Why.NOT_MODELLED)
        case Const(value=int() as index):
            return Device("mps" if machine == "mps" else "cuda", index)
        case Scalar(type=kind, symbol=symbol, text=text) if symbol and kind in ("str", "int"):
            return SymDevice(symbol, text)
        case Unknown() as unknown:
            return SymDevice(unknown.symbol, unknown.text) if unknown.symbol else unknown
    return Unknown(Why.NOT_MODELLED)


def is_device(value: Value) -> bool | None:
    """Whether an argument names a device: None where that is not known."""
    match value:
        case DeviceValue():
            return True
        case Const(value=inner):
            return isinstance(inner, str | int) and not isinstance(inner, bool)
        case Scalar(type=kind):
            return kind in ("str", "int")
        case Unknown():
            return None
    return False


def dtype_of(value: Value, *, numpy: bool = False) -> AnyDType | None:
    """The dtype that an argument names; None where it names none."""
    match value:
        case DTypeValue(dtype=dtype):
            return dtype
        case Const(value=None):
            return None
        case Const(value=str() as text):
            return _dtype_text(text, numpy)
        case Unknown(symbol=symbol, text=text) if symbol:
            return SymDType(symbol, text)
        case Unknown() as unknown:
            return unknown
        case Scalar() | Tensor():
            return Unknown(Why.NOT_MODELLED)
    return Unknown(Why.NOT_MODELLED)


def _dtype_text(text: str, numpy: bool) -> AnyDType:
    name = text.removeprefix("torch.").lstrip("<=|>") if numpy else text.removeprefix("torch.")
    found = dtype_named(_NUMPY_NAMES.get(name, name) if numpy else name)
    return found if found is not None else Unknown(Why.NOT_MODELLED)
