"""Words for random numbers."""

from __future__ import annotations

from samedevice.ops.arguments import dtype_of
from samedevice.ops.call import Call, DeviceFacet, DTypeFacet
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import scalar_type
from samedevice.ops.words_check import kernel_takes
from samedevice.ops.words_device import checked, given_device, iterated
from samedevice.ops.words_dtype import follows, given_dtype
from samedevice.ops.words_shape import broadcast_shapes, shape_of_value
from samedevice.values.device import CPU
from samedevice.values.dtype import is_inexact
from samedevice.values.value import Shape, Tensor


def normal_device(call: Call) -> DeviceFacet:
    """torch.normal of tensors follows them; of numbers it is a factory."""
    tensors = [name for name in ("mean", "std") if isinstance(call.value(name), Tensor)]
    if len(tensors) == 2:
        return checked("Tensor_Tensor_normal", mean="mean", std="std")(call)
    return iterated(*tensors)(call) if tensors else given_device(call)


def normal_dtype(call: Call) -> DTypeFacet:
    """torch.normal of tensors follows the first."""
    for name in ("mean", "std"):
        if isinstance(call.value(name), Tensor):
            return follows(name)(call)
    return given_dtype(call)


def normal_shape(call: Call) -> Shape | None:
    """torch.normal: the size given, or that of its tensors."""
    if not call.absent("size"):
        return call.sizes("size")
    return broadcast_shapes([shape_of_value(call.value(name)) for name in ("mean", "std")])


def normal_floats(call: Call) -> None:
    """torch.normal makes floats, of the dtype of the first tensor."""
    name = "mean" if isinstance(call.value("mean"), Tensor) else "std"
    kernel_takes(name, "inexact", "normal_kernel_cpu", "normal_kernel_cuda")(call)


def multinomial_shape(call: Call) -> Shape | None:
    """torch.multinomial: so many samples a row."""
    shape, count = call.shape("input"), call.integer("num_samples")
    return None if shape is None else (*shape[:-1], count)


def multinomial_dtype(call: Call) -> None:
    """Probabilities are floating."""
    tensor = call.tensor("input")
    if tensor is not None and is_inexact(tensor.dtype) is False:
        text = f"multinomial only supports floating-point dtypes for input, got: {scalar_type(tensor.dtype)}"
        call.clash(Refusal.FLOAT_NEEDED, ("input",), text)


def sampled_as_float(call: Call) -> None:
    """rand and randn have no integer kernels."""
    tensor = call.tensor("input")
    dtype = dtype_of(call.value("dtype")) or (tensor.dtype if tensor is not None else None)
    if dtype is None or is_inexact(dtype) is not False or 0 in (call.shape("input") or call.sizes("size") or ()):
        return
    device, _ = given_device(call) if tensor is None or not call.absent("device") else (tensor.device, None)
    where = "cpu" if device == CPU else "cuda"
    kernel = f"normal_kernel_{where}" if "randn" in call.short else "check_uniform_bounds"
    text = f"\"{kernel}\" not implemented for '{scalar_type(dtype)}'"
    name = "input" if call.absent("dtype") else "dtype"
    call.clash(Refusal.FLOAT_NEEDED, (name,), text, error="NotImplementedError")
