"""Words for the dtype of a result."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from samedevice.ops.arguments import dtype_of
from samedevice.ops.call import Call, DTypeFacet, decided, zero_dim
from samedevice.values.dtype import (
    INT64,
    AnyDType,
    Category,
    DType,
    Operand,
    category,
    complex_of,
    is_inexact,
    number_dtype,
    real_of,
    result_type,
)
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Array, Const, How, Many, Scalar, Tensor, Tuple, Value

DTypeWord = Callable[[Call], DTypeFacet]
NOT_KNOWN: DTypeFacet = (Unknown(Why.NOT_MODELLED), None)


def promotion_operand(value: Value, default: AnyDType) -> Operand | None:
    """What promotion sees of a value; None where it takes no part (None, strings)."""
    match value:
        case Tensor(dtype=dtype):
            return Operand(dtype, zero_dim(value))
        case Const(value=bool() | int() | float() | complex() as number):
            return Operand(number_dtype(type(number).__name__, default), True, number=True)
        case Scalar(type=kind):
            return Operand(number_dtype(kind, default), True, number=True)
        case Array(dtype=dtype, shape=shape, scalar=scalar):
            return Operand(dtype, scalar or (None if shape is None else not shape), number=scalar)
        case Unknown() as unknown:
            return Operand(unknown, None)
    return None


def operands_of(call: Call, names: Iterable[str]) -> list[Operand]:
    """The operands of a call for promotion, items of sequences one by one."""
    found: list[Operand] = []
    for name in names:
        value = Const(2) if name == "two" else call.value(name)
        items = value.items if isinstance(value, Tuple) else (value.item,) if isinstance(value, Many) else (value,)
        for item in items:
            operand = promotion_operand(item, call.context.default_dtype)
            if operand is not None:
                found.append(operand)
    return found


def promoted_type(call: Call, *names: str) -> AnyDType:
    """The common dtype of some arguments."""
    return result_type(operands_of(call, names), call.context.default_dtype)


def _with_origin(call: Call, dtype: AnyDType, names: Iterable[str]) -> DTypeFacet:
    """A dtype with the origin of the argument that has it already."""
    for given in call.tensors(names):
        if given.tensor is not None and given.tensor.dtype == dtype:
            return dtype, given.tensor.dtype_from
    return dtype, decided(How.PROMOTED, f"promoted by {call.name}")


def promotes(*names: str) -> DTypeWord:
    """The common dtype of these arguments."""

    def word(call: Call) -> DTypeFacet:
        return _with_origin(call, promoted_type(call, *names), names)

    return word


promoted = promotes("input", "other")


def promotes_to_float(*names: str) -> DTypeWord:
    """The common dtype of these arguments, the default dtype for integers and bools."""

    def word(call: Call) -> DTypeFacet:
        found = promoted_type(call, *names)
        kind = category(found)
        if kind is None:
            return found, None
        if kind >= Category.FLOAT:
            return _with_origin(call, found, names)
        return call.context.default_dtype, decided(How.FIXED, f"{call.name} of integers gives the default dtype")

    return word


floated = promotes_to_float("input", "other")


def floated_elements(call: Call) -> DTypeFacet:
    """`floated`, except that a tensor without elements comes back as it is."""
    return follows()(call) if 0 in (call.shape("input") or ()) else floated(call)


def fixed(name: str) -> DTypeWord:
    """Always this dtype."""
    dtype = DType(name)

    def word(call: Call) -> DTypeFacet:
        return dtype, decided(How.FIXED, f"{call.name} gives {name}")

    return word


def follows(name: str = "input") -> DTypeWord:
    """The dtype of one argument."""

    def word(call: Call) -> DTypeFacet:
        value = call.value(name)
        if isinstance(value, Tuple) and value.items:
            value = value.items[0]
        if isinstance(value, Many):
            value = value.item
        if isinstance(value, Tensor):
            return value.dtype, value.dtype_from
        return NOT_KNOWN

    return word


def real_part(call: Call) -> DTypeFacet:
    """The dtype of the input, its parts' for a complex one."""
    dtype, origin = follows("input")(call)
    return real_of(dtype), origin


def float_of_input(call: Call) -> DTypeFacet:
    """The dtype of the input; the default dtype for integers; the parts' for a complex one."""
    dtype, origin = promotes_to_float("input")(call)
    return real_of(dtype), origin


def complex_of_input(call: Call) -> DTypeFacet:
    """The complex dtype of the input, as Fourier transforms give it."""
    dtype, origin = promotes_to_float("input")(call)
    return complex_of(dtype), origin


def given_dtype(call: Call) -> DTypeFacet:
    """The `dtype=` argument, else the default dtype."""
    given = dtype_of(call.value("dtype"))
    if given is not None:
        return given, decided(How.GIVEN, f"given to {call.name}")
    return call.context.default_dtype, decided(How.DEFAULT, f"the default of {call.name}")


def given_or(otherwise: DTypeWord) -> DTypeWord:
    """The `dtype=` argument, else what another word says."""

    def word(call: Call) -> DTypeFacet:
        return otherwise(call) if call.absent("dtype") else given_dtype(call)

    return word


def numbers(*names: str) -> DTypeWord:
    """`dtype=`, else int64 where all numbers are integers, else the default dtype: torch.arange."""

    def word(call: Call) -> DTypeFacet:
        if not call.absent("dtype"):
            return given_dtype(call)
        found = promoted_type(call, *names)
        if isinstance(found, DType) and is_inexact(found) is False:
            return INT64, decided(How.DEFAULT, f"{call.name} of integers gives int64")
        if is_inexact(found):
            return call.context.default_dtype, decided(How.DEFAULT, f"the default of {call.name}")
        return NOT_KNOWN

    return word


def summed(call: Call) -> DTypeFacet:
    """`dtype=`, else the input's, int64 for integers and bools: sums and products."""
    if not call.absent("dtype"):
        return given_dtype(call)
    dtype, origin = follows("input")(call)
    inexact = is_inexact(dtype)
    if inexact is None:
        return (dtype, origin) if not isinstance(dtype, Unknown) else NOT_KNOWN
    return (dtype, origin) if inexact else (INT64, decided(How.FIXED, f"{call.name} of integers gives int64"))


def complex_of_real(call: Call) -> DTypeFacet:
    """The complex dtype whose parts are the first argument's."""
    first = next(iter(call.tensors(call.arguments)), None)
    return complex_of(first.dtype) if first else NOT_KNOWN[0], decided(How.FIXED, f"made of parts by {call.name}")


def byte_or_bool(call: Call) -> DTypeFacet:
    """torch.all and torch.any: bool, except that uint8 stays uint8."""
    tensor = call.tensor("input")
    if tensor is not None and tensor.dtype == DType("uint8"):
        return tensor.dtype, tensor.dtype_from
    return fixed("bool")(call)


def real_promoted(call: Call) -> DTypeFacet:
    """The common dtype of input and other (or target), its parts' where it is complex."""
    dtype, origin = promotes(*list(call.arguments)[:2])(call)
    return real_of(dtype), origin


def promotes_plainly(*names: str) -> DTypeWord:
    """torch.promote_types of these arguments: a 0-dim tensor counts as much as any other."""

    def word(call: Call) -> DTypeFacet:
        operands = [Operand(operand.dtype, False) for operand in operands_of(call, names)]
        return _with_origin(call, result_type(operands, call.context.default_dtype), names)

    return word


def int32_if_asked(call: Call) -> DTypeFacet:
    """int64, or int32 with `out_int32=True`."""
    flag = call.flag("out_int32")
    if flag is None:
        return NOT_KNOWN
    return fixed("int32" if flag else "int64")(call)


def real_float(*names: str) -> DTypeWord:
    """The common dtype of these arguments as a real floating one: distances."""
    word_of = promotes_to_float(*names)

    def word(call: Call) -> DTypeFacet:
        dtype, origin = word_of(call)
        return real_of(dtype), origin

    return word
