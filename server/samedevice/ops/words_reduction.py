"""Words for reductions over dimensions."""

from __future__ import annotations

from samedevice.ops.call import Call
from samedevice.ops.outcome import Refusal
from samedevice.ops.row import Made
from samedevice.ops.texts import scalar_type
from samedevice.ops.words_dtype import given_dtype
from samedevice.ops.words_shape import positive, reduced, without
from samedevice.values.dtype import FLOAT64, INT64, DType, is_inexact, real_of
from samedevice.values.value import Dim, How, Origin, Scalar, Shape, Tensor, Tuple, Value

_INDEX = Origin(How.FIXED, "indices are int64")


def indexed(call: Call, made: Made, shape: Shape | None) -> Tensor:
    """The int64 companion of a result."""
    return made.typed(INT64, _INDEX)._replace(shape=shape, requires_grad=False).tensor()


def values_and_indices(call: Call, made: Made) -> Value:
    """torch.max(x, dim): named values and indices."""
    return Tuple((made.tensor(), indexed(call, made, made.shape)), ("values", "indices"))


def quantile_shape(call: Call) -> Shape | None:
    """torch.quantile: one result for each of several quantiles in front."""
    inner = reduced(call)
    quantiles = call.value("q")
    if isinstance(quantiles, Tensor):
        if quantiles.shape is None or inner is None:
            return None
        return (*quantiles.shape, *inner)
    return inner


def mean_needs_float(call: Call) -> None:
    """mean of integers needs a `dtype=`."""
    tensor = call.tensor("input")
    if tensor is None or not isinstance(tensor.dtype, DType):
        return
    dtype, _ = given_dtype(call) if not call.absent("dtype") else (tensor.dtype, None)
    if is_inexact(dtype) is False:
        text = (
            f"mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
            f"Got: {scalar_type(dtype)}"
        )
        if call.short == "nanmean":
            text = f"nanmean(): expected input to have floating point or complex dtype but got {scalar_type(dtype)}"
        call.clash(Refusal.FLOAT_NEEDED, ("input",), text)


def topk_shape(call: Call) -> Shape | None:
    """torch.topk: `k` along a dimension."""
    shape, dim, count = call.shape("input"), call.integer("dim"), call.integer("k")
    if shape is None or dim is None:
        return shape and (None,) * len(shape)
    index = positive(dim, len(shape))
    if index is None or not shape:
        return shape
    return (*shape[:index], count, *shape[index + 1 :])


def along(call: Call) -> Shape | None:
    """kthvalue, mode, median: reduced over `dim`, which has a default."""
    keep = call.flag("keepdim")
    return without(call.shape("input"), call.dims("dim"), keep)


def unique_result(call: Call, made: Made) -> Value:
    """torch.unique: the values, and inverse and counts where asked."""
    dim = call.value("dim")
    shape: Shape | None = (None,)
    source = call.shape("input")
    if call.integer("dim") is not None and source:
        index = call.integer("dim") or 0
        index %= len(source)
        shape = (*source[:index], None, *source[index + 1 :])
    elif not call.absent("dim"):
        shape = None
    values = made.shaped(shape)
    inverse, counts = call.flag("return_inverse"), call.flag("return_counts")
    length: Dim = None
    inverse_shape = source if call.absent("dim") else (length,)
    found: list[Value] = [values]
    if inverse:
        found.append(indexed(call, made, inverse_shape))
    if counts:
        found.append(indexed(call, made, (None,)))
    if inverse is None or counts is None:
        return Scalar("")
    return found[0] if len(found) == 1 and dim is not None else Tuple(tuple(found))


def var_mean(call: Call, made: Made) -> Value:
    """torch.var_mean and torch.std_mean."""
    tensor = call.tensor("input")
    mean = made if tensor is None or real_of(tensor.dtype) == tensor.dtype else made.typed(tensor.dtype)
    return Tuple((made.tensor(), mean.tensor()))


def aminmax_result(call: Call, made: Made) -> Value:
    """torch.aminmax."""
    return Tuple((made.tensor(), made.tensor()), ("min", "max"))


def nonzero_result(call: Call, made: Made) -> Value:
    """torch.nonzero: a table of indices, or one tensor a dimension."""
    shape = call.shape("input")
    if call.flag("as_tuple"):
        item = made.shaped((None,))
        return Tuple((item,) * max(1, len(shape))) if shape is not None else Scalar("")
    return made.shaped((None, None if shape is None else len(shape)))


def histc_shape(call: Call) -> Shape | None:
    """torch.histc: one count a bin."""
    return (call.integer("bins"),)


def histogram_result(call: Call, made: Made) -> Value:
    """torch.histogram: counts and edges."""
    bins = call.integer("bins")
    edges = None if bins is None else bins + 1
    return Tuple((made.shaped((bins,)), made.shaped((edges,))), ("hist", "bin_edges"))


def bincount_result(call: Call, made: Made) -> Value:
    """torch.bincount: int64, float64 with weights of any other dtype than float32."""
    weights = call.tensor("weights")
    if weights is None:
        return indexed(call, made, (None,))
    dtype = weights.dtype if weights.dtype == DType("float32") else FLOAT64
    return made.typed(dtype).shaped((None,)) if isinstance(weights.dtype, DType) else made.shaped((None,))


def search_shape(call: Call) -> Shape | None:
    """torch.searchsorted and bucketize: the shape of what is looked for."""
    value = call.value("input")
    return value.shape if isinstance(value, Tensor) else ()
