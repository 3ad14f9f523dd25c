"""`with`: the contexts of torch that switch something, and the user's own."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from samedevice.dataclass import replace
from samedevice.interpret import assignment, classes, expressions, functions, natives
from samedevice.interpret.context import Arguments, Modes, Pending, Run
from samedevice.interpret.heap import FunctionObject, Instance, NativeFunction
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, DeviceValue, Ref, Value


class Switch:
    """A context that changes modes while its body runs: what `torch.no_grad()` returns."""

    def __init__(self, change: Callable[[Modes], Modes]) -> None:
        self.change = change

    def __call__(self, run: Run, node: ast.AST, arguments: Arguments) -> Value:
        """Used as a decorator: `@torch.no_grad()`."""
        given = arguments.positional[0] if arguments.positional else NONE
        if isinstance(given, Ref) and isinstance(run.object(given), FunctionObject):
            decorate_modes(run, run.state.writable(given.address), self.change)
        return given


def make(run: Run, change: Callable[[Modes], Modes]) -> Value:
    """A context value."""
    return run.new(NativeFunction("switch", Switch(change)))


def decorate_modes(run: Run, function: FunctionObject, change: Callable[[Modes], Modes]) -> None:
    """A function that runs under a context whenever it is called."""
    changed = change(run.modes)
    if changed.grad != run.modes.grad:
        function.grad = changed.grad
    if changed.autocast != run.modes.autocast:
        function.autocast = (changed.autocast, changed.autocast_device)


def decorate(run: Run, function: FunctionObject, context: Ref) -> None:
    """A user's context object used as a decorator changes nothing that we follow."""


def run_with(run: Run, node: ast.With | ast.AsyncWith, index: int, body: Callable[[], None]) -> None:
    """Enters the items of a `with` from the left, then runs the body."""
    if index == len(node.items):
        body()
        return
    item = node.items[index]
    value = expressions.evaluate(run, item.context_expr)

    def inner(entered: Value) -> None:
        if item.optional_vars is not None:
            assignment.assign(run, item.optional_vars, entered, item.context_expr, "with")
        run_with(run, node, index + 1, body)

    _enter(run, item.context_expr, value, inner)


def _enter(run: Run, node: ast.expr, value: Value, inner: Callable[[Value], None]) -> None:
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, NativeFunction) and isinstance(found.call, Switch):
        before = run.modes
        run.modes = found.call.change(before)
        inner(value)
        _back(run, before)
    elif isinstance(found, NativeFunction) and isinstance(found.call, Pending):
        _generator(run, node, found.call, inner)
    elif isinstance(value, DeviceValue):
        before = run.modes
        run.modes = replace(before, default_device=value.device)
        inner(NONE)
        _back(run, before)
    elif isinstance(found, Instance):
        _instance(run, node, value, found, inner)
    else:
        inner(natives.entered(run, value))


def _back(run: Run, before: Modes) -> None:
    """The modes of before, which are not those of the whole program any more."""
    other = run.modes.elsewhere or run.modes.default_device != before.default_device
    run.modes = replace(before, elsewhere=True) if other else before


def _generator(run: Run, node: ast.expr, pending: Pending, inner: Callable[[Value], None]) -> None:
    """Runs a @contextmanager generator; the body of the `with` runs where it yields."""
    outer = run.frame
    ran: list[Any] = []

    def on_yield(value: Value) -> None:
        if ran:
            return
        ran.append(value)
        frame, depth = run.frame, run.depth
        run.frame = outer
        inner(value)
        run.frame, run.depth = frame, depth

    functions.enter(run, node, pending.address, pending.arguments, pending.receiver, on_yield)
    if not ran and run.state.alive:
        inner(Unknown(Why.TOO_DEEP))


def _instance(run: Run, node: ast.expr, value: Value, instance: Instance, inner: Callable[[Value], None]) -> None:
    enter = classes.lookup(run, instance.cls, "__enter__") or classes.lookup(run, instance.cls, "__aenter__")
    entered: Value = value
    if isinstance(enter, Ref):
        entered = functions.enter(run, node, enter.address, Arguments(), receiver=value)
    inner(entered)
    leave = classes.lookup(run, instance.cls, "__exit__") or classes.lookup(run, instance.cls, "__aexit__")
    if isinstance(leave, Ref) and run.state.alive:
        nothing = Arguments([NONE, NONE, NONE], {}, [None, None, None])
        functions.enter(run, node, leave.address, nothing, receiver=value)
