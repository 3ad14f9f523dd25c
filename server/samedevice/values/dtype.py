"""Element types and PyTorch's promotion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import product

from samedevice.dataclass import dataclass
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown, Why


class Category(IntEnum):
    """PyTorch promotes within a category only, unless the operands are of different dimension."""

    BOOL = 0
    INTEGER = 1
    FLOAT = 2
    COMPLEX = 3


@dataclass(frozen=True, slots=True)
class DType:
    """One element type by its torch name: `float32`."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class SymDType:
    """A dtype known only by name: "the dtype of self". Equal ids are one dtype."""

    id: str
    text: str
    floating: bool = False
    """Whether it is surely a floating dtype."""

    def __str__(self) -> str:
        return self.text


AnyDType = DType | SymDType | Choice["AnyDType"] | Unknown

BOOL, UINT8, INT8, INT16 = DType("bool"), DType("uint8"), DType("int8"), DType("int16")
INT32, INT64 = DType("int32"), DType("int64")
FLOAT16, BFLOAT16, FLOAT32, FLOAT64 = DType("float16"), DType("bfloat16"), DType("float32"), DType("float64")
COMPLEX32, COMPLEX64, COMPLEX128 = DType("complex32"), DType("complex64"), DType("complex128")

ALIASES = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "short": "int16",
    "int": "int32",
    "long": "int64",
    "chalf": "complex32",
    "cfloat": "complex64",
    "cdouble": "complex128",
}
"""torch's second names."""

_FLOATS = {"float16": 1, "bfloat16": 1, "float32": 2, "float64": 3}
_COMPLEX = {"complex32": 1, "complex64": 2, "complex128": 3}
_SIGNED = {"int8": 8, "int16": 16, "int32": 32, "int64": 64}
_UNSIGNED = {"uint8": 8, "uint16": 16, "uint32": 32, "uint64": 64}
_FLOAT8 = frozenset({"float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu"})
NAMES = frozenset({"bool", *_FLOATS, *_COMPLEX, *_SIGNED, *_UNSIGNED, *_FLOAT8})
"""Every dtype that promotion knows."""


def dtype_named(name: str) -> DType | None:
    """The dtype of a torch name without its module: `long`, `float32`."""
    name = ALIASES.get(name, name)
    return DType(name) if name in NAMES else None


def category(dtype: AnyDType) -> Category | None:
    """The category of a plain dtype; None where it is not known."""
    if isinstance(dtype, SymDType):
        return Category.FLOAT if dtype.floating else None
    if not isinstance(dtype, DType):
        return None
    if dtype.name in _FLOATS or dtype.name in _FLOAT8:
        return Category.FLOAT
    if dtype.name in _SIGNED or dtype.name in _UNSIGNED:
        return Category.INTEGER
    if dtype.name in _COMPLEX:
        return Category.COMPLEX
    return Category.BOOL if dtype.name == "bool" else None


def is_floating(dtype: AnyDType) -> bool | None:
    """Whether a plain dtype is floating (not complex); None where it is not known."""
    found = category(dtype)
    return None if found is None else found is Category.FLOAT


def is_inexact(dtype: AnyDType) -> bool | None:
    """Whether a plain dtype is floating or complex; None where it is not known."""
    found = category(dtype)
    return None if found is None else found >= Category.FLOAT


def complex_of(dtype: AnyDType) -> AnyDType:
    """The complex dtype whose parts are `dtype`."""
    pairs = {"float16": COMPLEX32, "bfloat16": COMPLEX64, "float32": COMPLEX64, "float64": COMPLEX128}
    if isinstance(dtype, DType):
        return pairs.get(dtype.name, dtype if dtype.name in _COMPLEX else Unknown(Why.NOT_MODELLED))
    return Unknown(Why.NOT_MODELLED)


def real_of(dtype: AnyDType) -> AnyDType:
    """The dtype of the parts of a complex dtype; any other dtype itself."""
    pairs = {"complex32": FLOAT16, "complex64": FLOAT32, "complex128": FLOAT64}
    return pairs.get(dtype.name, dtype) if isinstance(dtype, DType) else dtype


def promote(first: AnyDType, second: AnyDType) -> AnyDType:
    """torch.promote_types for two plain dtypes."""
    if first == second:
        return first
    if not isinstance(first, DType) or not isinstance(second, DType):
        return _promote_symbol(first, second)
    low, high = sorted((first, second), key=lambda dtype: category(dtype) or Category.BOOL)
    low_category, high_category = category(low), category(high)
    if low_category is None or high_category is None or high.name in _FLOAT8 or low.name in _FLOAT8:
        return Unknown(Why.NOT_MODELLED)
    if low_category is high_category:
        return _widest(low, high)
    if high_category is Category.COMPLEX and low_category is Category.FLOAT:
        return _widest(high, low if low.name in _COMPLEX else _as_complex(low))
    return high


def _promote_symbol(first: AnyDType, second: AnyDType) -> AnyDType:
    """Promotion where one side is only a symbol or not known: the floating side wins over integers."""
    for one, other in ((first, second), (second, first)):
        if isinstance(one, Unknown):
            return one
        below = category(other)
        if isinstance(one, SymDType) and one.floating and below is not None and below < Category.FLOAT:
            return one
    return Unknown(Why.NOT_MODELLED)


def _as_complex(dtype: DType) -> DType:
    found = complex_of(dtype)
    return found if isinstance(found, DType) else dtype


def _widest(first: DType, second: DType) -> AnyDType:
    """The dtype of a category that holds both."""
    names = {first.name, second.name}
    if names == {"float16", "bfloat16"}:
        return FLOAT32
    for ladder in (_FLOATS, _COMPLEX, _SIGNED):
        if names <= ladder.keys():
            return DType(max(names, key=lambda name: ladder[name]))
    if names <= _UNSIGNED.keys():
        # Only uint8 takes part in promotion; the wide unsigned types promote with nothing but themselves and floats.
        return Unknown(Why.NOT_MODELLED)
    signed = next(name for name in names if name in _SIGNED)
    unsigned = next(name for name in names if name in _UNSIGNED)
    if unsigned != "uint8":
        return Unknown(Why.NOT_MODELLED)
    return DType(signed) if signed != "int8" else INT16


@dataclass(frozen=True, slots=True)
class Operand:
    """What promotion sees of an operand; `zero_dim` is None where the rank is not known."""

    dtype: AnyDType
    zero_dim: bool | None
    number: bool = False
    """A Python number, which decides least."""


def result_type(operands: Iterable[Operand], default: AnyDType = FLOAT32) -> AnyDType:
    """torch.result_type: tensors decide before 0-dim tensors, and these before numbers, category by category."""
    listed = list(operands)
    open_ranks = [index for index, operand in enumerate(listed) if operand.zero_dim is None and not operand.number]
    if len(open_ranks) > 3:
        return _all_equal(listed)
    found: AnyDType | None = None
    for ranks in product((False, True), repeat=len(open_ranks)):
        decided = dict(zip(open_ranks, ranks, strict=True))
        answer = _result_type(listed, decided, default)
        if found is not None and found != answer:
            return Unknown(Why.NOT_MODELLED)
        found = answer
    return found if found is not None else Unknown(Why.NOT_MODELLED)


def _all_equal(operands: Sequence[Operand]) -> AnyDType:
    """The one dtype of all tensors, or nothing known."""
    dtypes = {operand.dtype for operand in operands if not operand.number}
    return dtypes.pop() if len(dtypes) == 1 else Unknown(Why.NOT_MODELLED)


def _result_type(operands: Sequence[Operand], decided: dict[int, bool], default: AnyDType) -> AnyDType:
    """`result_type` where every rank is decided."""
    levels: list[list[AnyDType]] = [[], [], []]
    for index, operand in enumerate(operands):
        if operand.number:
            levels[2].append(operand.dtype)
        else:
            levels[1 if decided.get(index, operand.zero_dim) else 0].append(operand.dtype)
    found: AnyDType | None = None
    for number, level in enumerate(levels):
        for dtype in level[1:]:
            level[0] = promote(level[0], dtype)
        if level:
            found = level[0] if found is None else _combined(found, level[0], number == 2, default)
    return found if found is not None else Unknown(Why.NOT_MODELLED)


def _combined(higher: AnyDType, lower: AnyDType, number: bool, default: AnyDType) -> AnyDType:
    """What a level of more weight and one of less give together."""
    if higher == lower:
        return higher
    above, below = category(higher), category(lower)
    if above is None or below is None:
        return _uncertain(higher, lower, above, below)
    if above >= below:
        return higher
    if number and below is Category.FLOAT:
        return default
    if number and below is Category.COMPLEX:
        return complex_of(higher if above is Category.FLOAT else default)
    return promote(higher, lower)


def _uncertain(higher: AnyDType, lower: AnyDType, above: Category | None, below: Category | None) -> AnyDType:
    """`_combined` where a category is not known: what has little weight hardly changes a floating dtype."""
    if below is Category.BOOL or (above is not None and above >= Category.FLOAT):
        return higher
    if below is Category.INTEGER and isinstance(higher, SymDType):
        return higher
    return lower if isinstance(lower, Unknown) else Unknown(Why.NOT_MODELLED)


def number_dtype(kind: str, default: AnyDType = FLOAT32) -> AnyDType:
    """The dtype a Python number of a type counts as."""
    match kind:
        case "bool":
            return BOOL
        case "int":
            return INT64
        case "float":
            return default
        case "complex":
            return complex_of(default)
    return Unknown(Why.NOT_MODELLED)


def can_cast(source: AnyDType, target: AnyDType) -> bool | None:
    """Whether an in-place op may write `source` into `target`; None where it is not known."""
    above, below = category(source), category(target)
    if above is None or below is None:
        return None
    return above <= below
