"""What decorators make of a function."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from samedevice.dataclass import replace
from samedevice.interpret import calls, contexts, expressions
from samedevice.interpret.attempts import attempt
from samedevice.interpret.budget import DECORATOR_STEPS
from samedevice.interpret.context import Arguments, Pending, Run, text_of
from samedevice.interpret.heap import ClassObject, FunctionObject, Instance, NativeFunction, Object
from samedevice.values.value import Library, Ref, Value

_KINDS = {
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
    "builtins.property": "property",
    "functools.cached_property": "cached",
}
_DISPATCHERS = ("functools.singledispatch", "functools.singledispatchmethod")


def decorate(run: Run, node: ast.FunctionDef | ast.AsyncFunctionDef, value: Value) -> Value:
    """Applies the decorators of a def, innermost first."""
    for decorator in reversed(node.decorator_list):
        value = _apply(run, node, decorator, value)
    return value


def _apply(run: Run, node: ast.AST, decorator: ast.expr, value: Value) -> Value:
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "getter", "deleter"):
        return _accessor(run, decorator, value)
    return _unless_heavy(run, decorator, value, lambda: _applied(run, node, decorator, value, found))


def _unless_heavy(run: Run, decorator: ast.expr, value: Value, apply: Callable[[], Value]) -> Value:
    """What a decorator makes of a value; one that has cost too much, all in all, is not run again."""
    words = text_of(decorator, run.frame.source).partition("(")[0]
    if words in run.heavy:
        return value
    before = run.left()
    made = attempt(run, DECORATOR_STEPS - run.decorated[words], apply)
    run.decorated[words] += before - run.left()
    if made is None or run.decorated[words] >= DECORATOR_STEPS:
        run.heavy.add(words)
    return value if made is None else made


def _applied(run: Run, node: ast.AST, decorator: ast.expr, value: Value, found: Object | None) -> Value:
    outer = expressions.evaluate(run, decorator)
    if not isinstance(found, FunctionObject):
        return calls.apply(run, node, outer, Arguments([value], {}, [None])) if isinstance(outer, Ref) else value
    function = run.state.writable(value.address)  # type: ignore[union-attr]  # a Ref: its object was found
    if isinstance(outer, Library):
        if outer.name in _DISPATCHERS:
            return calls.apply(run, node, outer, Arguments([value], {}, [None]))
        _library(function, outer.name)
        return value
    if isinstance(outer, Ref):
        inner = run.object(outer)
        if isinstance(inner, FunctionObject | NativeFunction | ClassObject):
            return _user(run, node, outer, value)
        if isinstance(inner, Instance):
            contexts.decorate(run, function, outer)
    return value


def decorate_class(run: Run, node: ast.ClassDef, value: Value) -> Value:
    """Applies the decorators of a class that are the user's, innermost first; most put it down in a registry."""
    for decorator in reversed(node.decorator_list):
        value = _unless_heavy(run, decorator, value, partial(_registered, run, node, decorator, value))
    return value


def _registered(run: Run, node: ast.ClassDef, decorator: ast.expr, value: Value) -> Value:
    outer = expressions.evaluate(run, decorator)
    return _user(run, node, outer, value) if isinstance(outer, Ref) else value


def _user(run: Run, node: ast.AST, outer: Ref, value: Value) -> Value:
    """A decorator of the user's; one that twice only gave back what it got is not asked again."""
    if run.transparent.get(outer.address, 0) >= 2:
        return value
    before, start = run.state.written, run.next_address
    run.state.written = set()
    made = calls.apply(run, node, outer, Arguments([value], {}, [None]))
    keeps = any(address < start for address in run.state.written)
    run.state.written |= before
    if made == value and not keeps:
        run.transparent[outer.address] = run.transparent.get(outer.address, 0) + 1
    return made if isinstance(made, Ref) else value


def _library(function: FunctionObject, name: str) -> None:
    if name in _KINDS:
        function.kind = _KINDS[name]
    elif name in ("torch.no_grad", "torch.inference_mode"):
        function.grad = False
    elif name in ("contextlib.contextmanager", "contextlib.asynccontextmanager"):
        function.context_manager = True


def _accessor(run: Run, decorator: ast.Attribute, value: Value) -> Value:
    """`@x.setter`: the property of that name learns its setter."""
    if not isinstance(decorator.value, ast.Name) or not isinstance(value, Ref):
        return value
    found = expressions.lookup(run, decorator.value.id)
    if isinstance(found, Ref) and isinstance(run.object(found), FunctionObject):
        if decorator.attr == "setter":
            run.state.writable(found.address).setter = value.address
        return found
    return value


@contextmanager
def modes(run: Run, function: FunctionObject) -> Iterator[None]:
    """Switches what the decorators of a function switch, while it runs."""
    before = run.modes
    if function.grad is not None:
        run.modes = replace(run.modes, grad=function.grad)
    if function.autocast is not None:
        run.modes = replace(run.modes, autocast=function.autocast[0], autocast_device=function.autocast[1])
    try:
        yield
    finally:
        if function.grad is not None or function.autocast is not None:
            run.modes = before


def pending(run: Run, node: ast.AST, address: int, arguments: Arguments, receiver: Value | None) -> NativeFunction:
    """A call of a @contextmanager function, which runs when `with` enters it."""
    return NativeFunction("contextmanager", Pending(address, arguments, receiver))
