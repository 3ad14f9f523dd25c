"""Whether a value is true: yes, no, or under which condition."""

from __future__ import annotations

import ast
from collections.abc import Callable

from samedevice.interpret import calls, tensors
from samedevice.interpret.context import Arguments, Run, text_of
from samedevice.interpret.heap import DictObject, Instance, ListObject
from samedevice.values.condition import Choice, Key, restricted
from samedevice.values.device import Device, SymDevice
from samedevice.values.unknown import Unknown
from samedevice.values.value import (
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Library,
    Many,
    Ref,
    Scalar,
    Tensor,
    Tuple,
    Value,
)

Decision = bool | tuple[Key, bool]


def decide(run: Run, value: Value, test: ast.expr | str) -> Decision:
    """True, False, or a key and the side of it on which the value is true; `test` is how the user wrote it."""
    if isinstance(value, Choice):
        value = restricted(value, run.state.path)
    if isinstance(value, Choice):
        return _decide_choice(run, value, test)
    if isinstance(value, Tensor) and isinstance(test, ast.expr):
        tensors.operation(run, test, "torch.Tensor.__bool__", Arguments([value], {}, [test]))
    plain = _plain(run, value)
    if plain is not None:
        return plain
    key = _key(value) or _opaque(run, test)
    for known, taken in run.state.path:
        if known == key:
            return taken
    return key, True


def _opaque(run: Run, test: ast.expr | str) -> Key:
    return run.opaque(test if isinstance(test, str) else text_of(test, run.frame.source))


def _decide_choice(run: Run, value: Choice[Value], text: ast.expr | str) -> Decision:
    yes = _under(run, value, True, text)
    no = _under(run, value, False, text)
    if isinstance(yes, bool) and isinstance(no, bool):
        return yes if yes == no else (value.key, yes)
    return _opaque(run, text), True


def _under(run: Run, value: Choice[Value], taken: bool, text: ast.expr | str) -> Decision:
    path = run.state.path
    run.state.path = (*path, (value.key, taken))
    decision = decide(run, value.yes if taken else value.no, text)
    run.state.path = path
    return decision


def _plain(run: Run, value: Value) -> bool | None:
    match value:
        case Const():
            return bool(value.value)
        case Tuple():
            return bool(value.items)
        case Tensor():
            return bool(value.data) if isinstance(value.data, bool | int | float) else None
        case Ref():
            return _object_truth(run, value)
        case Library() | DeviceValue():
            return True
        case Many() | Array():
            return None
    return None


def _object_truth(run: Run, ref: Ref) -> bool | None:
    match run.object(ref):
        case ListObject(items=items):
            return None if items is None else bool(items)
        case DictObject(items=known, rest=rest):
            return True if known else None if rest is not None else False
        case Instance() as instance:
            return None if instance.open else _instance_truth(run, ref)
    return True


def _instance_truth(run: Run, ref: Ref) -> bool | None:
    """What `__bool__` or `__len__` says; without them an instance is true."""
    for method in ("__bool__", "__len__"):
        answer = calls.operator_method(run, None, ref, method, [])
        if answer is not None:
            return bool(answer.value) if isinstance(answer, Const) else None
    return True


def _key(value: Value) -> Key | None:
    """The key of a flag: a symbol is the same wherever it is read."""
    match value:
        case Scalar() if value.symbol:
            return Key(value.symbol, value.text or value.symbol, True)
        case Unknown() if value.symbol:
            return Key(value.symbol, value.text or value.symbol, True)
    return None


def equal(run: Run, one: Value, other: Value) -> Value:
    """`one == other` for everything but tensors."""
    if isinstance(one, Choice):
        return _map_choice(one, lambda side: equal(run, side, other))
    if isinstance(other, Choice):
        return _map_choice(other, lambda side: equal(run, one, side))
    known = _equal_known(run, one, other)
    if known is not None:
        return Const(known)
    key = _equality_key(one, other)
    if key is None:
        return Scalar("bool")
    return Choice(key, Const(True), Const(False))


def _map_choice(value: Choice[Value], function: Callable[[Value], Value]) -> Value:
    yes, no = function(value.yes), function(value.no)
    return yes if yes == no else Choice(value.key, yes, no)


def _equal_known(run: Run, one: Value, other: Value) -> bool | None:
    if one is other and not isinstance(one, Unknown | Tensor | Array | Scalar | Choice):
        return True
    match one, other:
        case Const(), Const():
            return bool(one.value == other.value)
        case DeviceValue(device=Device() as first), DeviceValue(device=Device() as second):
            return first == second
        case DeviceValue(device=SymDevice() as known), DeviceValue(device=SymDevice() as same):
            return True if known == same else None
        case (DeviceValue(device=Device()), Const(value=str())) | (Const(value=str()), DeviceValue(device=Device())):
            return False  # torch.device("cpu") == "cpu" is False in PyTorch too
        case (
            Const(value=None),
            Ref() | Tensor() | Tuple() | Array() | DeviceValue() | DTypeValue() | Library() | Many(),
        ) | (
            Ref() | Tensor() | Tuple() | Array() | DeviceValue() | DTypeValue() | Library() | Many(),
            Const(value=None),
        ):
            return False
        case (Const(value=None), Scalar()) | (Scalar(), Const(value=None)):
            return False
        case (Const(), Tuple() | Many()) | (Tuple() | Many(), Const()):
            return False
        case Tuple(), Tuple():
            if len(one.items) != len(other.items):
                return False
            parts = [_equal_known(run, a, b) for a, b in zip(one.items, other.items, strict=True)]
            return False if False in parts else None if None in parts else True
        case Scalar(), Scalar():
            return True if one.symbol and one.symbol == other.symbol else None
        case Ref(), Ref():
            return True if one == other else None
        case Library(), Library():
            return one == other
    if type(one) is type(other) and not isinstance(one, Unknown | Tensor | Array) and one == other:
        return True
    return None


def _equality_key(one: Value, other: Value) -> Key | None:
    names = sorted(filter(None, (_name(one), _name(other))))
    if len(names) < 2:
        return None
    return Key("==".join(names), " == ".join(filter(None, (_words(one), _words(other)))), True)


def _name(value: Value) -> str:
    match value:
        case Const():
            return f"{value.value!r}"
        case Scalar():
            return value.symbol
        case Unknown():
            return value.symbol
        case DeviceValue(device=Device() as device):
            return str(device)
        case DeviceValue(device=SymDevice() as symbol):
            return symbol.id
        case Library():
            return value.name
    return ""


def _words(value: Value) -> str:
    match value:
        case Scalar() | Unknown():
            return value.text or value.symbol
    return _name(value)
