"""Words for what asks about dtypes and shapes alone."""

from __future__ import annotations

from samedevice.ops.arguments import dtype_of
from samedevice.ops.call import Call, shape_of, value_of
from samedevice.ops.words_dtype import promoted_type
from samedevice.ops.words_shape import broadcast_shapes
from samedevice.values.dtype import DType, promote
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, DTypeValue, Many, Scalar, Tuple, Value


def promoted_types(call: Call) -> Value:
    """torch.promote_types."""
    first, second = dtype_of(call.value("type1")), dtype_of(call.value("type2"))
    if first is None or second is None:
        return Unknown(Why.NOT_MODELLED)
    return DTypeValue(promote(first, second))


def common_type(call: Call) -> Value:
    """torch.result_type."""
    return DTypeValue(promoted_type(call, "tensor1", "tensor2"))


_EPS = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}
_TINY = {"float16": 2.0**-14, "bfloat16": 2.0**-126, "float32": 2.0**-126, "float64": 2.0**-1022}
_MAX = {
    "float16": 65504.0,
    "bfloat16": 3.3895313892515355e38,
    "float32": 3.4028234663852886e38,
    "float64": 1.7976931348623157e308,
}
_BITS = {"uint8": (0, 8), "int8": (1, 8), "int16": (1, 16), "int32": (1, 32), "int64": (1, 64)}


def float_limits(call: Call) -> Value:
    """torch.finfo."""
    given = dtype_of(call.value("type"))
    dtype = call.context.default_dtype if given is None else given
    name = dtype.name if isinstance(dtype, DType) else ""
    numbers = {"eps": _EPS, "max": _MAX, "min": _MAX, "tiny": _TINY, "smallest_normal": _TINY}
    found: dict[str, Value] = {key: Scalar("float") for key in numbers}
    if name in _MAX:
        found = {key: Const(-table[name] if key == "min" else table[name]) for key, table in numbers.items()}
    return Tuple(tuple(found.values()), tuple(found))


def integer_limits(call: Call) -> Value:
    """torch.iinfo."""
    dtype = dtype_of(call.value("type"))
    found: dict[str, Value] = {key: Scalar("int") for key in ("bits", "max", "min")}
    if isinstance(dtype, DType) and dtype.name in _BITS:
        signed, bits = _BITS[dtype.name]
        largest = 2 ** (bits - signed) - 1
        found = {"bits": Const(bits), "max": Const(largest), "min": Const(-largest - 1 if signed else 0)}
    return Tuple(tuple(found.values()), tuple(found))


def common_shape(call: Call) -> Value:
    """torch.broadcast_shapes."""
    value = call.value("shapes")
    shapes = [shape_of(item) for item in value.items] if isinstance(value, Tuple) else [None]
    found = broadcast_shapes(shapes)
    if found is None:
        return Many(Scalar("int"), "torch.Size")
    return Tuple(tuple(value_of(dim) for dim in found), type="torch.Size")
