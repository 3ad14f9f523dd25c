"""Words that look for dtypes and numbers that PyTorch refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

from samedevice.ops.call import Call
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import c_type, scalar_type
from samedevice.ops.words_dtype import operands_of
from samedevice.values.device import CPU, Device
from samedevice.values.dtype import BOOL, AnyDType, Category, DType, category, is_inexact
from samedevice.values.value import Const, Tensor

Check = Callable[[Call], None]

_LARGEST = {"float16": 65504.0, "bfloat16": 3.3895313892515355e38, "float32": 3.4028234663852886e38}


def surely_differ(first: AnyDType, second: AnyDType) -> bool:
    """Whether two plain dtypes are certainly not the same."""
    if isinstance(first, DType) and isinstance(second, DType):
        return first != second
    one, other = category(first), category(second)
    return one is not None and other is not None and one is not other


def same_dtypes(*names: str, text: str, kind: Refusal = Refusal.DTYPE) -> Check:
    """These arguments must be of one dtype.

    In `text`, {0} and {1} are the two dtypes as `Float`, {c0} and {c1} as `float`, {t0} and {t1} as `torch.float32`.
    A kernel says `expected scalar type` when it reads the elements, which it does not where there are none.
    """
    by_kernel = text.startswith("expected scalar type")

    def check(call: Call) -> None:
        operands = call.tensors(names)
        if by_kernel and any(_empty(given.tensor) for given in operands):
            return
        for given in operands[1:]:
            if surely_differ(operands[0].dtype, given.dtype):
                filled = fill(text, (operands[0].dtype, given.dtype))
                call.clash(kind, (operands[0].label, given.label), filled)
                return

    return check


def _empty(tensor: Tensor | None) -> bool:
    """Whether a tensor has no elements, for which kernels are not even looked up."""
    return tensor is not None and tensor.shape is not None and 0 in tensor.shape


def fill(text: str, dtypes: Sequence[AnyDType]) -> str:
    """A text with dtypes in PyTorch's three spellings."""
    named = {f"c{index}": c_type(dtype) for index, dtype in enumerate(dtypes)}
    named |= {f"t{index}": f"torch.{dtype}" for index, dtype in enumerate(dtypes)}
    return text.format(*(scalar_type(dtype) for dtype in dtypes), **named)


def takes(
    name: str,
    allowed: str,
    text: str,
    kind: Refusal = Refusal.DTYPE,
    error: str = "RuntimeError",
    *,
    empty_too: bool = False,
) -> Check:
    """An argument must be of one of these dtypes, or of the category `floating`, `inexact`, `integral`.

    `empty_too` where PyTorch looks before it knows whether there are elements.
    """
    names = frozenset(allowed.split())

    def check(call: Call) -> None:
        tensor = call.tensor(name)
        if tensor is not None and (empty_too or not _empty(tensor)) and _excluded(tensor.dtype, names):
            call.clash(kind, (name,), fill(text, (tensor.dtype,)), error=error)

    return check


def index_dtype(op: str) -> Check:
    """gather and scatter take int64 indices, from 2.8 on int32 ones too."""
    text = f"{op}(): Expected dtype int32/int64 for index"
    both, one = (takes("index", allowed, text, Refusal.INDEX_DTYPE) for allowed in ("int64 int32", "int64"))

    def check(call: Call) -> None:
        (both if call.since(2, 8) else one)(call)

    return check


def kernel_takes(name: str, allowed: str, cpu: str, cuda: str = "", *, empty_too: bool = False) -> Check:
    """`takes` for a kernel, by its name on each device; none given for CUDA takes all."""
    said = "\"{}\" not implemented for '{{0}}'"
    words = [
        takes(name, allowed, said.format(kernel), Refusal.FLOAT_NEEDED, "NotImplementedError", empty_too=empty_too)
        for kernel in (cpu, cuda)
    ]

    def check(call: Call) -> None:
        tensor = call.tensor(name)
        if tensor is None or not isinstance(tensor.device, Device) or not call.absent("dtype"):
            return
        if cpu and tensor.device == CPU:
            words[0](call)
        elif cuda and tensor.device.kind == "cuda":
            words[1](call)

    return check


def _excluded(dtype: AnyDType, allowed: frozenset[str]) -> bool:
    """Whether a dtype is certainly none of those allowed."""
    found = category(dtype)
    if found is None:
        return False
    if found is Category.FLOAT and allowed & {"floating", "inexact"}:
        return False
    if found is Category.COMPLEX and "inexact" in allowed:
        return False
    if found is Category.INTEGER and "integral" in allowed:
        return False
    if isinstance(dtype, DType):
        return dtype.name not in allowed
    # A symbol of a known category may be any dtype of that category.
    return not any(category(DType(name)) is found for name in allowed)


def mask_is_bool(call: Call) -> None:
    """masked_fill takes bool masks only."""
    mask = call.tensor("mask")
    if mask is not None and _excluded(mask.dtype, frozenset({"bool"})):
        call.clash(
            Refusal.MASK_DTYPE,
            ("mask",),
            f"masked_fill_ only supports boolean masks, but got mask with dtype {c_type(mask.dtype)}",
        )


condition_is_bool = takes(
    "condition",
    "bool uint8",
    "where expected condition to be a boolean tensor, but got a tensor with dtype {0}",
    Refusal.MASK_DTYPE,
)


def no_bool_subtraction(call: Call) -> None:
    """`-` refuses bool tensors."""
    dtypes = [operand.dtype for operand in operands_of(call, ("input", "other"))]
    tensors = call.tensors(("input", "other"))
    if BOOL not in (given.dtype for given in tensors):
        return
    if len(dtypes) == 2 and dtypes == [BOOL, BOOL]:
        text = "with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead."
    else:
        text = (
            "with a bool tensor is not supported. If you are trying to invert a mask, "
            "use the `~` or `logical_not()` operator instead."
        )
    label = next(given.label for given in tensors if given.dtype == BOOL)
    call.clash(Refusal.NO_KERNEL, (label,), f"Subtraction, the `-` operator, {text}")


def alpha_fits(call: Call) -> None:
    """Integer tensors take integer factors only."""
    alpha = call.value("alpha")
    if not isinstance(alpha, Const) or not isinstance(alpha.value, float):
        return
    dtypes = [operand.dtype for operand in operands_of(call, ("input", "other"))]
    if dtypes and all(is_inexact(dtype) is False for dtype in dtypes):
        text = "For integral input tensors, argument alpha must not be a floating point number."
        call.clash(Refusal.ARGUMENT, ("alpha",), text)


def fits(number: str, name: str = "input") -> Check:
    """A number must be within the range of a tensor's dtype."""

    def check(call: Call) -> None:
        tensor = call.tensor(name)
        if tensor is not None:
            check_overflow(call, number, tensor.dtype, (name,))

    return check


def check_overflow(call: Call, number: str, dtype: AnyDType, arguments: tuple[str, ...] = ()) -> None:
    """Refuse a number that a dtype cannot hold."""
    value = call.value(number)
    if not isinstance(value, Const) or isinstance(value.value, bool) or not isinstance(value.value, int | float):
        return
    largest = _LARGEST.get(dtype.name) if isinstance(dtype, DType) else None
    if largest is not None and isfinite(value.value) and abs(value.value) > largest:
        text = f"value cannot be converted to type {c_type(dtype)} without overflow"
        call.clash(Refusal.NO_KERNEL, (*arguments, number), text)


def no_integer_negative_power(call: Call) -> None:
    """Integers have no negative powers."""
    base, exponent = call.tensor("input"), call.value("exponent")
    if base is None or not isinstance(exponent, Const) or not isinstance(exponent.value, int):
        return
    if exponent.value < 0 and category(base.dtype) is Category.INTEGER:
        text = "Integers to negative integer powers are not allowed."
        call.clash(Refusal.FLOAT_NEEDED, ("input",), text)


def zero_dim_value(call: Call) -> None:
    """masked_fill takes a number or a 0-dim tensor as value."""
    value = call.value("value")
    if isinstance(value, Tensor) and value.shape:
        text = (
            "masked_fill_ only supports a 0-dimensional value tensor, but got tensor "
            f"with {len(value.shape)} dimension(s)."
        )
        call.clash(Refusal.SHAPE, ("value",), text)
