"""Words for what torch.nn.functional adds: attention, embedding, dropout."""

from __future__ import annotations

from samedevice.ops.call import CLASHED, Call, DeviceFacet, integers_of
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import c_type, device_name, scalar_type, tensor_type
from samedevice.ops.words_check import kernel_takes, surely_differ
from samedevice.ops.words_device import checked
from samedevice.ops.words_shape import broadcast_shapes, known_sizes, positive
from samedevice.values.device import CPU, Device, Same, compare
from samedevice.values.dtype import BOOL, FLOAT32, DType, category, is_inexact
from samedevice.values.unknown import Unknown
from samedevice.values.value import Const, Dim, Shape, Tuple, Value


def prelu_dtypes(call: Call) -> None:
    """F.prelu promotes nothing."""
    own, weight = call.tensor("input"), call.tensor("weight")
    if own is not None and weight is not None and surely_differ(own.dtype, weight.dtype):
        one, other = scalar_type(own.dtype), scalar_type(weight.dtype)
        text = f"prelu: Type promoting not supported. Got {one} and {other}"
        call.clash(Refusal.DTYPE, ("input", "weight"), text)


def attention_device(call: Call) -> DeviceFacet:
    """Query, key and value on one device, and the mask too."""
    operands = call.tensors(("query", "key", "value"))
    known = [given for given in operands if not isinstance(given.device, Unknown)]
    for given in known[1:]:
        if compare(known[0].device, given.device) in (Same.NO, Same.UNLESS_CPU):
            names = [device_name(one.device) for one in operands][:3] + ["?"] * (3 - len(operands))
            text = (
                f"Expected query, key, and value to have the same device type, but got query.device: {names[0]} "
                f"key.device: {names[1]} and value.device: {names[2]} instead."
            )
            call.devices_clash(known[0], given, lambda: text)  # noqa: B023  # called at once
            return CLASHED, None
    return checked("__scaled_dot_product_efficient_attention", query="query", attn_bias="attn_mask")(call)


def attention_dtypes(call: Call) -> None:
    """Query, key and value of one dtype; a mask of bool, float or the query's."""
    operands = [call.tensor(name) for name in ("query", "key", "value")]
    tensors = [tensor for tensor in operands if tensor is not None]
    if len(tensors) == 3:
        for number in (1, 2):
            if surely_differ(tensors[0].dtype, tensors[number].dtype):
                names = [c_type(tensor.dtype) for tensor in tensors]
                text = (
                    f"Expected query, key, and value to have the same dtype, but got query.dtype: {names[0]} "
                    f"key.dtype: {names[1]} and value.dtype: {names[2]} instead."
                )
                call.clash(Refusal.DTYPE, ("query", ("query", "key", "value")[number]), text)
                return
    _check_mask(call)


def _check_mask(call: Call) -> None:
    query, mask = call.tensor("query"), call.tensor("attn_mask")
    if query is None or mask is None or not isinstance(mask.dtype, DType) or mask.dtype in (BOOL, FLOAT32):
        return
    if surely_differ(query.dtype, mask.dtype) or category(mask.dtype) == 1:
        text = (
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: "
            f"{c_type(mask.dtype)} and  query.dtype: {c_type(query.dtype)} instead."
        )
        call.clash(Refusal.MASK_DTYPE, ("query", "attn_mask"), text)


def attention_shape(call: Call) -> Shape | None:
    """The query's shape with the value's last size."""
    query, value = call.shape("query"), call.shape("value")
    if query is None or value is None or len(query) < 2 or not value:
        return None
    batch = broadcast_shapes((query[:-2], value[:-2]))
    return None if batch is None else (*batch, query[-2], value[-1])


def embedding_index_second(call: Call) -> None:
    """`embedding_index` where the table stands first."""
    _check_lookup(call, "indices")


def embedding_index(call: Call) -> None:
    """Embedding looks up int64 or int32 indices."""
    _check_lookup(call, "input")


def _check_lookup(call: Call, name: str) -> None:
    tensor = call.tensor(name)
    if tensor is None:
        return
    allowed = isinstance(tensor.dtype, DType) and tensor.dtype.name in ("int64", "int32")
    found = category(tensor.dtype)
    if allowed or found is None or (found == 1 and not isinstance(tensor.dtype, DType)):
        return
    kind = tensor_type(tensor.device if isinstance(tensor.device, Device) else CPU, tensor.dtype)
    text = (
        "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; "
        f"but got {kind} instead (while checking arguments for {call.short})"
    )
    call.clash(Refusal.INDEX_DTYPE, (name,), text)


def renormed_floats(call: Call) -> None:
    """An embedding with `max_norm` takes the norm of its rows."""
    table = call.tensor("weight")
    if table is not None and not call.absent("max_norm") and is_inexact(table.dtype) is False:
        text = (
            f"norm(): input dtype should be either floating point or complex. Got {scalar_type(table.dtype)} instead."
        )
        call.clash(Refusal.FLOAT_NEEDED, ("weight",), text)


def bag_weights(call: Call) -> None:
    """F.embedding_bag sums floating rows, with weights of their dtype."""
    table, weights = call.tensor("weight"), call.tensor("per_sample_weights")
    renormed_floats(call)
    if table is None or table.device != CPU or call.clashes:
        return
    mine = tensor_type(CPU, table.dtype)
    if is_inexact(table.dtype) is False and table.dtype != BOOL:
        text = (
            "Expected tensor for argument #1 'weight' to have one of the following scalar types: Half, BFloat16, "
            f"Float, Double; but got {mine} instead (while checking arguments for embedding_bag)"
        )
        call.clash(Refusal.FLOAT_NEEDED, ("weight",), text)
    elif weights is not None and surely_differ(table.dtype, weights.dtype):
        text = (
            "Expected tensor for argument #1 'weight' to have the same type as tensor for argument #1 "
            f"'per_sample_weights'; but type {mine} does not equal {tensor_type(CPU, weights.dtype)} "
            "(while checking arguments for embedding_bag)"
        )
        call.clash(Refusal.DTYPE, ("weight", "per_sample_weights"), text)


def embedding_shape(call: Call) -> Shape | None:
    """A row of the table for each index."""
    index, weight = call.shape("input"), call.shape("weight")
    if index is None:
        return None
    return (*index, weight[1] if weight is not None and len(weight) == 2 else None)


def embedding_shape_second(call: Call) -> Shape | None:
    """`embedding_shape` where the table stands first."""
    index, weight = call.shape("indices"), call.shape("weight")
    return None if index is None else (*index, weight[1] if weight is not None and len(weight) == 2 else None)


def embedding_bag_shape(call: Call) -> Shape | None:
    """A row for each bag."""
    index, weight, offsets = call.shape("input"), call.shape("weight"), call.shape("offsets")
    width = weight[1] if weight is not None and len(weight) == 2 else None
    if index is not None and len(index) == 2:
        return (index[0], width)
    bags: Dim = offsets[0] if offsets and call.flag("include_last_offset") is False else None
    return (bags, width)


def dropout_check(call: Call) -> None:
    """F.dropout scales by a float, which integers cannot take."""
    tensor = call.tensor("input")
    if tensor is None or call.flag("training") is not True or is_inexact(tensor.dtype) is not False:
        return
    if isinstance(tensor.dtype, DType) and call.value("p") not in (Const(0.0), Const(1.0), Const(0), Const(1)):
        text = f"result type Float can't be cast to the desired output type {scalar_type(tensor.dtype)}"
        call.clash(Refusal.FLOAT_NEEDED, ("input",), text)


def halved(call: Call) -> Shape | None:
    """F.glu: one dimension halved."""
    shape, dim = call.shape("input"), call.integer("dim")
    if shape is None or dim is None:
        return None
    index = positive(dim, len(shape))
    if index is None or not shape:
        return None
    size = shape[index]
    return (*shape[:index], size // 2 if isinstance(size, int) else None, *shape[index + 1 :])


def compared_rows(call: Call) -> Shape | None:
    """F.cosine_similarity: one dimension of both summed over."""
    names = list(call.arguments)[:2]
    first, second = call.shape(names[0]), call.shape(names[1])
    joint = broadcast_shapes((first, second))
    dim = call.integer("dim")
    if joint is None or dim is None:
        return None
    index = positive(dim, len(joint))
    return None if index is None else (*joint[:index], *joint[index + 1 :])


def paired_rows(call: Call) -> Shape | None:
    """F.pairwise_distance: the last dimension summed over."""
    joint = broadcast_shapes((call.shape("x1"), call.shape("x2")))
    if joint is None:
        return None
    return (*joint[:-1], 1) if call.flag("keepdim") else joint[:-1]


def pdist_kernel(call: Call) -> None:
    """F.pdist of more than one row has no kernel for half precision."""
    if (known_sizes(call.shape("input")) or (0,))[0] > 1:
        kernel_takes("input", "float32 float64 integral bool", "pdist", "pdist_cuda")(call)


def bilinear_shape(call: Call) -> Shape | None:
    """F.bilinear: the last size is the weight's first."""
    first, weight = call.shape("input1"), call.shape("weight")
    if first is None:
        return None
    return (*first[:-1], weight[0] if weight else None)


def unfold_shape(call: Call) -> Shape | None:
    """F.unfold: a column for each window."""
    shape = call.shape("input")
    if shape is None or len(shape) not in (3, 4):
        return None
    numbers = [_pair(call.value(name)) for name in ("kernel_size", "dilation", "padding", "stride")]
    channels, sizes = shape[-3], shape[-2:]
    if any(pair is None for pair in numbers) or not isinstance(channels, int):
        return (*shape[:-3], None, None)
    kernel, dilation, padding, stride = (pair for pair in numbers if pair is not None)
    count: Dim = 1
    for index, size in enumerate(sizes):
        if not isinstance(size, int):
            count = None
            break
        room = size + 2 * padding[index] - dilation[index] * (kernel[index] - 1) - 1
        count = (count or 0) * (room // stride[index] + 1)
    return (*shape[:-3], channels * kernel[0] * kernel[1], count)


def _pair(value: Value) -> tuple[int, int] | None:
    found = integers_of(value)
    if found is None:
        return None
    return (found[0], found[0]) if len(found) == 1 else (found[0], found[1])


def fold_shape(call: Call) -> Shape | None:
    """F.fold: columns summed into an image."""
    shape, size, kernel = call.shape("input"), _pair(call.value("output_size")), _pair(call.value("kernel_size"))
    if shape is None or len(shape) not in (2, 3):
        return None
    channels = shape[-2] // (kernel[0] * kernel[1]) if isinstance(shape[-2], int) and kernel else None
    return (*shape[:-2], channels, *(size or (None, None)))


def affine_shape(call: Call) -> Shape | None:
    """F.affine_grid: a place for each pixel."""
    size = call.sizes("size")
    if size is None:
        return None
    return (size[0], *size[2:], len(size) - 2)


def padded_sequence_shape(call: Call) -> Shape | None:
    """pad_sequence: a batch as long as its longest."""
    value = call.value("sequences")
    first = next(iter(call.tensors(("sequences",))), None)
    if first is None or first.tensor is None or not first.tensor.shape:
        return None
    count: Dim = len(value.items) if isinstance(value, Tuple) else None
    longest: Dim = first.tensor.shape[0]
    for given in call.tensors(("sequences",)):
        shape = given.tensor.shape if given.tensor else None
        size = shape[0] if shape else None
        both = isinstance(size, int) and isinstance(longest, int)
        longest = max(longest, size) if both else longest if longest == size else None  # type: ignore[type-var]  # both are integers
    if not isinstance(value, Tuple):
        longest = None
    rest = first.tensor.shape[1:]
    return (count, longest, *rest) if call.flag("batch_first") else (longest, count, *rest)
