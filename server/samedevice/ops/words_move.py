"""Words that move, cast, detach or copy one tensor."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.dataclass import replace
from samedevice.ops.arguments import device_of, dtype_of, is_device
from samedevice.ops.call import CLASHED, Call, Given, integer_of
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import device_name, tensor_type
from samedevice.ops.words_creation import check_mps
from samedevice.values.device import CPU, AnyDevice, Device, Same, compare
from samedevice.values.dtype import AnyDType, DType, SymDType, dtype_named, is_inexact
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    How,
    Origin,
    Scalar,
    Tensor,
    Value,
)

_NOT_KNOWN = Unknown(Why.NOT_MODELLED)


def moved(
    tensor: Tensor, device: AnyDevice, dtype: AnyDType, how: str, *, copied: bool = False, grad: bool | None = True
) -> Tensor:
    """A tensor on a device and of a dtype; itself where that changes nothing."""
    device_same = compare(tensor.device, device)
    dtype_same = tensor.dtype == dtype
    if device_same is Same.YES and dtype_same and not copied:
        return tensor
    changed = device_same is Same.NO or (not dtype_same and _plain(dtype) and _plain(tensor.dtype)) or copied
    requires = _requires(tensor.requires_grad, dtype, grad)
    leaf: bool | None = True if requires is False else (False if changed and requires else None)
    origin = Origin(How.MOVED, how)
    return replace(
        tensor,
        device=device,
        dtype=dtype,
        requires_grad=requires,
        leaf=leaf,
        parameter=False,
        cell=None,
        pinned=False,
        slot=None,
        device_from=tensor.device_from if device_same is Same.YES else origin,
        dtype_from=tensor.dtype_from if dtype_same else origin,
    )


def _plain(dtype: AnyDType) -> bool:
    return isinstance(dtype, DType)


def _requires(before: bool | None, dtype: AnyDType, grad: bool | None) -> bool | None:
    """Whether a cast tensor requires grad."""
    if grad is False or before is False or is_inexact(dtype) is False:
        return False
    return before if grad and is_inexact(dtype) else None


def to(call: Call) -> Value:
    """Tensor.to in all its forms."""
    tensor = call.required("input")
    device, dtype = tensor.device, tensor.dtype
    for name in ("first", "second", "device", "dtype", "other"):
        value = call.value(name)
        if value == NONE or (isinstance(value, Const) and isinstance(value.value, bool)):
            continue
        device, dtype = _target(value, name, device, dtype)
    copied = call.flag("copy") is True
    check_mps(call, device, dtype, "input") if dtype == tensor.dtype or device == tensor.device else None
    return moved(tensor, device, dtype, f"moved by .{call.short}()", copied=copied, grad=call.context.grad)


def _target(value: Value, name: str, device: AnyDevice, dtype: AnyDType) -> tuple[AnyDevice, AnyDType]:
    """Device and dtype after one argument of `.to`."""
    if isinstance(value, Tensor):
        return value.device, value.dtype
    if isinstance(value, DeviceValue) or name == "device":
        return device_of(value), dtype
    if isinstance(value, DTypeValue) or name == "dtype":
        return device, dtype_of(value) or dtype
    if isinstance(value, Unknown):
        return _named_target(value, device, dtype)
    if is_device(value):
        return device_of(value), dtype
    found = dtype_of(value)
    return (device, found) if isinstance(found, DType) else (_NOT_KNOWN, _NOT_KNOWN)


def _named_target(value: Unknown, device: AnyDevice, dtype: AnyDType) -> tuple[AnyDevice, AnyDType]:
    """What an argument of `.to` that is not known may be, by its name."""
    last = value.text.rpartition(".")[2].lower()
    if value.symbol and "dtype" in last:
        return device, SymDType(value.symbol, value.text)
    if value.symbol and any(word in last for word in ("device", "dev", "gpu", "cuda", "rank")):
        return device_of(value), dtype
    return _NOT_KNOWN, _NOT_KNOWN


def to_device(kind: str) -> Callable[[Call], Value]:
    """Tensor.cuda, Tensor.cpu, Tensor.xpu."""

    def word(call: Call) -> Value:
        tensor = call.required("input")
        target: AnyDevice = CPU if kind == "cpu" else Device(kind, 0)
        if "device" in call.arguments and not call.absent("device"):
            target = device_of(call.value("device"))
        return moved(tensor, target, tensor.dtype, f"moved by .{call.short}()", grad=call.context.grad)

    return word


def to_dtype(name: str) -> Callable[[Call], Value]:
    """Tensor.half, Tensor.float and their kin."""
    dtype = DType(name)

    def word(call: Call) -> Value:
        tensor = call.required("input")
        if tensor.dtype != dtype:
            check_mps(call, tensor.device, dtype, "input")
        return moved(tensor, tensor.device, dtype, f"cast by .{call.short}()", grad=call.context.grad)

    return word


def type_(call: Call) -> Value:
    """Tensor.type: the name of the type, or a cast to one."""
    tensor = call.required("input")
    device: AnyDevice
    if call.absent("dtype"):
        known = isinstance(tensor.device, Device) and isinstance(tensor.dtype, DType)
        return Const(tensor_type(tensor.device, tensor.dtype)) if known else Scalar("str")
    text = _legacy_name(call.value("dtype"))
    if text is not None:
        on_cuda = text.startswith("torch.cuda.")
        dtype = dtype_named(text.rpartition(".")[2].removesuffix("Tensor").lower().replace("byte", "uint8"))
        device = Device("cuda", 0) if on_cuda else CPU
        if dtype is None:
            return replace(tensor, dtype=_NOT_KNOWN, device=device, cell=None, parameter=False)
        return moved(tensor, device, dtype, "moved by .type()", grad=call.context.grad)
    given = call.value("dtype")
    # What is not known may as well be "torch.cuda.FloatTensor".
    device = tensor.device if isinstance(given, DTypeValue | Const) else _NOT_KNOWN
    return moved(tensor, device, dtype_of(given) or _NOT_KNOWN, "cast by .type()", grad=call.context.grad)


def _legacy_name(value: Value) -> str | None:
    """`torch.cuda.FloatTensor`, given as a string or as the type itself."""
    name = value.value if isinstance(value, Const) else getattr(value, "name", None)
    return name if isinstance(name, str) and name.endswith("Tensor") else None


def type_as(call: Call) -> Value:
    """Tensor.type_as: device and dtype of another."""
    tensor, other = call.required("input"), call.value("other")
    if not isinstance(other, Tensor):
        return moved(tensor, _NOT_KNOWN, _NOT_KNOWN, "moved by .type_as()")
    return moved(tensor, other.device, other.dtype, "moved by .type_as()", grad=call.context.grad)


def to_numpy(call: Call) -> Value:
    """Tensor.numpy, and numpy functions that are given a tensor."""
    tensor = call.required("input")
    if call.flag("force") is not True:
        check_numpy(call, "input", tensor)
    refused = any(clash.certain for clash in call.clashes)
    return Array(CLASHED if refused else tensor.dtype, tensor.shape, dtype_from=tensor.dtype_from)


def check_numpy(call: Call, label: str, tensor: Tensor) -> None:
    """Refuse what numpy cannot read: memory off the CPU, a graph, bfloat16."""
    given = Given(label, tensor)
    text = (
        f"can't convert {device_name(tensor.device)} device type tensor to numpy. "
        "Use Tensor.cpu() to copy the tensor to host memory first."
    )
    same = compare(given.device, CPU)
    if same in (Same.NO, Same.UNLESS_CPU):
        call.clash(Refusal.TO_NUMPY_DEVICE, (label,), text, certain=same is Same.NO, error="TypeError")
    elif tensor.requires_grad:
        text = "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        call.clash(Refusal.TO_NUMPY_GRAD, (label,), text)
    if same is Same.YES and tensor.dtype == DType("bfloat16"):
        call.clash(Refusal.TO_NUMPY_DTYPE, (label,), "Got unsupported ScalarType BFloat16", error="TypeError")


def detached(call: Call) -> Value:
    """Tensor.detach, Tensor.data: the same memory without gradients."""
    tensor = call.required("input")
    return replace(tensor, requires_grad=False, leaf=True, parameter=False, cell=None, slot=None)


def cloned(call: Call) -> Value:
    """A copy, through which gradients flow."""
    tensor = call.required("input")
    grad = tensor.requires_grad if call.context.grad else (False if call.context.grad is False else None)
    leaf = None if grad is None else not grad
    return replace(tensor, requires_grad=grad, leaf=leaf, parameter=False, cell=None, slot=None, pinned=False)


def copied(call: Call) -> Value:
    """copy.deepcopy of a tensor: a leaf stays one."""
    return replace(call.required("input"), cell=None, slot=None)


def itself(call: Call) -> Value:
    """The receiver."""
    return call.required("input")


def maybe_itself(call: Call) -> Value:
    """The receiver, or a copy where its memory is laid out otherwise."""
    tensor = call.required("input")
    return replace(tensor, cell=None, parameter=False, leaf=None if tensor.requires_grad else True)


def pinned(call: Call) -> Value:
    """Tensor.pin_memory."""
    tensor = call.required("input")
    same = compare(tensor.device, CPU)
    if same in (Same.NO, Same.UNLESS_CPU):
        text = f"cannot pin '{tensor_type(tensor.device, tensor.dtype)}' only dense CPU tensors can be pinned"
        call.clash(Refusal.PIN, ("input",), text, certain=same is Same.NO)
    return replace(tensor, pinned=True, cell=None, parameter=False)


def requires_grad_(call: Call) -> Value:
    """Tensor.requires_grad_."""
    tensor = call.required("input")
    flag = call.flag("requires_grad")
    if flag and is_inexact(tensor.dtype) is False:
        text = "only Tensors of floating point and complex dtype can require gradients"
        call.clash(Refusal.GRAD_DTYPE, ("input",), text)
        return tensor
    return replace(tensor, requires_grad=flag)


def gradient(call: Call) -> Value:
    """Tensor.grad: like the tensor, once there is one."""
    tensor = call.required("input")
    return replace(tensor, requires_grad=False, leaf=True, parameter=False, cell=None, slot=None, data=None)


def overwritten(call: Call) -> Value:
    """A method that fills the receiver with numbers."""
    return replace(call.required("input"), data=None)


def copy_(call: Call) -> Value:
    """Tensor.copy_ takes any device and dtype."""
    tensor, source = call.required("input"), call.value("src")
    grad = tensor.requires_grad
    if isinstance(source, Tensor) and source.requires_grad and call.context.grad and not grad:
        return replace(tensor, data=None, requires_grad=True, leaf=False)
    return replace(tensor, data=None)


def number(value: Tensor) -> Value:
    """The Python number of a tensor with one element."""
    if (value.data is not None and integer_of(Const(value.data)) is not None) or isinstance(value.data, float):
        return Const(value.data)
    return Scalar(python_type(value.dtype))


def python_type(dtype: AnyDType) -> str:
    """The Python type of a tensor's numbers."""
    if not isinstance(dtype, DType):
        return "float" if isinstance(dtype, SymDType) and dtype.floating else ""
    if dtype.name == "bool":
        return "bool"
    if dtype.name.startswith("complex"):
        return "complex"
    return "float" if is_inexact(dtype) else "int"
