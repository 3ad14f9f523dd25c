"""Words for normalisation: which dtypes of weights and running statistics go with which input."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.ops.call import Call, DTypeFacet, Given, integers_of
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import scalar_type
from samedevice.ops.words_check import surely_differ
from samedevice.ops.words_dtype import follows, promotes
from samedevice.ops.words_shape import known_sizes, total
from samedevice.values.device import CPU, Device, SymDevice
from samedevice.values.dtype import BFLOAT16, FLOAT16, FLOAT32, is_inexact
from samedevice.values.value import Shape, Tensor

_LOW = (FLOAT16, BFLOAT16)
_MIXED = "mixed dtype (CPU): "


def layer_dtypes(call: Call) -> None:
    """Layer norm on CUDA has weights of the input's dtype; the CPU also takes float32 ones for a half input."""
    _check(call, ("weight", "bias"), _layer_on_cuda)


def group_dtypes(call: Call) -> None:
    """Group norm is as layer norm, and on CUDA says what the CPU says where the input is no half one."""
    _check(call, ("weight", "bias"), _group_on_cuda)


def batch_dtypes(call: Call) -> None:
    """Batch norm takes float32 weights and statistics for a half input, on CUDA too."""
    if not _integers(call):
        _check(call, ("weight", "bias", "running_mean", "running_var"), _batch_on_cuda)


def instance_dtypes(call: Call) -> None:
    """Instance norm is batch norm; running means of another dtype than the input's are cast."""
    if _integers(call):
        return
    mean, own = call.tensor("running_mean"), call.tensor("input")
    strict = not call.since(2, 9) or (mean is not None and own is not None and mean.dtype == own.dtype)
    kept = ("running_mean", "running_var") if strict else ()
    _check(call, ("weight", "bias", *kept), _batch_on_cuda)


_OnCuda = Callable[[Tensor, Given, list[Given]], str]


def _check(call: Call, names: tuple[str, ...], on_cuda: _OnCuda) -> None:
    own = call.tensor("input")
    given = [one for one in call.tensors(names) if one.tensor is not None]
    if own is None or not given:
        return
    empty = own.shape is not None and 0 in own.shape
    if own.device == CPU:
        other, text = _on_cpu(own, given)
        if text and not (empty and "running_mean" in call.arguments):
            call.clash(Refusal.DTYPE, ("input", other.label), text)
    elif isinstance(own.device, Device | SymDevice) and not empty:
        other = next((one for one in given if surely_differ(own.dtype, one.dtype)), given[0])
        text = on_cuda(own, other, given) if surely_differ(own.dtype, other.dtype) else ""
        if text:
            # What the CPU refuses too is refused wherever a symbol may be.
            certain = isinstance(own.device, Device) or bool(_on_cpu(own, given)[1])
            call.clash(Refusal.DTYPE, ("input", other.label), text, certain=certain)


def _on_cpu(own: Tensor, given: list[Given]) -> tuple[Given, str]:
    """The first argument that the CPU refuses, and its text; empty where it takes them."""
    if not surely_differ(own.dtype, given[0].dtype):
        for other in given[1:]:
            if surely_differ(own.dtype, other.dtype):
                return other, _found(own, other)
        return given[0], ""
    for other in given:
        if surely_differ(FLOAT32, other.dtype):
            return other, f"{_MIXED}expect parameter to have scalar type of Float"
    return given[0], "" if own.dtype in _LOW else f"{_MIXED}all inputs must share same datatype."


def _found(own: Tensor, other: Given) -> str:
    return f"expected scalar type {scalar_type(own.dtype)} but found {scalar_type(other.dtype)}"


def _layer_on_cuda(own: Tensor, other: Given, given: list[Given]) -> str:
    return _found(own, other)


def _group_on_cuda(own: Tensor, other: Given, given: list[Given]) -> str:
    return _found(own, other) if own.dtype in _LOW else _on_cpu(own, given)[1]


def _batch_on_cuda(own: Tensor, other: Given, given: list[Given]) -> str:
    wanted = FLOAT32 if own.dtype in _LOW else own.dtype
    if not surely_differ(wanted, other.dtype):
        return ""
    return f"Expected weight to have type {scalar_type(wanted)} but got {scalar_type(other.dtype)}"


def _integers(call: Call) -> bool:
    """Refuse integers, for which batch norm has no kernel whatever the weights are."""
    own = call.tensor("input")
    if own is None or is_inexact(own.dtype) is not False or not isinstance(own.device, Device):
        return False
    kernel = "batch_norm" if own.device == CPU else "batch_norm_stats_cuda"
    text = f"\"{kernel}\" not implemented for '{scalar_type(own.dtype)}'"
    if not (own.shape is not None and 0 in own.shape):
        call.clash(Refusal.FLOAT_NEEDED, ("input",), text, error="NotImplementedError")
    return True


def rms_dtype(call: Call) -> DTypeFacet:
    """RMS norm keeps the dtype of its input; before 2.7 it promoted with the weight's."""
    return follows()(call) if call.since(2, 7) else promotes("input", "weight")(call)


def batch_norm_shape(call: Call) -> Shape | None:
    """Batch norm keeps the shape; statistics and weights have an element for each channel."""
    shape = call.shape("input")
    for name in ("running_mean", "running_var", "weight", "bias"):
        count = total(call.shape(name)) if call.tensor(name) is not None else None
        if shape is None or len(shape) < 2 or count is None:
            continue
        if shape[1] is None:
            shape = (shape[0], count, *shape[2:])
        elif isinstance(shape[1], int) and isinstance(count, int) and shape[1] != count:
            call.clash(Refusal.SHAPE, ("input", name), f"{name} should contain {shape[1]} elements not {count}")
            return shape
    return shape


def group_norm_shape(call: Call) -> Shape | None:
    """Group norm keeps the shape; its groups are of as many channels each."""
    shape, groups = call.shape("input"), call.integer("num_groups")
    sizes = known_sizes(shape)
    if shape is None or len(shape) < 2 or sizes is None:
        return shape
    if groups and sizes[1] % groups:
        text = (
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{list(sizes)} and num_groups={groups}"
        )
        call.clash(Refusal.SHAPE, ("input",), text)
    for name in ("weight", "bias"):
        count = total(call.shape(name)) if call.tensor(name) is not None else None
        if isinstance(count, int) and count != sizes[1]:
            text = (
                f"Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of "
                f"shape [{count}] and input of shape {list(sizes)}"
            )
            call.clash(Refusal.SHAPE, ("input", name), text)
            break
    return shape


def layer_norm_shape(call: Call) -> Shape | None:
    """F.layer_norm keeps the shape; the last sizes must be those it normalises."""
    shape, wanted = call.shape("input"), integers_of(call.value("normalized_shape"))
    if shape is not None and wanted and len(shape) >= len(wanted):
        last = shape[-len(wanted) :]
        if any(isinstance(dim, int) and dim != size for dim, size in zip(last, wanted, strict=True)):
            sizes = ", ".join(str(size) for size in wanted)
            if all(isinstance(dim, int) for dim in shape):
                text = (
                    f"Given normalized_shape=[{sizes}], expected input with shape [*, {sizes}], "
                    f"but got input of size{list(shape)}"
                )
                call.clash(Refusal.SHAPE, ("input",), text)
    return shape
