"""Words for shapes of linear algebra."""

from __future__ import annotations

from samedevice.ops.call import Call
from samedevice.ops.words_shape import broadcast_shapes, items_of
from samedevice.values.value import Shape


def multi_dot_shape(call: Call) -> Shape | None:
    """The outer sizes of a chain of matrices."""
    items = items_of(call, "tensors")
    if not items or items[0].shape is None or items[-1].shape is None:
        return None
    first = items[0].shape[:-1]
    last = items[-1].shape[1:]
    return (*first, *last)


def cdist_shape(call: Call) -> Shape | None:
    """Every row of one with every row of the other."""
    first, second = call.shape("x1"), call.shape("x2")
    if first is None or second is None or len(first) < 2 or len(second) < 2:
        return None
    batch = broadcast_shapes((first[:-2], second[:-2]))
    return None if batch is None else (*batch, first[-2], second[-2])
