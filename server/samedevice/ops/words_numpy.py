"""Words for numpy: its promotion, creation and reading of tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from samedevice.ops.arguments import dtype_of
from samedevice.ops.call import Call, NotUnderstood, decided, dim_of, shape_of
from samedevice.ops.words_move import check_numpy
from samedevice.ops.words_shape import broadcast_shapes, total
from samedevice.values.dtype import (
    BOOL,
    COMPLEX128,
    FLOAT16,
    FLOAT32,
    FLOAT64,
    INT64,
    AnyDType,
    Category,
    DType,
    category,
    promote,
)
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    Array,
    Const,
    How,
    Many,
    Origin,
    Scalar,
    Shape,
    Tensor,
    Tuple,
    Value,
)

Word = Callable[[Call], Value]
NOT_KNOWN = Unknown(Why.NOT_MODELLED)
_SMALL = {"bool": FLOAT16, "int8": FLOAT16, "uint8": FLOAT16, "int16": FLOAT32, "uint16": FLOAT32}
"""What numpy's floating functions give for small integers; float64 for the others."""


class Operand(NamedTuple):
    """A value as numpy sees it; `weak` Python numbers give way to any array of their category."""

    dtype: AnyDType
    shape: Shape | None
    weak: bool = False
    tensor: bool = False
    scalar: bool = False


def operand(call: Call, name: str, value: Value) -> Operand:
    """A value read as an array; tensors are refused where numpy cannot read them."""
    match value:
        case Array(dtype=dtype, shape=shape, scalar=scalar):
            return Operand(dtype, () if scalar else shape, scalar=scalar)
        case Tensor(dtype=dtype, shape=shape):
            check_numpy(call, name, value)
            return Operand(dtype, shape, tensor=True)
        case Const(value=bool() | int() | float() | complex() as number):
            return Operand(python_dtype(type(number).__name__), (), weak=True, scalar=True)
        case Scalar(type=kind):
            return Operand(python_dtype(kind), (), weak=True, scalar=True)
        case Tuple(items=items):
            return _listed(call, name, items, len(items))
        case Many(item=item):
            inner = operand(call, f"{name}[0]", item)
            return Operand(inner.dtype, None if inner.shape is None else (None, *inner.shape))
    return Operand(NOT_KNOWN, None)


def _listed(call: Call, name: str, items: tuple[Value, ...], count: int) -> Operand:
    if not items:
        return Operand(FLOAT64, (0,))
    inner = [operand(call, f"{name}[{index}]", item) for index, item in enumerate(items)]
    shape = inner[0].shape
    return Operand(common(inner, weakly=False), None if shape is None else (count, *shape))


def python_dtype(kind: str) -> AnyDType:
    """The dtype of an array of Python numbers."""
    found = {"bool": BOOL, "int": INT64, "float": FLOAT64, "complex": COMPLEX128}
    return found.get(kind, NOT_KNOWN)


def common(operands: Iterable[Operand], weakly: bool = True) -> AnyDType:
    """numpy's result_type: Python numbers count by category only."""
    strong = [one.dtype for one in operands if not (one.weak and weakly)]
    weak = [one.dtype for one in operands if one.weak and weakly]
    if not strong:
        strong, weak = weak, []
    found: AnyDType = strong[0] if strong else NOT_KNOWN
    for dtype in strong[1:]:
        found = numpy_promote(found, dtype)
    for dtype in weak:
        found = _with_weak(found, dtype)
    return found


def _with_weak(strong: AnyDType, weak: AnyDType) -> AnyDType:
    above, below = category(strong), category(weak)
    if above is None:
        return strong if isinstance(strong, Unknown) else NOT_KNOWN
    if below is None:
        return strong if above >= Category.FLOAT else NOT_KNOWN
    if above >= below:
        return strong
    if below is Category.COMPLEX and above is Category.FLOAT:
        return promote(strong, DType("complex64"))
    return weak


def numpy_promote(first: AnyDType, second: AnyDType) -> AnyDType:
    """numpy.promote_types: wide integers make floats wide."""
    if first == second:
        return first
    one, other = category(first), category(second)
    if one is None or other is None:
        return NOT_KNOWN
    if one < other:
        first, second, one, other = second, first, other, one
    if one is Category.FLOAT and other is Category.INTEGER:
        return promote(first, _float_for(second))
    return promote(first, second)


def _float_for(integer: AnyDType) -> AnyDType:
    return _SMALL.get(integer.name, FLOAT64) if isinstance(integer, DType) else NOT_KNOWN


def floating(dtype: AnyDType) -> AnyDType:
    """The dtype of sin and its kin."""
    found = category(dtype)
    if found is None:
        return dtype
    return dtype if found >= Category.FLOAT else _float_for(dtype)


def origin(call: Call, words: str = "") -> Origin:
    """numpy decided."""
    return decided(How.NUMPY, words or f"{call.name} gives it")


def made(call: Call, dtype: AnyDType, shape: Shape | None, scalar: bool = False) -> Array:
    """An array with its origin."""
    words = f"numpy's {dtype}, given by {call.name}" if isinstance(dtype, DType) else f"given by {call.name}"
    return Array(dtype, shape, scalar=scalar, dtype_from=origin(call, words))


def given(call: Call, otherwise: AnyDType, name: str = "dtype") -> AnyDType:
    """The `dtype=` argument, else numpy's own choice."""
    return dtype_of(call.value(name), numpy=True) or otherwise


def size_of(call: Call, name: str) -> Shape | None:
    """A shape argument."""
    return shape_of(call.value(name))


def created(dtype: str) -> Word:
    """numpy.zeros and its kin."""

    def word(call: Call) -> Value:
        return made(call, given(call, DType(dtype)), size_of(call, "shape"))

    return word


def created_like(call: Call) -> Value:
    """numpy.zeros_like and its kin."""
    source = operand(call, "a", call.value("a"))
    shape = source.shape if call.absent("shape") else size_of(call, "shape")
    return made(call, given(call, source.dtype), shape)


def full(call: Call) -> Value:
    """numpy.full: the dtype of the number."""
    fill = operand(call, "fill_value", call.value("fill_value"))
    return made(call, given(call, fill.dtype), size_of(call, "shape"))


def array(call: Call) -> Value:
    """numpy.array and numpy.asarray."""
    value = call.value("a")
    found = operand(call, "a", value)
    return made(call, given(call, found.dtype), found.shape)


def arange(call: Call) -> Value:
    """numpy.arange: int64 of integers, float64 of floats."""
    names = ("start", "stop", "step")
    operands = [operand(call, name, call.value(name)) for name in names if not call.absent(name)]
    count = None
    if call.value("start") == Const(0) and call.value("step") == Const(1):
        count = dim_of(call.value("stop"))
    return made(call, given(call, common(operands)), (count,))


def spaced(call: Call) -> Value:
    """numpy.linspace and its kin."""
    return made(call, given(call, FLOAT64), (dim_of(call.value("num")),))


def eye(call: Call) -> Value:
    """numpy.eye."""
    rows = dim_of(call.value("N"))
    columns = rows if call.absent("M") else dim_of(call.value("M"))
    return made(call, given(call, FLOAT64), (rows, columns))


def _may_be_one(value: Value) -> bool:
    """Whether a value is a tensor that may have just one element."""
    count = total(value.shape) if isinstance(value, Tensor) else 0
    return count == 1 or not isinstance(count, int)


def cast_scalar(name: str) -> Word:
    """numpy.float32(x)."""
    dtype = DType(name)

    def word(call: Call) -> Value:
        if dtype == FLOAT64 and _may_be_one(call.value("a")):
            return made(call, dtype, (), scalar=True)  # np.float64 is a Python float, and calls float(x)
        source = operand(call, "a", call.value("a"))
        if source.scalar or source.shape == ():
            return made(call, dtype, (), scalar=True)
        if source.shape is None and isinstance(source.dtype, Unknown):
            return made(call, dtype, None, scalar=True)
        return made(call, dtype, source.shape)

    return word


def ufunc(kind: str, *names: str) -> Word:
    """An element-wise function: `same` promotes, `float` floats, `bool` compares."""

    def word(call: Call) -> Value:
        operands = [operand(call, name, call.value(name)) for name in names]
        dtype = common(operands)
        if kind == "float":
            dtype = floating(dtype)
        elif kind == "divide":
            dtype = FLOAT64 if (category(dtype) or 9) < Category.FLOAT else dtype
        elif kind == "bool":
            dtype = BOOL
        return _applied(call, operands, given(call, dtype))

    return word


def _applied(call: Call, operands: list[Operand], dtype: AnyDType) -> Value:
    shape = broadcast_shapes([one.shape for one in operands])
    if any(one.tensor for one in operands):
        # Element-wise functions of tensors give tensors back.
        raise NotUnderstood(call.name)
    if all(one.weak for one in operands):
        return made(call, dtype, (), scalar=True)
    return made(call, dtype, shape, scalar=all(one.scalar for one in operands))


def where(call: Call) -> Value:
    """numpy.where."""
    condition = operand(call, "condition", call.value("condition"))
    if call.absent("x"):
        found = made(call, INT64, (None,))
        rank = len(condition.shape) if condition.shape is not None else None
        return Many(found) if rank is None else Tuple((found,) * max(1, rank))
    operands = [operand(call, name, call.value(name)) for name in ("x", "y")]
    shape = broadcast_shapes([condition.shape, *(one.shape for one in operands)])
    return made(call, common(operands), shape)


def reading(names: Sequence[str], word: Word) -> Word:
    """A word that also reads these arguments as arrays."""

    def both(call: Call) -> Value:
        for name in names:
            operand(call, name, call.value(name))
        return word(call)

    return both


def reads(names: Sequence[str], value: Value) -> Word:
    """Always this value, of arguments that numpy must be able to read.

    Files and tests are written on the host: nothing is said where only a caller could bring an accelerator's tensor.
    """

    def word(call: Call) -> Value:
        call.clashes[:] = [clash for clash in call.clashes if clash.certain]
        return value

    return reading(names, word)


def returns(value: Value) -> Word:
    """Always this."""

    def word(call: Call) -> Value:
        return value

    return word


def of_all(names: Sequence[str]) -> Word:
    """An array of the common dtype of some arguments."""

    def word(call: Call) -> Value:
        return made(call, common([operand(call, name, call.value(name)) for name in names]), None)

    return word


def histogram(call: Call) -> Value:
    """numpy.histogram: counts and edges."""
    return Tuple((made(call, INT64, (None,)), made(call, FLOAT64, (None,))))
