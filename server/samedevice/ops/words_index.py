"""Words for indexing with `[...]`, read and written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from samedevice.dataclass import replace
from samedevice.ops.call import Call, Given, dim_of, integer_of
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import device_name, scalar_type
from samedevice.ops.words_attributes import viewed
from samedevice.ops.words_check import surely_differ
from samedevice.ops.words_creation import inferred_dtype, inferred_shape
from samedevice.ops.words_shape import broadcast_shapes
from samedevice.values.device import CPU, Same, compare
from samedevice.values.dtype import BOOL, UINT8, AnyDType, DType, category
from samedevice.values.unknown import Unknown
from samedevice.values.value import (
    Array,
    Const,
    Dim,
    Many,
    Scalar,
    Shape,
    Slice,
    Tensor,
    Tuple,
    Value,
)

_INDEX_DTYPES = frozenset({"int64", "int32", "uint8", "bool"})


class _Advanced(NamedTuple):
    """An index by tensor or list: how many dimensions it takes and the shape it gives."""

    takes: int
    shape: Shape | None
    mask: bool


class _Unclear(Exception):
    """An index whose effect on the rank is not known."""


def items_of_key(key: Value) -> Sequence[Value]:
    """The parts of a key: `x[a, b]` has two."""
    if isinstance(key, Tuple) and key.type == "tuple":
        return key.items
    return (key,)


def get_item(call: Call) -> Value:
    """Tensor.__getitem__."""
    tensor = call.required("input")
    parts = items_of_key(call.value("key"))
    check_index(call, tensor, parts)
    found = viewed(tensor, indexed_shape(tensor.shape, parts))
    return replace(found, data=None)


def indexed_shape(shape: Shape | None, parts: Sequence[Value]) -> Shape | None:
    """The shape of `x[parts]`; None where the rank is not known."""
    if shape is None:
        return None
    try:
        return _indexed(shape, parts)
    except _Unclear:
        return None


def _indexed(shape: Shape, parts: Sequence[Value]) -> Shape | None:
    rest = list(shape)
    missing = len(shape) - sum(_consumed(part) for part in parts)
    if missing < 0:
        raise _Unclear
    found: list[Dim] = []
    advanced: list[_Advanced] = []
    places: list[int] = []
    for part in _without_dots(parts, missing):
        index = _advanced(part)
        if index is not None:
            advanced.append(index)
            places.append(len(found) + len(places))
            del rest[: index.takes]
        else:
            found += _basic(part, rest)
    return _placed([*found, *rest], advanced, places)


def _without_dots(parts: Sequence[Value], missing: int) -> list[Value]:
    """The parts with `...` as so many full slices."""
    full = Slice(Const(None), Const(None), Const(None))
    found: list[Value] = []
    for part in parts:
        found += [full] * missing if part == Const(...) else [part]
    return found


def _placed(basic: list[Dim], advanced: list[_Advanced], places: list[int]) -> Shape | None:
    """Where the dimensions of advanced indices go: to their place if they are neighbours, else to the front."""
    if not advanced:
        return tuple(basic)
    joint = broadcast_shapes([index.shape for index in advanced])
    if joint is None:
        return None
    neighbours = places == list(range(places[0], places[0] + len(places)))
    where = places[0] if neighbours else 0
    return (*basic[:where], *joint, *basic[where:])


def _consumed(part: Value) -> int:
    """How many dimensions a part takes."""
    index = _advanced(part)
    if index is not None:
        return index.takes
    match part:
        case Const(value=None) | Const(value=bool()):
            return 0
        case Const(value=inner) if inner is ...:
            return 0
        case Const(value=int()) | Scalar(type="int" | "bool") | Slice():
            return 1
        case Tensor(shape=()):
            return 1
    raise _Unclear


def _basic(part: Value, rest: list[Dim]) -> list[Dim]:
    """The dimensions that a basic index gives; those it takes go from `rest`."""
    match part:
        case Const(value=None) | Const(value=bool()):
            return [1]
        case Slice():
            return [_sliced(rest.pop(0), part)]
    if rest:
        rest.pop(0)
    return []


def _sliced(dim: Dim, part: Slice) -> Dim:
    """The size that is left by a slice."""
    start, stop, step = (_bound(value) for value in (part.start, part.stop, part.step))
    if "?" in (start, stop, step):
        return None
    if isinstance(dim, int):
        return len(range(*slice(start, stop, step).indices(dim)))
    if start in (None, 0) and stop is None and step in (None, 1):
        return dim
    return None


def _bound(value: Value) -> int | str | None:
    if value == Const(None):
        return None
    known = integer_of(value)
    return "?" if known is None else known


def _advanced(part: Value) -> _Advanced | None:
    """A part as an advanced index; None where it is a basic one."""
    match part:
        case Tensor(dtype=dtype, shape=shape) | Array(dtype=dtype, shape=shape):
            if dtype in (BOOL, UINT8):
                if shape is None:
                    raise _Unclear
                return _Advanced(len(shape), (None,), True)
            if shape == () and isinstance(part, Tensor):
                return None
            if isinstance(dtype, Unknown):
                raise _Unclear
            return _Advanced(1, shape, False)
        case Tuple(type="list") | Tuple(type="tuple"):
            if inferred_dtype(part, DType("float32")) == BOOL:
                return _Advanced(len(inferred_shape(part) or (None,)), (None,), True)
            return _Advanced(1, inferred_shape(part), False)
        case Many(item=item):
            return _Advanced(1, (None, *(inferred_shape(item) or ())), False)
        case Unknown():
            raise _Unclear
    return None


def check_index(call: Call, tensor: Tensor, parts: Sequence[Value], writes: bool = False) -> None:
    """Refuse index tensors of a dtype or on a device that does not index this tensor.

    Who writes through an index may have it on any device: PyTorch moves it to the tensor.
    """
    for number, part in enumerate(parts):
        if not isinstance(part, Tensor):
            continue
        label = "key" if len(parts) == 1 else f"key[{number}]"
        if _refused_dtype(part.dtype):
            text = "tensors used as indices must be long, int, byte or bool tensors"
            call.clash(Refusal.INDEX_DTYPE, (label,), text, error="IndexError")
            return
        if writes or (part.shape == () and part.dtype not in (BOOL, UINT8)):
            continue
        same = compare(part.device, tensor.device)
        if compare(part.device, CPU) is not Same.YES and same in (Same.NO, Same.UNLESS_CPU):
            text = (
                "indices should be either on cpu or on the same device as the indexed tensor "
                f"({device_name(tensor.device)})"
            )
            certain = same is Same.NO and part.shape is not None
            call.clash(Refusal.INDEX_DEVICE, ("input", label), text, certain=certain)
            return


def _refused_dtype(dtype: AnyDType) -> bool:
    if isinstance(dtype, DType):
        return dtype.name not in _INDEX_DTYPES
    found = category(dtype)
    return found is not None and found >= 2


def set_item(call: Call) -> Value:
    """Tensor.__setitem__; the result is the tensor after the assignment."""
    tensor, value = call.required("input"), call.value("value")
    parts = items_of_key(call.value("key"))
    check_index(call, tensor, parts, writes=True)
    if isinstance(value, Tensor) and not call.clashes and any(_is_advanced(part) for part in parts):
        _check_put(call, tensor, value, parts)
    if isinstance(value, Tensor) and value.requires_grad and call.context.grad and not tensor.requires_grad:
        return replace(tensor, requires_grad=True, leaf=False, data=None)
    return replace(tensor, data=None)


def _is_advanced(part: Value) -> bool:
    try:
        return _advanced(part) is not None
    except _Unclear:
        return isinstance(part, Tensor)


def _check_put(call: Call, tensor: Tensor, value: Tensor, parts: Sequence[Value]) -> None:
    """Assignment by tensors wants the value on the device and of the dtype of the target."""
    own, new = Given("input", tensor), Given("value", value)
    if any(isinstance(part, Unknown) for part in parts):
        return
    if value.shape is None:
        _check_unsized(call, own, new, parts)
        return
    single = all(dim == 1 for dim in value.shape)
    masks = len(parts) == 1 and isinstance(parts[0], Tensor) and parts[0].dtype in (BOOL, UINT8)
    maybe_single = all(dim == 1 or not isinstance(dim, int) for dim in value.shape)
    if not single:
        text = (
            "Expected all tensors to be on the same device, but found at least two devices, "
            f"{device_name(tensor.device)} and {device_name(value.device)}!"
        )
        if call.devices_clash(own, new, lambda: text):
            return
    if masks and (single or maybe_single):
        return
    if surely_differ(tensor.dtype, value.dtype):
        call.clash(Refusal.DTYPE, ("input", "value"), put_text(tensor.dtype, value.dtype))


def _check_unsized(call: Call, own: Given, new: Given, parts: Sequence[Value]) -> None:
    """A value of unknown size on another device is refused unless it is a single number; that its index is there
    too speaks for a real one.
    """
    away = (Same.NO, Same.UNLESS_CPU)
    indices = [part for part in parts if isinstance(part, Tensor)]
    if compare(own.device, new.device) in away and any(compare(own.device, part.device) in away for part in indices):
        text = (
            "Expected all tensors to be on the same device, but found at least two devices, "
            f"{device_name(own.device)} and {device_name(new.device)}!"
        )
        call.clash(Refusal.DEVICE, (own.label, new.label), text, certain=False)


def put_text(target: AnyDType, source: AnyDType) -> str:
    """What index_put says of two dtypes."""
    return (
        f"Index put requires the source and destination dtypes match, got {scalar_type(target)} for the destination "
        f"and {scalar_type(source)} for the source."
    )


def index_put(call: Call) -> None:
    """Tensor.index_put: indices of the right kind, values of the tensor's dtype."""
    tensor, values = call.tensor("input"), call.tensor("values")
    indices = call.value("indices")
    if tensor is None:
        return
    check_index(call, tensor, indices.items if isinstance(indices, Tuple) else (), writes=True)
    if values is not None and not call.clashes and values.shape:
        text = (
            "Expected all tensors to be on the same device, but found at least two devices, "
            f"{device_name(tensor.device)} and {device_name(values.device)}!"
        )
        call.devices_clash(Given("input", tensor), Given("values", values), lambda: text)
    if values is not None and not call.clashes and surely_differ(tensor.dtype, values.dtype):
        call.clash(Refusal.DTYPE, ("input", "values"), put_text(tensor.dtype, values.dtype))


def selected_shape(call: Call) -> Shape | None:
    """torch.index_select: as many along `dim` as there are indices."""
    shape, dim, index = call.shape("input"), call.integer("dim"), call.shape("index")
    if shape is None or dim is None:
        return shape and (None,) * len(shape)
    if not shape:
        return ()
    place = dim % len(shape)
    count: Dim = None if index is None else index[0] if index else 1
    return (*shape[:place], count, *shape[place + 1 :])


def one_hot(call: Call) -> Shape | None:
    """F.one_hot: a dimension more, of as many classes."""
    shape = call.shape("input")
    classes = dim_of(call.value("num_classes"))
    return None if shape is None else (*shape, None if classes == -1 else classes)
