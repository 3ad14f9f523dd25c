"""Words for convolutions and pooling."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.ops.call import CLASHED, Call, DeviceFacet, Given, integers_of
from samedevice.ops.outcome import Refusal
from samedevice.ops.row import Made
from samedevice.ops.texts import c_type, scalar_type, tensor_type
from samedevice.ops.words_check import same_dtypes, surely_differ
from samedevice.ops.words_reduction import indexed
from samedevice.values.device import CPU
from samedevice.values.value import Const, Dim, Shape, Tuple, Value

_CONV = ("input", "weight", "bias")


def conv_device(call: Call) -> DeviceFacet:
    """Input, weight and bias on one device."""
    operands = call.tensors(_CONV)
    first = operands[0]
    for given in operands[1:]:
        if call.devices_clash(first, given, lambda: _type_text(first, given)):  # noqa: B023  # called at once
            return CLASHED, None
    known = next((given for given in operands if given.tensor is not None), None)
    tensor = known.tensor if known else None
    return first.device if tensor is None else tensor.device, tensor.device_from if tensor else None


def _type_text(first: Given, given: Given) -> str:
    text = (
        f"Input type ({tensor_type(first.device, first.dtype)}) and {given.label} type "
        f"({tensor_type(given.device, given.dtype)}) should be the same"
    )
    return text + (" or input should be a MKLDNN tensor and weight is a dense tensor" if first.device == CPU else "")


def conv_dtypes(call: Call) -> None:
    """Input, weight and bias of one dtype."""
    given, weight, bias = call.tensor("input"), call.tensor("weight"), call.tensor("bias")
    if given is None:
        return
    # Transposed convolutions and those with padding="same" add the bias by themselves, which promotes.
    strict = "output_padding" not in call.arguments and call.text("padding") is None
    if bias is not None and strict and surely_differ(given.dtype, bias.dtype):
        text = f"Input type ({c_type(given.dtype)}) and bias type ({c_type(bias.dtype)}) should be the same"
        call.clash(Refusal.DTYPE, ("input", "bias"), text)
    elif weight is not None and surely_differ(given.dtype, weight.dtype):
        if given.device == CPU:
            text = f"expected scalar type {scalar_type(given.dtype)} but found {scalar_type(weight.dtype)}"
        else:
            text = f"Input type ({c_type(given.dtype)}) and weight type ({c_type(weight.dtype)}) should be the same"
        call.clash(Refusal.DTYPE, ("input", "weight"), text)
    elif bias is not None and given.device == CPU and "transpose3d" in call.short:
        same_dtypes("input", "bias", text="expected scalar type {0} but found {1}")(call)


def _spread(call: Call, name: str, count: int) -> list[int | None]:
    """One number for each dimension."""
    found: list[int | None] = list(integers_of(call.value(name)) or ())
    if len(found) == 1:
        return found * count
    return found[:count] + [None] * (count - len(found))


def conv_shape(rank: int, transposed: bool = False) -> Callable[[Call], Shape | None]:
    """The arithmetic of a convolution over `rank` dimensions."""

    def word(call: Call) -> Shape | None:
        shape, weight = call.shape("input"), call.shape("weight")
        if shape is None or len(shape) not in (rank + 1, rank + 2):
            return None
        batch = shape[: len(shape) - rank - 1]
        channels = _channels(call, shape[len(batch)], weight, transposed)
        kernel = weight[2:] if weight is not None and len(weight) == rank + 2 else (None,) * rank
        sizes = _transposed(call, shape[-rank:], kernel) if transposed else _convolved(call, shape[-rank:], kernel)
        return (*batch, channels, *sizes)

    return word


def _channels(call: Call, own: Dim, weight: Shape | None, transposed: bool) -> Dim:
    """The channels of the result; refuses an input of the wrong number of them."""
    if weight is None or len(weight) < 2:
        return None
    groups = call.integer("groups")
    wanted = weight[0] if transposed else weight[1] * groups if isinstance(weight[1], int) and groups else None
    if isinstance(own, int) and isinstance(wanted, int) and own != wanted:
        text = (
            f"Given {'transposed=1' if transposed else f'groups={groups}'}, weight of size {list(weight)}, expected "
            f"input{list(call.shape('input') or ())} to have {wanted} channels, but got {own} channels instead"
        )
        call.clash(Refusal.SHAPE, ("input", "weight"), text)
    if not transposed:
        return weight[0]
    return weight[1] * groups if isinstance(weight[1], int) and groups else None


def _convolved(call: Call, sizes: Shape, kernel: Shape) -> Shape:
    count = len(sizes)
    if call.text("padding") == "same":
        return sizes
    strides, dilations = _spread(call, "stride", count), _spread(call, "dilation", count)
    paddings: list[int | None] = [0] * count if call.text("padding") == "valid" else _spread(call, "padding", count)
    rows = zip(sizes, kernel, strides, paddings, dilations, strict=True)
    return tuple(
        _window(size, window, stride, padding, dilation, False) for size, window, stride, padding, dilation in rows
    )


def _window(
    size: Dim, window: Dim, stride: int | None, padding: int | None, dilation: int | None, ceiling: bool
) -> Dim:
    """How often a window fits."""
    if not isinstance(size, int) or not isinstance(window, int) or stride is None:
        same = window == 1 and stride == 1 and padding == 0
        halves = isinstance(window, int) and padding is not None and dilation is not None and stride == 1
        if same or (halves and 2 * (padding or 0) == (dilation or 1) * (int(window or 1) - 1)):
            return size
        return None
    if padding is None or dilation is None or not stride:
        return None
    room = size + 2 * padding - dilation * (window - 1) - 1
    if ceiling:
        found = -(-room // stride) + 1
        return found - 1 if (found - 1) * stride >= size + padding else found
    return room // stride + 1


def _transposed(call: Call, sizes: Shape, kernel: Shape) -> Shape:
    count = len(sizes)
    names = ("stride", "padding", "output_padding", "dilation")
    strides, paddings, outputs, dilations = (_spread(call, name, count) for name in names)
    found: list[Dim] = []
    for size, window, stride, padding, output, dilation in zip(
        sizes, kernel, strides, paddings, outputs, dilations, strict=True
    ):
        numbers = (size, window, stride, padding, output, dilation)
        if any(not isinstance(number, int) for number in numbers):
            found.append(None)
            continue
        known = [number for number in numbers if isinstance(number, int)]
        found.append((known[0] - 1) * known[2] - 2 * known[3] + known[5] * (known[1] - 1) + known[4] + 1)
    return tuple(found)


def pool_shape(rank: int) -> Callable[[Call], Shape | None]:
    """The arithmetic of pooling over `rank` dimensions."""

    def word(call: Call) -> Shape | None:
        shape = call.shape("input")
        if shape is None or len(shape) < rank:
            return None
        windows = _spread(call, "kernel_size", rank)
        empty = call.value("stride") in (Const(None), Tuple(()), Tuple((), type="list"))
        strides = windows if empty else _spread(call, "stride", rank)
        paddings = _spread(call, "padding", rank) if "padding" in call.arguments else [0] * rank
        dilations = _spread(call, "dilation", rank) if "dilation" in call.arguments else [1] * rank
        ceiling = call.flag("ceil_mode")
        rows = zip(shape[-rank:], windows, strides, paddings, dilations, strict=True)
        if ceiling is None:
            return (*shape[:-rank], *(None,) * rank)
        return (*shape[:-rank], *(_window(*row, ceiling) for row in rows))

    return word


def adaptive_shape(rank: int) -> Callable[[Call], Shape | None]:
    """Adaptive pooling: the size asked for; None keeps one."""

    def word(call: Call) -> Shape | None:
        shape, size = call.shape("input"), call.value("output_size")
        if shape is None or len(shape) < rank:
            return None
        if isinstance(size, Tuple) and len(size.items) == rank:
            own = shape[-rank:]
            found = [
                dim if item == Const(None) else item.value if isinstance(item, Const) else None
                for dim, item in zip(own, size.items, strict=True)
            ]
        else:
            known = integers_of(size)
            found = [known[0] if known else None] * rank
        return (*shape[:-rank], *found)

    return word


def pooled(call: Call, made: Made) -> Value:
    """Max pooling gives indices too where asked."""
    flag = call.flag("return_indices") if "return_indices" in call.arguments else True
    if flag or call.short.endswith("_with_indices"):
        return Tuple((made.tensor(), indexed(call, made, made.shape)))
    return made.tensor()


def resized(call: Call) -> Shape | None:
    """F.interpolate: the size given, or a factor."""
    shape = call.shape("input")
    if shape is None or len(shape) < 3:
        return None
    rank = len(shape) - 2
    if not call.absent("size"):
        sizes = call.sizes("size")
        if sizes is None:
            return (*shape[:2], *(None,) * rank)
        return (*shape[:2], *(sizes * rank if len(sizes) == 1 else sizes))
    return (*shape[:2], *_scaled(shape[2:], call.value("scale_factor")))


def _scaled(sizes: Shape, factor: Value) -> Shape:
    items = factor.items if isinstance(factor, Tuple) else (factor,) * len(sizes)
    found: list[Dim] = []
    for size, item in zip(sizes, items, strict=False):
        known = isinstance(item, Const) and isinstance(item.value, int | float)
        found.append(int(size * item.value) if known and isinstance(item, Const) and isinstance(size, int) else None)
    return tuple(found)


def padded(call: Call) -> Shape | None:
    """F.pad: sizes grow from the last dimension on."""
    shape, pad = call.shape("input"), call.sizes("pad")
    if shape is None:
        return None
    if pad is None:
        return (None,) * len(shape)
    found = list(shape)
    for place in range(len(pad) // 2):
        before, after = pad[2 * place], pad[2 * place + 1]
        index = len(shape) - 1 - place
        if index < 0:
            return None
        own = found[index]
        if before == 0 and after == 0:
            continue
        known = isinstance(own, int) and isinstance(before, int) and isinstance(after, int)
        found[index] = own + before + after if known else None  # type: ignore[operator]  # all three are integers here
    return tuple(found)


def shuffled(call: Call) -> Shape | None:
    """F.pixel_shuffle and its inverse."""
    shape = call.shape("input")
    down = call.short == "pixel_unshuffle"
    factor = call.integer("downscale_factor" if down else "upscale_factor")
    if shape is None or len(shape) < 3 or factor is None:
        return None if shape is None else (None,) * len(shape)
    channels, height, width = shape[-3:]
    square = factor * factor
    if down:
        sizes = [dim // factor if isinstance(dim, int) else None for dim in (height, width)]
        return (*shape[:-3], channels * square if isinstance(channels, int) else None, *sizes)
    sizes = [dim * factor if isinstance(dim, int) else None for dim in (height, width)]
    return (*shape[:-3], channels // square if isinstance(channels, int) else None, *sizes)


def sampled(call: Call) -> Shape | None:
    """F.grid_sample: channels of the input, sizes of the grid."""
    shape, grid = call.shape("input"), call.shape("grid")
    if shape is None or grid is None or len(shape) < 3:
        return None
    return (*shape[:2], *grid[1:-1])
