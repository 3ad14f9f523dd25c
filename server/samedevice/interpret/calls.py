"""What a call does, by what is called."""

from __future__ import annotations

import ast
from collections.abc import Callable

from samedevice.interpret import (
    attributes,
    classes,
    expressions,
    functions,
    libraries,
    moves,
    named_tuples,
    natives,
    networks,
    tensors,
)
from samedevice.interpret.context import Arguments, Run, truth_scalar
from samedevice.interpret.heap import (
    BoundMethod,
    ClassObject,
    DictObject,
    FunctionObject,
    Instance,
    ListObject,
    NativeFunction,
)
from samedevice.interpret.join import join_states, join_values
from samedevice.values.condition import Choice
from samedevice.values.device import SymDevice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Library,
    Many,
    Method,
    Ref,
    Scalar,
    Slice,
    Tensor,
    Tuple,
    Value,
)

OUTSIDE = Unknown(Why.OUTSIDE)


def call(run: Run, node: ast.Call) -> Value:
    """The value of a call expression."""
    function = node.func
    if isinstance(function, ast.Attribute):
        base = expressions.evaluate(run, function.value)
        return method(run, node, base, function.attr, expressions.arguments_of(run, node))
    callee = expressions.evaluate(run, function)
    return apply(run, node, callee, expressions.arguments_of(run, node))


def method(run: Run, node: ast.AST, base: Value, name: str, arguments: Arguments) -> Value:
    """The value of `base.name(arguments)`."""
    match base:
        case Choice():
            attributes.lacking(run, base, name, node)
            return _each_side(run, base, lambda side: method(run, node, side, name, arguments))
        case Tensor() | Array():
            return tensors.method(run, node, base, name, arguments)
        case Ref():
            found = run.object(base)
            if isinstance(found, Instance) and name not in found.attributes:
                inherited = classes.lookup(run, found.cls, name)
                owner = run.object(inherited) if isinstance(inherited, Ref) else None
                if isinstance(owner, FunctionObject) and owner.kind == "function":
                    assert isinstance(inherited, Ref)
                    return functions.enter(run, node, inherited.address, arguments, receiver=base)
        case Unknown() if not base.symbol:
            forget(run, node, arguments, f"?.{name}")
            return OUTSIDE
    return apply(run, node, attributes.get(run, base, name, node), arguments)


def apply(run: Run, node: ast.AST, callee: Value, arguments: Arguments) -> Value:
    """The value of calling `callee`."""
    match callee:
        case Choice():
            return _each_side(run, callee, lambda side: apply(run, node, side, arguments))
        case Ref():
            return _apply_object(run, node, callee, arguments)
        case Library():
            return libraries.call(run, node, callee.name, arguments)
        case Method():
            return natives.method(run, node, callee.receiver, callee.name, arguments)
        case DTypeValue():
            return tensors.cast_scalar(run, node, callee, arguments)
        case Tensor() | Array() | Tuple() | Many() | Const() | Scalar() | Slice() | DeviceValue():
            return OUTSIDE
        case Unknown():
            forget(run, node, arguments, callee.text)
            return _where_it_was(run, arguments)


def _where_it_was(run: Run, arguments: Arguments) -> Value:
    """What a layer out of sight in a container makes of a tensor: like all layers of a network, it leaves it there."""
    frame = run.frame
    one = arguments.positional[0] if len(arguments.positional) == 1 else None
    if not (frame.contract and frame.library and isinstance(one, Tensor) and isinstance(one.device, SymDevice)):
        return OUTSIDE
    return Tensor(one.device, Unknown(Why.OUTSIDE), device_from=one.device_from)


def _each_side(run: Run, value: Choice[Value], function: Callable[[Value], Value]) -> Value:
    """Calls on a value that may be one of two; None would crash at once, so the other is meant."""
    for one, other in ((value.yes, value.no), (value.no, value.yes)):
        if one == NONE and other != NONE:
            return function(run.fresh(other))
    yes, no, path = run.split(value.key)
    run.state = yes
    first = function(run.fresh(value.yes))
    yes = run.state
    run.state = no
    second = function(run.fresh(value.no))
    run.state = join_states(path, value.key, yes, run.state)
    return join_values(value.key, first, second)


def _apply_object(run: Run, node: ast.AST, callee: Ref, arguments: Arguments) -> Value:
    match run.object(callee):
        case FunctionObject():
            return functions.enter(run, node, callee.address, arguments)
        case BoundMethod() as bound:
            return functions.enter(run, node, bound.function, arguments, receiver=bound.receiver)
        case ClassObject():
            return classes.instantiate(run, node, callee, arguments)
        case NativeFunction() as native:
            return native.call(run, node, arguments)
        case Instance() as instance:
            if classes.is_network(run, instance):
                return networks.call(run, node, callee, arguments)
            found = classes.lookup(run, instance.cls, "__call__")
            if isinstance(found, Ref):
                return functions.enter(run, node, found.address, arguments, receiver=callee)
            forget(run, node, arguments, "")
    return OUTSIDE


def forget(run: Run, node: ast.AST, arguments: Arguments, name: str) -> None:
    """Code that we do not see may change what it is given."""
    if libraries.only_looks(name):
        return
    for value in arguments.values():
        forget_value(run, value, 0)


def forget_value(run: Run, value: Value, depth: int) -> None:
    """Loses what code out of sight may have changed: devices of networks, contents of containers."""
    if isinstance(value, Tuple) and depth < 3:
        for item in value.items:
            forget_value(run, item, depth + 1)
    if not isinstance(value, Ref):
        return
    match run.object(value):
        case Instance() as instance:
            if classes.is_network(run, instance):
                moves.forget(run, value)
        case ListObject(items=items):
            if items is not None and depth < 3:
                for item in items[:20]:
                    forget_value(run, item, depth + 1)
        case DictObject(items=known):
            if depth < 3:
                for _, item in list(known.values())[:20]:
                    forget_value(run, item, depth + 1)


def operator_method(run: Run, node: ast.AST | None, left: Value, name: str, right: list[Value]) -> Value | None:
    """What a user's own `__add__`, `__getitem__`, ... answers; None where there is none."""
    if isinstance(left, Tuple) and left.fields:
        return named_tuples.operator(run, node or ast.Pass(), left, name, right)
    found = run.object(left) if isinstance(left, Ref) else None
    if not isinstance(found, Instance):
        return None
    function = classes.lookup(run, found.cls, name)
    if isinstance(function, Ref) and isinstance(run.object(function), FunctionObject):
        return functions.enter(
            run, node or ast.Pass(), function.address, Arguments(right, {}, [None] * len(right)), receiver=left
        )
    return None


def yielded(run: Run, value: Value) -> Value:
    """A generator hands a value out."""
    frame = run.frame
    if frame.on_yield is not None:
        frame.on_yield(value)
    elif frame.yields is not None and len(frame.yields) < 64:
        frame.yields.append(value)
        if frame.loops or len(run.state.path) > frame.entered:
            frame.some_yields = True
    return Unknown(Why.CALLER)


def outer_name(run: Run, name: str) -> Value:
    """A name that no scope binds."""
    return libraries.outer_name(run, name)


def flag(symbol: str, text: str) -> Scalar:
    """A bool that is not known, but the same wherever it is read."""
    found = truth_scalar(symbol, text)
    assert isinstance(found, Scalar)
    return found
