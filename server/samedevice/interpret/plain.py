"""Python's own numbers, strings and containers under operators."""

from __future__ import annotations

import ast
import operator as python
import re
from collections.abc import Callable
from typing import Any

from samedevice.interpret import calls, iteration
from samedevice.interpret.budget import ITEMS, TEXT
from samedevice.interpret.context import Run
from samedevice.interpret.heap import DictObject, Instance, ListObject
from samedevice.interpret.join import join_values
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, Many, Ref, Scalar, Tuple, Value

_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "Add": python.add,
    "Sub": python.sub,
    "Mult": python.mul,
    "Div": python.truediv,
    "FloorDiv": python.floordiv,
    "Mod": python.mod,
    "Pow": python.pow,
    "BitAnd": python.and_,
    "BitOr": python.or_,
    "BitXor": python.xor,
    "LShift": python.lshift,
    "RShift": python.rshift,
    "Lt": python.lt,
    "LtE": python.le,
    "Gt": python.gt,
    "GtE": python.ge,
    "Eq": python.eq,
    "NotEq": python.ne,
}
_UNARY: dict[str, Callable[[Any], Any]] = {"USub": python.neg, "UAdd": python.pos, "Invert": python.invert}
_COMPARISONS = frozenset({"Lt", "LtE", "Gt", "GtE", "Eq", "NotEq"})
_METHODS = {
    "Add": ("__add__", "__radd__"),
    "Sub": ("__sub__", "__rsub__"),
    "Mult": ("__mul__", "__rmul__"),
    "Div": ("__truediv__", "__rtruediv__"),
    "FloorDiv": ("__floordiv__", "__rfloordiv__"),
    "Mod": ("__mod__", "__rmod__"),
    "Pow": ("__pow__", "__rpow__"),
    "MatMult": ("__matmul__", "__rmatmul__"),
    "BitAnd": ("__and__", "__rand__"),
    "BitOr": ("__or__", "__ror__"),
    "BitXor": ("__xor__", "__rxor__"),
    "Lt": ("__lt__", "__gt__"),
    "Gt": ("__gt__", "__lt__"),
}
UNKNOWN = Unknown(Why.NOT_MODELLED)


def binary(run: Run, node: ast.AST, name: str, left: Value, right: Value) -> Value:
    """`left operator right` where neither is a tensor."""
    for value, first in ((left, True), (right, False)):
        if isinstance(value, Choice):
            yes, no = run.fresh(value.yes), run.fresh(value.no)
            one = binary(run, node, name, yes if first else left, right if first else yes)
            other = binary(run, node, name, no if first else left, right if first else no)
            return join_values(value.key, one, other)
    if isinstance(left, Const) and isinstance(right, Const):
        return _constants(name, left.value, right.value)
    custom = overloaded(run, node, name, left, right)
    if custom is not None:
        return custom
    if name in _COMPARISONS:
        return _compared(left, right, name)
    return _containers(run, name, left, right) or _numbers(name, left, right)


def overloaded(run: Run, node: ast.AST, name: str, left: Value, right: Value) -> Value | None:
    """A user's own operator method."""
    forward, backward = _METHODS.get(name, ("", ""))
    for one, other, method in ((left, right, forward), (right, left, backward)):
        own = isinstance(run.object(one), Instance) if isinstance(one, Ref) else isinstance(one, Tuple) and one.fields
        if own and method:
            answer = calls.operator_method(run, node, one, method, [other])
            if answer is not None:
                return answer
    return None


def _constants(name: str, left: Any, right: Any) -> Value:
    function = _FUNCTIONS.get(name)
    if function is None or _huge(name, left, right):
        return UNKNOWN
    try:
        found = function(left, right)
    except Exception:  # whatever Python raises here, the program would raise
        return UNKNOWN
    return Const(found) if not isinstance(found, str | bytes) or len(found) <= TEXT else Scalar("str")


def _huge(name: str, left: Any, right: Any) -> bool:
    if name in ("Pow", "LShift"):
        return (isinstance(right, int | float) and abs(right) > 64) or (isinstance(left, int) and abs(left) > 1 << 64)
    if name == "Mult":
        return (isinstance(left, str) and isinstance(right, int) and right > 1000) or isinstance(right, str)
    return name == "Mod" and isinstance(left, str) and (len(left) > TEXT or re.search(r"\d{4}", left) is not None)


def _compared(left: Value, right: Value, name: str) -> Value:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        if isinstance(left, Unknown) and left.symbol and isinstance(right, Const):
            words = f"{left.text or left.symbol} {name} {right.value!r}"
            return Unknown(left.why, f"{left.symbol}{name}{right.value!r}", words)
        return UNKNOWN
    if isinstance(left, Scalar) and left.symbol and isinstance(right, Const):
        return Scalar(
            "bool", f"{left.symbol}{name}{right.value!r}", f"{left.text or left.symbol} {name} {right.value!r}"
        )
    return Scalar("bool")


def _containers(run: Run, name: str, left: Value, right: Value) -> Value | None:
    if name == "Add" and (_sequence(run, left) or _sequence(run, right)):
        return _added(run, left, right)
    if name == "Mult":
        for sequence, times in ((left, right), (right, left)):
            if _sequence(run, sequence):
                return _repeated(run, sequence, times)
    if name == "BitOr" and isinstance(left, Ref) and isinstance(right, Ref):
        one, two = run.object(left), run.object(right)
        if isinstance(one, DictObject) and isinstance(two, DictObject):
            rest = one.rest if two.rest is None else two.rest
            return run.new(DictObject({**one.items, **two.items}, rest))
    if name == "Mod" and isinstance(left, Const) and isinstance(left.value, str):
        return _formatted(run, left.value, right)
    return None


def repeatable(run: Run, value: Value) -> bool:
    """Whether `value * n` is the same several times over, also where `n` is a tensor of one integer."""
    return is_text(value) or _sequence(run, value)


def is_text(value: Value) -> bool:
    """Whether a value is surely a string."""
    text = isinstance(value, Const) and isinstance(value.value, str)
    return text or (isinstance(value, Scalar) and value.type == "str")


def _sequence(run: Run, value: Value) -> bool:
    return isinstance(value, Tuple | Many) or (isinstance(value, Ref) and isinstance(run.object(value), ListObject))


def _added(run: Run, left: Value, right: Value) -> Value:
    first, exact = iteration.items_of(run, left, None)
    second, also = iteration.items_of(run, right, None)
    items = [*first, *second]
    if isinstance(left, Ref) or isinstance(right, Ref):
        return iteration.make_list(run, items, exact and also, "list")
    if exact and also and len(items) <= ITEMS:
        return Tuple(tuple(items))
    return Many(iteration.common_item(run, items))


def _repeated(run: Run, sequence: Value, times: Value) -> Value:
    items, exact = iteration.items_of(run, sequence, None)
    count = times.value if isinstance(times, Const) and isinstance(times.value, int) else None
    if exact and count is not None and len(items) * max(count, 0) <= ITEMS:
        repeated = items * count
        return (
            Tuple(tuple(repeated)) if isinstance(sequence, Tuple) else iteration.make_list(run, repeated, True, "list")
        )
    item = iteration.common_item(run, items)
    return Many(item) if isinstance(sequence, Tuple | Many) else iteration.make_list(run, [item], False, "list")


def _formatted(run: Run, template: str, right: Value) -> Value:
    if re.search(r"\d{4}", template):
        return Scalar("str")  # a width that could make a text of gigabytes
    given = [item.value for item in right.items if isinstance(item, Const)] if isinstance(right, Tuple) else []
    if isinstance(right, Const):
        given = [right.value]
    elif not isinstance(right, Tuple) or len(given) != len(right.items):
        return Scalar("str")
    try:
        return Const(template % tuple(given))
    except (TypeError, ValueError):
        return Scalar("str")


def _numbers(name: str, left: Value, right: Value) -> Value:
    one, other = type_of(left), type_of(right)
    if "str" in (one, other):
        return Scalar("str") if name in ("Add", "Mod", "Mult") else UNKNOWN
    if one is None or other is None:
        return UNKNOWN
    if name == "Div":
        return Scalar("float")
    if "complex" in (one, other):
        return Scalar("complex")
    return Scalar("float" if "float" in (one, other) else "int")


def type_of(value: Value) -> str | None:
    """The name of a plain value's Python type."""
    match value:
        case Const(value=inner):
            return type(inner).__name__
        case Scalar():
            return value.type
    return None


def unary(run: Run, name: str, value: Value) -> Value:
    """`-x`, `+x`, `~x` of a plain value."""
    if isinstance(value, Choice):
        return join_values(value.key, unary(run, name, value.yes), unary(run, name, value.no))
    if isinstance(value, Const):
        try:
            return Const(_UNARY[name](value.value))
        except TypeError:
            return UNKNOWN
    found = calls.operator_method(
        run, None, value, {"USub": "__neg__", "Invert": "__invert__"}.get(name, "__pos__"), []
    )
    if found is not None:
        return found
    kind = type_of(value)
    return Scalar("int" if kind == "bool" else kind) if kind in ("int", "float", "bool") else UNKNOWN
