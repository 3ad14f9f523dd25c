"""`functools.singledispatch`: a function whose implementation is chosen by the type of its first argument."""

from __future__ import annotations

import ast

from samedevice.interpret import calls, expressions
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import FunctionObject, ListObject, NativeFunction
from samedevice.interpret.registry import NATIVES, UNKNOWN, first, native
from samedevice.values.value import Const, Ref, Tuple, Value


@native("functools.singledispatch")
def _dispatch(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """The function, with `register`; the implementations are a list of types and functions on the heap."""
    default = first(arguments)
    known = run.new(ListObject([]))

    def call(run: Run, node: ast.AST, given: Arguments) -> Value:
        chosen = _chosen(run, node, known, first(given), default)
        if chosen is None:
            calls.forget(run, node, given, "")
            return UNKNOWN
        return calls.apply(run, node, chosen, given)

    def register(run: Run, node: ast.AST, given: Arguments) -> Value:
        return _register(run, known, given)

    return run.new(NativeFunction("singledispatch", call, {"register": run.new(NativeFunction("register", register))}))


@native("functools.singledispatchmethod")
def _dispatch_method(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """Which method runs is not followed."""
    register = run.new(NativeFunction("register", lambda run, node, given: given.positional[-1]))
    return run.new(NativeFunction("singledispatchmethod", lambda run, node, given: UNKNOWN, {"register": register}))


def _register(run: Run, known: Ref, given: Arguments) -> Value:
    """`register(function)`, `register(type)(function)` or `register(type, function)`."""
    one = first(given)
    function = run.object(one) if isinstance(one, Ref) else None
    if isinstance(function, FunctionObject):
        return _add(run, known, _annotation(run, function), one)
    if len(given.positional) > 1:
        return _add(run, known, one, given.positional[1])
    return run.new(NativeFunction("register", lambda run, node, given: _add(run, known, one, first(given))))


def _add(run: Run, known: Ref, kind: Value, function: Value) -> Value:
    found = run.state.writable(known.address)
    if found.items is not None:  # after a loop of unknown length nothing is chosen any more
        found.items.append(Tuple((kind, function)))
    return function


def _annotation(run: Run, function: FunctionObject) -> Value:
    """The type that the first parameter is annotated with."""
    spec = function.node.args
    parameters = [*spec.posonlyargs, *spec.args]
    written = parameters[0].annotation if parameters else None
    return expressions.evaluate(run, written) if written is not None else UNKNOWN


def _chosen(run: Run, node: ast.AST, known: Ref, value: Value, default: Value) -> Value | None:
    """The implementation for a value; None where its type or the better of several is not known."""
    found = run.object(known)
    pairs = found.items if isinstance(found, ListObject) else None
    if pairs is None:
        return None
    fitting = []
    for pair in pairs:
        assert isinstance(pair, Tuple)
        answer = NATIVES["builtins.isinstance"](run, node, Arguments([value, pair.items[0]]))
        if not isinstance(answer, Const):
            return None
        if answer.value:
            fitting.append(pair.items[1])
    return default if not fitting else fitting[0] if len(fitting) == 1 else None
