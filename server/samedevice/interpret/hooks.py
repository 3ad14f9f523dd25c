"""Hooks that a program hangs on its networks."""

from __future__ import annotations

import ast

from samedevice.interpret import calls
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import Instance
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, Ref, Tuple, Value

_AFTER, _BEFORE = " after", " before"


def register_after(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    return _register(run, ref, arguments, _AFTER)


def register_before(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    return _register(run, ref, arguments, _BEFORE)


def register_nothing(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    return Unknown(Why.NOT_MODELLED)


def _register(run: Run, ref: Ref, arguments: Arguments, when: str) -> Value:
    hook = arguments.get(0, "hook")
    if hook is not None:
        instance = run.state.writable(ref.address)
        known = instance.attributes.get(when)
        items = known.items if isinstance(known, Tuple) else ()
        instance.attributes[when] = Tuple((*items, hook))
    return Unknown(Why.NOT_MODELLED)


def _hooks(run: Run, ref: Ref, when: str) -> tuple[Value, ...]:
    instance = run.object(ref)
    known = instance.attributes.get(when) if isinstance(instance, Instance) else None
    return known.items if isinstance(known, Tuple) else ()


def before(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> None:
    """Runs forward pre-hooks."""
    for hook in _hooks(run, ref, _BEFORE):
        given = Arguments([ref, Tuple(tuple(arguments.positional))], {}, [None, None])
        result = calls.apply(run, node, hook, given)
        if isinstance(result, Tuple):
            arguments.positional[:] = list(result.items)


def after(run: Run, node: ast.AST, ref: Ref, arguments: Arguments, result: Value) -> Value:
    """Runs forward hooks; one that returns something replaces the result."""
    for hook in _hooks(run, ref, _AFTER):
        given = Arguments([ref, Tuple(tuple(arguments.positional)), result], {}, [None, None, None])
        answer = calls.apply(run, node, hook, given)
        if answer != NONE and not isinstance(answer, Unknown):
            result = answer
    return result
