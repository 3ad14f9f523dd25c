"""Words for numpy arrays: what they say of themselves, and their items."""

from __future__ import annotations

from samedevice.ops.call import Call, NotUnderstood, value_of
from samedevice.ops.words_index import indexed_shape, items_of_key
from samedevice.ops.words_move import check_numpy
from samedevice.ops.words_numpy import operand
from samedevice.ops.words_shape import positive, total
from samedevice.values.dtype import Category, category
from samedevice.values.value import Array, Const, DTypeValue, Many, Scalar, Shape, Slice, Tensor, Tuple, Value


def _shape(call: Call) -> Shape | None:
    """The shape of `a`; of a tensor numpy reads the attribute and converts nothing."""
    value = call.value("a")
    return value.shape if isinstance(value, Tensor) else operand(call, "a", value).shape


def shape_value(call: Call) -> Value:
    """ndarray.shape, numpy.shape."""
    shape = _shape(call)
    kind = "torch.Size" if isinstance(call.value("a"), Tensor) else "tuple"
    return Many(Scalar("int"), kind) if shape is None else Tuple(tuple(value_of(dim) for dim in shape), type=kind)


def dtype_value(call: Call) -> Value:
    """ndarray.dtype."""
    return DTypeValue(operand(call, "a", call.value("a")).dtype, numpy=True)


def rank_value(call: Call) -> Value:
    """ndarray.ndim, numpy.ndim."""
    shape = _shape(call)
    return Scalar("int") if shape is None else Const(len(shape))


def count_value(call: Call) -> Value:
    """ndarray.size, numpy.size."""
    shape = _shape(call)
    if not call.absent("axis"):
        axis = call.integer("axis")
        index = positive(axis, len(shape)) if shape is not None and axis is not None else None
        return value_of(shape[index]) if shape is not None and index is not None else Scalar("int")
    if isinstance(call.value("a"), Tensor):
        raise NotUnderstood(call.name)  # the tensor's method `size`
    return value_of(total(shape))


def length_value(call: Call) -> Value:
    """len(array)."""
    shape = _shape(call)
    return value_of(shape[0]) if shape else Scalar("int")


def get_item(call: Call) -> Value:
    """Indexing an array; down to a scalar where the rank is known."""
    source, key = call.value("a"), call.value("key")
    if not isinstance(source, Array):
        raise NotUnderstood("a")
    _check_key(call, "key")
    shape = indexed_shape(source.shape, items_of_key(key))
    single = source.shape is None and isinstance(key, Const | Scalar)
    return Array(source.dtype, shape, scalar=shape == () and not single, dtype_from=source.dtype_from)


def set_item(call: Call) -> Value:
    """Assignment by index: one element takes `float(tensor)`, anything more what numpy can read."""
    array, value = call.value("a"), call.value("value")
    _check_key(call, "key")
    if isinstance(array, Array) and _one_element(array, call.value("key")) is False:
        operand(call, "value", value)
    return array


def _one_element(array: Array, key: Value) -> bool | None:
    """Whether a key selects an element rather than a part of the array; None where that is not known."""
    if array.shape is None or (isinstance(key, Many) and key.type == "tuple"):
        return None
    parts = [_is_integer(part) for part in items_of_key(key)]
    if False in parts:
        return False
    return None if None in parts else len(parts) == len(array.shape)


def _is_integer(part: Value) -> bool | None:
    """Whether a part of a key is one integer; None where that is not known."""
    match part:
        case Const(value=inner):
            return isinstance(inner, int) and not isinstance(inner, bool)
        case Scalar(type=kind):
            return kind == "int" if kind else None
        case Tensor(dtype=dtype, shape=shape) | Array(dtype=dtype, shape=shape):
            of = category(dtype)
            if shape is None or of is None or (not shape and of is Category.BOOL):
                return None
            return not shape and of is Category.INTEGER
        case Slice() | Tuple() | Many():
            return False
    return None


def add_at(call: Call) -> Value:
    """numpy.add.at: `a[indices] += b`, which converts `b` in any case."""
    _check_key(call, "indices")
    operand(call, "b", call.value("b"))
    return Const(None)


def _check_key(call: Call, name: str) -> None:
    """A tensor as an index: one integer is asked for its number, all others are converted."""
    key = call.value(name)
    single = not (isinstance(key, Tuple) and key.type == "tuple")
    for index, part in enumerate(items_of_key(key)):
        if isinstance(part, Tensor) and part.shape:
            check_numpy(call, name if single else f"{name}[{index}]", part)
