"""Asks the table: what a call of a public torch or numpy name gives, and what PyTorch refuses about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samedevice.ops import autocast, rows
from samedevice.ops.call import CLASHED, Call, NotUnderstood, type_name
from samedevice.ops.cases import Arguments, by_cases
from samedevice.ops.kernels import check_kernel
from samedevice.ops.methods import Resolved, in_source_order, resolved
from samedevice.ops.outcome import Context, Outcome, Refusal, unknown
from samedevice.ops.row import Made, Row
from samedevice.ops.signature import Signature, bound
from samedevice.ops.texts import words
from samedevice.ops.versions import in_words_of
from samedevice.ops.words_inplace import into_out, into_receiver
from samedevice.ops.words_shape import unknown_shape
from samedevice.values.device import Device
from samedevice.values.dtype import FLOAT64
from samedevice.values.unknown import Unknown
from samedevice.values.value import Array, Const, DTypeValue, Many, Ref, Scalar, Tensor, Tuple, Value

__all__ = ["call", "known", "signature"]

rows.load()

_TENSORS = frozenset(
    words(
        """input weight target mat mat1 mat2 vec vec1 vec2 batch1 batch2 mask index indices source src tensor grid
    tensor1 tensor2 x1 x2 input1 input2 anchor positive negative query other condition"""
    )
)
"""Parameters that take tensors only, where the signature says nothing else of them."""


def known(name: str) -> bool:
    """Whether a public name has a row."""
    return resolved(name) is not None


def signature(name: str) -> Signature | None:
    """The (first) signature of a public name."""
    found = resolved(name)
    return found.rows[0].signature if found else None


def call(name: str, args: Sequence[Value], kwargs: Mapping[str, Value], context: Context) -> Outcome:
    """What a call gives and what PyTorch refuses about it; never raises."""
    found = resolved(name)
    if found is None:
        return unknown()
    if found.reversed:
        args = in_source_order(args)

    def plainly(args: Sequence[Value], kwargs: Mapping[str, Value], context: Context) -> Outcome:
        try:
            return _plainly(name, found, args, kwargs, context)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            return unknown()

    def label(text: str, arguments: Arguments) -> Value | None:
        return _argument(found, text, arguments)

    return by_cases(args, kwargs, context, plainly, label)


def _argument(found: Resolved, text: str, arguments: Arguments) -> Value | None:
    """The argument that a clash names: `input`, `tensors[1]`."""
    name, _, rest = text.partition("[")
    for row in found.rows:
        values = bound(row.signature, *arguments)
        if values is not None and name in values:
            value: Value | None = values[name]
            for index in rest.replace("[", "").split("]"):
                if isinstance(value, Tuple) and index and int(index) < len(value.items):
                    value = value.items[int(index)]
                elif isinstance(value, Many) and index:
                    value = value.item
            return value
    return None


def _plainly(
    name: str, found: Resolved, args: Sequence[Value], kwargs: Mapping[str, Value], context: Context
) -> Outcome:
    """A call whose arguments leave no condition open."""
    fitting = []
    for row in found.rows:
        values = bound(row.signature, args, kwargs)
        if values is not None and _fits_all(row.signature.kinds, values):
            fitting.append((row, values))
    if not fitting or (len(fitting) > 1 and _ambiguous(*fitting[0])):
        return unknown()
    row, values = fitting[0]
    arguments = row.signature.defaults | values
    asked = Call(name, row.signature, arguments, frozenset(values), context, found.inplace)
    try:
        value = _evaluated(row, asked)
    except (NotUnderstood, LookupError, ValueError, ArithmeticError):
        # A word met arguments that PyTorch would not take either: sizes of no dimension, a kernel size of none.
        value = unknown().value
    return Outcome(value, in_words_of(context.torch, asked.clashes))


def _fits_all(kinds: Mapping[str, str], values: Mapping[str, Value]) -> bool:
    """Whether all values are of the kinds that the signature says."""
    return all(_fits(kind, values[name]) for name, kind in kinds.items() if name in values)


def _fits(kind: str, value: Value) -> bool:
    """Whether a value is of a kind."""
    if isinstance(value, Unknown | Ref):
        return True
    match kind:
        case "Tensor":
            return isinstance(value, Tensor)
        case "int":
            return _is_number(value, "int")
        case "ints":
            return _is_number(value, "int") or isinstance(value, Tuple | Many)
        case "number":
            return _is_number(value, "int", "float", "bool", "complex")
        case "str":
            return (isinstance(value, Const) and isinstance(value.value, str)) or (
                isinstance(value, Scalar) and value.type == "str"
            )
        case "dtype":
            return isinstance(value, DTypeValue)
        case "flag":
            return _is_number(value, "bool")
        case "sequence":
            return isinstance(value, Tuple | Many)
    return True


def _is_number(value: Value, *types: str) -> bool:
    match value:
        case Const(value=inner):
            return type(inner).__name__ in types
        case Scalar(type=kind):
            return kind in types or not kind
        case Array(scalar=True):
            return "float" in types
    return False


def _ambiguous(row: Row, values: Mapping[str, Value]) -> bool:
    """Whether the choice among overloads hangs on an argument that is not known."""
    return any(isinstance(values.get(name), Unknown) for name in row.signature.kinds)


def _evaluated(row: Row, asked: Call) -> Value:
    if _wrong_argument(row, asked):
        return CLASHED
    if row.does is not None:
        return row.does(asked)
    autocast.apply(asked)
    if asked.clashes:
        return CLASHED
    device, device_from = row.device(asked)
    if not asked.clashes:
        for check in row.checks:
            check(asked)
        check_kernel(asked)
    refused = bool(asked.clashes)
    dtype, dtype_from = row.dtype(asked)
    if any(clash.kind is not Refusal.DEVICE for clash in asked.clashes):
        dtype, dtype_from = _after_refusal(asked, dtype), None
    shape = row.shape(asked) if not refused else _quietly(row, asked)
    made = Made(device, device_from, dtype, dtype_from, shape, _gradient(row, asked))
    if asked.inplace:
        return into_receiver(asked, made)
    if not asked.absent("out"):
        return into_out(asked, made)
    if not refused:
        _check_mps(asked, made)
    return row.result(asked, made)


def _after_refusal(asked: Call, dtype: object) -> Unknown:
    return CLASHED


def _quietly(row: Row, asked: Call) -> tuple[int | str | None, ...] | None:
    """The shape of a refused call, without further complaints."""
    before = len(asked.clashes)
    shape = row.shape(asked) if row.shape is not unknown_shape else None
    del asked.clashes[before:]
    return shape


def _wrong_argument(row: Row, asked: Call) -> bool:
    """Refuse what surely is no tensor where one must be."""
    if not asked.name.startswith("torch."):
        return False
    if asked.signature.name in ("torch.eq", "torch.ne"):
        return False
    numbers_too = "other" in asked.arguments or "exponent" in asked.arguments
    method = asked.name.startswith("torch.Tensor.")
    for position, parameter in enumerate(row.signature.parameters, 1):
        name = parameter.name
        if parameter.kind not in ("", "Tensor") or parameter.default is not None or name not in _TENSORS:
            continue
        found = type_name(asked.value(name))
        # Equality of what is not known is a bool by our reckoning, and a tensor if they are tensors.
        if found is None or found == "bool" or (numbers_too and found in ("int", "float", "complex", "numpy.ndarray")):
            continue
        if method and position == 1:
            continue
        text = f"{asked.short}(): argument '{name}' (position {position - method}) must be Tensor, not {found}"
        asked.clash(Refusal.ARGUMENT, (name,), text, error="TypeError")
        return True
    return False


def _gradient(row: Row, asked: Call) -> bool | None:
    """Whether the result requires grad."""
    if asked.context.grad is False or not row.grad:
        given = asked.value("requires_grad")
        return given.value is True if isinstance(given, Const) else None
    found: bool | None = False
    for operand in asked.tensors(name for name in asked.arguments if name != "out"):
        grad = operand.tensor.requires_grad if operand.tensor else None
        if grad:
            return True if asked.context.grad else None
        found = None if grad is None else found
    if "requires_grad" in asked.given:
        return asked.flag("requires_grad")
    return found


def _check_mps(asked: Call, made: Made) -> None:
    """Refuse float64 that a call brings to an MPS device."""
    if asked.context.machine != "mps" or made.dtype != FLOAT64:
        return
    if isinstance(made.device, Device) and made.device.kind == "mps":
        asked.clash(
            Refusal.MPS_FLOAT64,
            ("input",) if "input" in asked.arguments else (),
            "Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support float64. "
            "Please use float32 instead.",
            error="TypeError",
        )
