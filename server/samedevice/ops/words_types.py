"""Words for what asks about dtypes and shapes alone."""

from __future__ import annotations

from samedevice.ops.arguments import dtype_of
from samedevice.ops.call import Call, shape_of, value_of
from samedevice.ops.words_dtype import promoted_type
from samedevice.ops.words_shape import broadcast_shapes
from samedevice.values.dtype import promote
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import DTypeValue, Many, Scalar, Tuple, Value


def promoted_types(call: Call) -> Value:
    """torch.promote_types."""
    first, second = dtype_of(call.value("type1")), dtype_of(call.value("type2"))
    if first is None or second is None:
        return Unknown(Why.NOT_MODELLED)
    return DTypeValue(promote(first, second))


def common_type(call: Call) -> Value:
    """torch.result_type."""
    return DTypeValue(promoted_type(call, "tensor1", "tensor2"))


def common_shape(call: Call) -> Value:
    """torch.broadcast_shapes."""
    value = call.value("shapes")
    shapes = [shape_of(item) for item in value.items] if isinstance(value, Tuple) else [None]
    found = broadcast_shapes(shapes)
    if found is None:
        return Many(Scalar("int"), "torch.Size")
    return Tuple(tuple(value_of(dim) for dim in found), type="torch.Size")
