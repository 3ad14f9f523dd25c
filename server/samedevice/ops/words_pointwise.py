"""Words that only element-wise ops need."""

from __future__ import annotations

from samedevice.ops.call import CLASHED, Call, DeviceFacet, DTypeFacet, decided
from samedevice.ops.outcome import Refusal
from samedevice.ops.row import Made
from samedevice.ops.texts import device_name, scalar_type
from samedevice.ops.words_device import checked, following, same_device
from samedevice.ops.words_dtype import floated, promoted_type, promotes
from samedevice.values.device import CPU
from samedevice.values.dtype import FLOAT64, INT32, AnyDType, complex_of, is_inexact
from samedevice.values.value import Const, How, Many, Tensor, Tuple, Value


def division_dtype(call: Call) -> DTypeFacet:
    """True division floats; with a rounding mode it does not."""
    return floated(call) if call.absent("rounding_mode") else promotes("input", "other")(call)


def at_least_double(call: Call) -> DTypeFacet:
    """torch.float_power computes in float64 or complex128."""
    found: AnyDType = promoted_type(call, "input", "exponent")
    inexact = is_inexact(found)
    is_complex = inexact and complex_of(found) == found
    dtype = complex_of(FLOAT64) if is_complex else FLOAT64
    return dtype, decided(How.FIXED, "torch.float_power computes in float64")


def compared(call: Call, made: Made) -> Value:
    """A comparison; `==` and `!=` with what is no number are Python's."""
    other = call.value("other")
    if isinstance(other, Const) and (other.value is None or isinstance(other.value, str)):
        if call.short in ("eq", "__eq__"):
            return Const(False)
        if call.short in ("ne", "__ne__"):
            return Const(True)
    return made.tensor()


def scalar_first_refused(call: Call) -> None:
    """The CUDA kernel of logical_and and its kin takes a CPU scalar as second operand only."""
    first, second = call.tensor("input"), call.tensor("other")
    if first is None or second is None or first.device != CPU or first.shape != ():
        return
    from_first, from_second = call.tensors(("input", "other"))
    call.devices_clash(
        from_first,
        from_second,
        lambda: (
            "Expected all tensors to be on the same device, but found at least two devices, "
            f"{device_name(second.device)} and cpu!"
        ),
    )


def clamp_device(call: Call) -> DeviceFacet:
    """Bounds that are tensors must be on the input's device; one CPU scalar among them is let pass by nobody."""
    if isinstance(call.value("min"), Tensor) or isinstance(call.value("max"), Tensor):
        return checked("clamp_Tensor", self="input", min="min", max="max")(call)
    return following("input")(call)


def masked_fill_device(call: Call) -> DeviceFacet:
    """The mask must be where the input is; the value may be a CPU scalar."""
    own, mask = call.tensor("input"), call.tensor("mask")
    if own is not None and mask is not None:
        givens = call.tensors(("input", "mask"))
        text = (
            "expected self and mask to be on the same device, but got mask on "
            f"{device_name(mask.device)} and self on {device_name(own.device)}"
        )
        if call.devices_clash(givens[0], givens[1], lambda: text):
            return CLASHED, None
    return following("input")(call)


def where_device(call: Call) -> DeviceFacet:
    """Condition and branches on one device; CPU scalars among the branches pass."""
    return same_device(call)


def where_one(call: Call, made: Made) -> Value:
    """torch.where(condition): the indices of each dimension."""
    shape = call.shape("condition")
    item = made.shaped((None,))
    if shape is None:
        return Many(item)
    return Tuple((item,) * max(1, len(shape)))


def rounded_floats(call: Call) -> None:
    """torch.round takes integers only where no number of decimals is given."""
    own = call.tensor("input")
    if "decimals" not in call.given or own is None or own.device != CPU or is_inexact(own.dtype) is not False:
        return
    kernel = "round_vml_cpu" if call.integer("decimals") == 0 else "round_cpu"
    text = f"\"{kernel}\" not implemented for '{scalar_type(own.dtype)}'"
    call.clash(Refusal.FLOAT_NEEDED, ("input",), text, error="NotImplementedError")


def frexp_result(call: Call, made: Made) -> Value:
    """Mantissa and exponent."""
    return Tuple((made.tensor(), made.typed(INT32).tensor()), ("mantissa", "exponent"))
