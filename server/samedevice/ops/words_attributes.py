"""Words for what a tensor says of itself."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from samedevice.dataclass import replace
from samedevice.ops.call import Call, value_of
from samedevice.ops.outcome import Refusal
from samedevice.ops.words_move import number, python_type
from samedevice.ops.words_shape import known_sizes, total
from samedevice.values.device import Device, SymDevice
from samedevice.values.dtype import DType, is_floating, real_of
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    Const,
    DeviceValue,
    DTypeValue,
    Many,
    Scalar,
    Tensor,
    Tuple,
    Value,
)

_ONE_ELEMENT = "only one element tensors can be converted to Python scalars"
_PYTHON: dict[str, Callable[[Any], Any]] = {"int": int, "float": float, "complex": complex}
_BYTES = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "int16": 2,
    "float16": 2,
    "bfloat16": 2,
    "int32": 4,
    "float32": 4,
    "int64": 8,
    "float64": 8,
    "complex64": 8,
    "complex128": 16,
}


def shape_value(call: Call) -> Value:
    """Tensor.shape."""
    shape = call.required("input").shape
    if shape is None:
        return Many(Scalar("int"), "torch.Size")
    return Tuple(tuple(value_of(dim) for dim in shape), type="torch.Size")


def size_value(call: Call) -> Value:
    """Tensor.size() or Tensor.size(dim)."""
    if call.absent("dim"):
        return shape_value(call)
    shape, dim = call.required("input").shape, call.integer("dim")
    if shape is None or dim is None or not -len(shape) <= dim < len(shape):
        return Scalar("int")
    return value_of(shape[dim])


def rank_value(call: Call) -> Value:
    """Tensor.dim()."""
    shape = call.required("input").shape
    return Scalar("int") if shape is None else Const(len(shape))


def count_value(call: Call) -> Value:
    """Tensor.numel()."""
    return value_of(total(call.required("input").shape))


def length_value(call: Call) -> Value:
    """len(tensor)."""
    shape = call.required("input").shape
    return value_of(shape[0]) if shape else Scalar("int")


def device_value(call: Call) -> Value:
    """Tensor.device."""
    tensor = call.required("input")
    return DeviceValue(tensor.device, tensor.device_from)


def dtype_value(call: Call) -> Value:
    """Tensor.dtype."""
    return DTypeValue(call.required("input").dtype)


def is_kind(kind: str) -> Callable[[Call], Value]:
    """Tensor.is_cuda, Tensor.is_cpu and their kin."""

    def word(call: Call) -> Value:
        device = call.required("input").device
        if isinstance(device, Device):
            return Const(device.kind == kind)
        if isinstance(device, SymDevice):
            return Scalar("bool", f"{device.id}.is_{kind}", f"{device.text} is {kind}")
        return Scalar("bool")

    return word


def device_index(call: Call) -> Value:
    """Tensor.get_device()."""
    device = call.required("input").device
    if isinstance(device, Device):
        return Const(-1 if device.index is None else device.index)
    return Scalar("int")


def flag_value(name: str) -> Callable[[Call], Value]:
    """Tensor.requires_grad, Tensor.is_leaf."""

    def word(call: Call) -> Value:
        tensor = call.required("input")
        found = tensor.requires_grad if name == "requires_grad" else tensor.leaf
        return Scalar("bool") if found is None else Const(found)

    return word


def floating_value(call: Call) -> Value:
    """torch.is_floating_point."""
    found = is_floating(call.required("input").dtype)
    return Scalar("bool") if found is None else Const(found)


def complex_value(call: Call) -> Value:
    """torch.is_complex."""
    dtype = call.required("input").dtype
    return Const(dtype.name.startswith("complex")) if isinstance(dtype, DType) else Scalar("bool")


def byte_count(call: Call) -> Value:
    """Tensor.element_size()."""
    dtype = call.required("input").dtype
    found = _BYTES.get(dtype.name) if isinstance(dtype, DType) else None
    return Scalar("int") if found is None else Const(found)


def item(call: Call) -> Value:
    """Tensor.item()."""
    count = element_count(call)
    if count not in (None, 1):
        call.clash(Refusal.SHAPE, ("input",), f"a Tensor with {count} elements cannot be converted to Scalar")
    return number(call.required("input"))


def element_count(call: Call) -> int | None:
    """How many elements a tensor has, where that is known."""
    sizes = known_sizes(call.required("input").shape)
    return None if sizes is None else prod(sizes)


def as_number(kind: str) -> Callable[[Call], Value]:
    """int(tensor), float(tensor), complex(tensor)."""

    def word(call: Call) -> Value:
        tensor = call.required("input")
        if isinstance(tensor.data, int | float):
            return Const(_PYTHON[kind](tensor.data))
        if element_count(call) not in (None, 1):
            call.clash(Refusal.SHAPE, ("input",), _ONE_ELEMENT, error="ValueError")
        return Scalar(kind)

    return word


def as_index(call: Call) -> Value:
    """A tensor where Python wants an index: range(tensor)."""
    tensor = call.required("input")
    if element_count(call) not in (None, 1):
        text = "only integer tensors of a single element can be converted to an index"
        call.clash(Refusal.SHAPE, ("input",), text, error="TypeError")
    return Const(tensor.data) if isinstance(tensor.data, int) else Scalar("int")


def as_truth(call: Call) -> Value:
    """A tensor as a condition."""
    tensor, count = call.required("input"), element_count(call)
    if count not in (None, 1):
        text = f"Boolean value of Tensor with {'more than one value' if count else 'no values'} is ambiguous"
        call.clash(Refusal.SHAPE, ("input",), text)
    return Const(bool(tensor.data)) if isinstance(tensor.data, int | float) else Scalar("bool")


def to_list(call: Call) -> Value:
    """Tensor.tolist()."""
    tensor = call.required("input")
    if tensor.shape is None:
        return Unknown(Why.DATA)
    found: Value = number(tensor) if not tensor.shape else Scalar(python_type(tensor.dtype))
    for _ in tensor.shape:
        found = Many(found, "list")
    return found


def boolean(call: Call) -> Value:
    """A bool that depends on data."""
    return Scalar("bool")


def integer(call: Call) -> Value:
    """An int that depends on data."""
    return Scalar("int")


def nothing(call: Call) -> Value:
    """None."""
    return Const(None)


def part(call: Call) -> Value:
    """Tensor.real, Tensor.imag."""
    tensor = call.required("input")
    return replace(tensor, dtype=real_of(tensor.dtype), cell=None, parameter=False, slot=None, data=None)


def transposed(call: Call) -> Value:
    """Tensor.T, Tensor.mT, Tensor.H."""
    tensor = call.required("input")
    shape = tensor.shape
    if shape is not None and call.short in ("mT", "mH", "adjoint"):
        shape = (*shape[:-2], *reversed(shape[-2:]))
    elif shape is not None:
        shape = tuple(reversed(shape))
    return viewed(tensor, shape)


def viewed(tensor: Tensor, shape: tuple[int | str | None, ...] | None) -> Tensor:
    """A view of a tensor."""
    leaf = None if tensor.requires_grad is None else not tensor.requires_grad
    return replace(tensor, shape=shape, cell=None, parameter=False, leaf=leaf, slot=None)
