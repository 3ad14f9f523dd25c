"""Hooks that a program hangs on its networks."""

from __future__ import annotations

import ast
from collections.abc import Hashable

from samedevice.interpret import calls, containers
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import DictObject, Instance
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, Const, Ref, Tuple, Value

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
        new = Tuple((hook, arguments.keywords.get("with_kwargs", Const(False))))
        first = arguments.keywords.get("prepend") == Const(True)
        instance.attributes[when] = Tuple((new, *items) if first else (*items, new))
    return Unknown(Why.NOT_MODELLED)


def _hooks(run: Run, ref: Ref, when: str) -> list[tuple[Value, bool]]:
    """The hooks of a network, and whether each gets the keyword arguments too."""
    instance = run.object(ref)
    known = instance.attributes.get(when) if isinstance(instance, Instance) else None
    pairs = known.items if isinstance(known, Tuple) else ()
    return [(pair.items[0], pair.items[1] == Const(True)) for pair in pairs if isinstance(pair, Tuple)]


def _called(run: Run, node: ast.AST, hook: Value, keywords: dict[str, Value] | None, *values: Value) -> Value:
    """Calls a hook; `keywords` are given to one that wants them, after the positional arguments."""
    given = list(values)
    if keywords is not None:
        items: dict[Hashable, tuple[Value, Value]] = {name: (Const(name), value) for name, value in keywords.items()}
        given.insert(2, run.new(DictObject(items)))
    return calls.apply(run, node, hook, Arguments(given, {}, [None] * len(given)))


def before(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> None:
    """Runs forward pre-hooks: they may give other arguments, with the keywords where they get them."""
    for hook, with_keywords in _hooks(run, ref, _BEFORE):
        passed = Tuple(tuple(arguments.positional))
        result = _called(run, node, hook, arguments.keywords if with_keywords else None, ref, passed)
        if result == NONE or isinstance(result, Unknown):
            continue
        if with_keywords:
            result, words = result.items if isinstance(result, Tuple) and len(result.items) == 2 else (result, NONE)
            spread = containers.keywords(run, words)
            arguments.keywords.update(spread or {})
        items = result.items if isinstance(result, Tuple) else (result,)
        arguments.positional[:] = list(items)
        arguments.nodes[:] = [None] * len(items)


def after(run: Run, node: ast.AST, ref: Ref, arguments: Arguments, result: Value) -> Value:
    """Runs forward hooks; one that returns something replaces the result."""
    for hook, with_keywords in _hooks(run, ref, _AFTER):
        passed = Tuple(tuple(arguments.positional))
        answer = _called(run, node, hook, arguments.keywords if with_keywords else None, ref, passed, result)
        if answer != NONE and not isinstance(answer, Unknown):
            result = answer
    return result
