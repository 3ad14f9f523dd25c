"""Words for results that are lists of tensors, and for sums to a size."""

from __future__ import annotations

from math import comb

from samedevice.ops.call import Call, DTypeFacet
from samedevice.ops.row import Made
from samedevice.ops.words_dtype import floated, promotes_to_float
from samedevice.values.dtype import FLOAT32, FLOAT64
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, Many, Shape, Tuple, Value


def gradient_result(call: Call, made: Made) -> Value:
    """torch.gradient: one tensor for each dimension."""
    shape, dims = call.shape("input"), call.dims("dim")
    if shape is None or (dims is None and not call.absent("dim")):
        return Many(made.tensor())
    return Tuple((made.tensor(),) * (len(shape) if dims is None else len(dims)))


def of_flat(call: Call, made: Made) -> Value:
    """torch.unravel_index: one tensor for each size."""
    sizes = call.sizes("shape")
    return Many(made.tensor()) if sizes is None else Tuple((made.tensor(),) * len(sizes))


def norm_statistics(call: Call, made: Made) -> Value:
    """A normalised tensor, mean and reciprocal deviation."""
    # Statistics of a half input may be float32: their dtype is left open.
    rest = made.typed(made.dtype if made.dtype in (FLOAT32, FLOAT64) else Unknown(Why.NOT_MODELLED)).shaped(None)
    return Tuple((made.tensor(), rest, rest))


def gradient_dtype(call: Call) -> DTypeFacet:
    """torch.gradient: spacing given as tensors promotes."""
    return promotes_to_float("input", "spacing")(call) if isinstance(call.value("spacing"), Tuple) else floated(call)


def combined(call: Call) -> Shape | None:
    """torch.combinations: so many rows of `r`."""
    shape, size = call.shape("input"), call.integer("r")
    count = shape[0] if shape else None
    flag = call.flag("with_replacement")
    if not isinstance(count, int) or size is None or flag is None:
        return (None, size)
    return (comb(count + size - 1, size) if flag else comb(count, size), size)


def summed_to(call: Call) -> Shape | None:
    """Tensor.sum_to_size."""
    return () if call.value("size") == Const(()) else call.sizes("size")
