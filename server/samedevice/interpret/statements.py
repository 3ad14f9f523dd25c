"""What each kind of statement does."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from samedevice.interpret import (
    assignment,
    classes,
    contexts,
    decorators,
    expressions,
    functions,
    guards,
    iteration,
    libraries,
    moves,
    patterns,
    refusals,
    sizes,
    stated,
)
from samedevice.interpret.budget import LONG_ROUND, PASSES, UNROLL, UNROLL_PARTS
from samedevice.interpret.context import Loop, Run, whole_text
from samedevice.interpret.heap import Instance, State
from samedevice.interpret.join import join_states
from samedevice.interpret.truth import decide
from samedevice.syntax.nodes import inside, remembered
from samedevice.values.condition import Path
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, Ref, Tensor, Tuple, Value


def block(run: Run, body: list[ast.stmt]) -> None:
    """Runs statements until one of them ends the block."""
    for statement in body:
        if not run.state.alive:
            return
        run.steps -= 1
        if run.steps <= 0:
            run.refill()
        handler = _HANDLERS.get(type(statement))
        if handler is not None:
            before = run.frame.node
            run.frame.node = statement
            handler(run, statement)
            run.frame.node = before


def _expression(run: Run, node: ast.Expr) -> None:
    value = expressions.evaluate(run, node.value)
    refusals.dropped(run, node, value)


def _assign(run: Run, node: ast.Assign) -> None:
    value = expressions.evaluate(run, node.value)
    if len(node.targets) == 1:
        value = sizes.named(run, node.targets[0], node.value, value)
    for target in node.targets:
        assignment.assign(run, target, value, node.value)


def _annotated(run: Run, node: ast.AnnAssign) -> None:
    if node.value is not None:
        value = expressions.evaluate(run, node.value)
        refusals.contradicted(run, run.frame, node.annotation, value, node.value)
        assignment.assign(run, node.target, stated.refined(node.annotation, value), node.value)
    if run.frame.cls is not None and run.frame.function is None and isinstance(node.target, ast.Name):
        classes.add_field(run, run.frame.cls, node.target.id, node.annotation, node.value is not None)


def _augmented(run: Run, node: ast.AugAssign) -> None:
    assignment.augmented(run, node)


def _if(run: Run, node: ast.If) -> None:
    decision = decide(run, expressions.evaluate(run, node.test), node.test)
    if isinstance(decision, bool):
        block(run, node.body if decision else node.orelse)
        return
    key, polarity = decision
    run.branch(key, polarity, lambda: _side(run, node, True), lambda: _side(run, node, False))


def _side(run: Run, node: ast.If, taken: bool) -> None:
    sizes.tested(run, node.test, taken)
    block(run, node.body if taken else node.orelse)


def _for(run: Run, node: ast.For | ast.AsyncFor) -> None:
    iterable = expressions.evaluate(run, node.iter)
    items, exact = iteration.items_of(run, iterable, node.iter)

    def each(item: Value) -> None:
        assignment.assign(run, node.target, item, node.iter, "for")
        block(run, node.body)

    if exact and len(items) <= UNROLL_PARTS and _each_counts(run, node, items):
        _each_item(run, items, each, node.orelse)
    else:
        _some_items(run, items, each, node.orelse)


def _each_counts(run: Run, node: ast.For | ast.AsyncFor, items: list[Value]) -> bool:
    """Whether every single one of many layers or parameters counts.

    It does where they are not of one kind, and where the loop may move, cast or replace them.
    """
    if len(items) <= UNROLL:
        return True
    parts = [item.items[-1] if isinstance(item, Tuple) and item.items else item for item in items]
    found = [run.object(part) if isinstance(part, Ref) else None for part in parts]
    layers = [thing.cls for thing in found if isinstance(thing, Instance) and classes.is_network(run, thing)]
    if len(layers) == len(items) and len(set(layers)) > 1:
        return True
    return (bool(layers) or isinstance(parts[0], Tensor)) and remembered(node, "changes", _may_change)


def _may_change(node: ast.For | ast.AsyncFor) -> bool:
    return any(
        (isinstance(part, ast.Attribute) and part.attr in moves.MOVES)
        or (isinstance(part, ast.Name) and part.id == "setattr")
        for statement in node.body
        for part in inside(statement)
    )


def _each_item(run: Run, items: list[Value], each: Callable[[Value], None], orelse: list[ast.stmt]) -> None:
    """Runs the body once for every item."""
    loop = Loop()
    path = run.state.path
    for item in items:
        _pass(run, loop, lambda item=item: each(item))  # type: ignore[misc]  # bound in this round
        if not run.state.alive:
            break
    _leave(run, path, loop, orelse)


def _some_items(run: Run, items: list[Value], each: Callable[[Value], None], orelse: list[ast.stmt]) -> None:
    """Runs the body a few times, then keeps what the passes have in common."""
    loop = Loop()
    path = run.state.path
    rounds = items[: PASSES - 1] if len(items) > 1 else items * (PASSES - 1)
    after: list[State] = []
    # Only on promises a round may be the last one: then what was before counts too.
    before, left = run.state.fork() if run.frame.contract else None, run.left()
    for item in rounds:
        _pass(run, loop, lambda item=item: each(item))  # type: ignore[misc]  # bound in this round
        if not run.state.alive:
            break
        after.append(run.state)
        if before is not None and left - run.left() > LONG_ROUND:
            run.state = join_states(path, None, run.state, before)
            break
        run.state = run.state.fork()
    if run.state.alive and len(after) > 1:
        run.state = join_states(path, None, after[0], run.state)
        if len(items) > 1:  # the others: what the first two have in common and what all items are like
            item = iteration.common_item(run, items)
            _pass(run, loop, lambda: each(item))
    _leave(run, path, loop, orelse)


def _pass(run: Run, loop: Loop, body: Callable[[], None]) -> None:
    """One round of a loop; `continue` joins its end."""
    run.frame.loops.append(loop)
    path = run.state.path
    loop.continues = []
    body()
    run.frame.loops.pop()
    for state in loop.continues:
        state.alive = True
        run.state = join_states(path, run.opaque("continue"), state, run.state) if run.state.alive else state
    run.state.path = path


def _leave(run: Run, path: Path, loop: Loop, orelse: list[ast.stmt]) -> None:
    """Goes on behind a loop, past its `else` where nothing breaks it off."""
    run.state.path = path
    if run.state.alive:
        block(run, orelse)
    for state in loop.breaks:
        state.alive = True
        run.state = join_states(path, run.opaque("break"), run.state, state) if run.state.alive else state
    run.state.path = path


def _while(run: Run, node: ast.While) -> None:
    """Runs the rounds that are sure to come one by one; what still changes after many of them is forgotten."""
    path = run.state.path
    loop = Loop()
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
    rounds, left = 0, run.left()
    before = run.state
    while run.state.alive:
        decision = decide(run, expressions.evaluate(run, node.test), node.test)
        # What ends by a `break` alone goes on while it is sure that there was none.
        sure = decision is True and not (endless and (loop.breaks or left - run.left() > LONG_ROUND))
        if decision is False or rounds >= (UNROLL if sure else PASSES - 1):
            break
        rounds += 1
        before = run.state.fork()
        _pass(run, loop, lambda: block(run, node.body))
        if run.state.alive and decision is not True:
            run.state = join_states(path, None, run.state, before)
    if run.state.alive and (rounds >= UNROLL or (endless and not loop.breaks)):
        run.state = join_states(path, None, run.state, before)
        _pass(run, loop, lambda: block(run, node.body))
        if run.state.alive:
            run.state = join_states(path, None, run.state, before.fork())
    if endless and run.state.alive:
        run.state.alive = not loop.breaks
    _leave(run, path, loop, node.orelse)


def _break(run: Run, node: ast.Break) -> None:
    _jump(run, "breaks")


def _continue(run: Run, node: ast.Continue) -> None:
    _jump(run, "continues")


def _jump(run: Run, where: str) -> None:
    if run.frame.loops:
        state = run.state
        getattr(run.frame.loops[-1], where).append(state)
        run.state = state.fork()
    run.state.alive = False


def _return(run: Run, node: ast.Return) -> None:
    value = expressions.evaluate(run, node.value) if node.value is not None else NONE
    if node.value is not None and not run.frame.library:
        run.bind(node, whole_text(node.value, run.frame.source), "return", value)
        function = run.frame.function
        if function is not None and not isinstance(function.node, ast.Lambda):
            refusals.contradicted(run, run.frame, function.node.returns, value, node.value)
    state = run.state
    run.frame.returns.append((state, value))
    run.state = state.fork()
    run.state.alive = False


def _raise(run: Run, node: ast.Raise) -> None:
    if node.exc is not None:
        expressions.evaluate(run, node.exc)
    run.state.alive = False


def _definition(run: Run, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    value = functions.make(run, node, node.name)
    value = decorators.decorate(run, node, value)
    assignment.bind_name(run, node.name, value)
    refusals.defined(run, node, value)


def _class(run: Run, node: ast.ClassDef) -> None:
    value = classes.make(run, node)
    if run.frame.source is run.source and isinstance(value, Ref):
        run.classes.setdefault(node, value.address)
    assignment.bind_name(run, node.name, decorators.decorate_class(run, node, value))


def _import(run: Run, node: ast.Import) -> None:
    for alias in node.names:
        name = alias.name if alias.asname else alias.name.split(".")[0]
        value = libraries.module(run, alias.name if alias.asname else name)
        assignment.bind_name(run, alias.asname or name, value)


def _import_from(run: Run, node: ast.ImportFrom) -> None:
    for alias in node.names:
        if alias.name == "*":
            libraries.star(run, node)
        else:
            assignment.bind_name(run, alias.asname or alias.name, libraries.member(run, node, alias.name))


def _try(run: Run, node: ast.Try) -> None:
    path = run.state.path
    before = run.state.fork()
    with guards.handlers(run, node):
        block(run, node.body)
    if run.state.alive:
        block(run, node.orelse)
    done = run.state
    for handler in node.handlers:
        if handler.type is not None:
            run.state = before.fork()
            expressions.evaluate(run, handler.type)
        done = _handler(run, path, before, done, handler)
    run.state = done
    if node.finalbody:
        alive = run.state.alive
        run.state.alive = True
        block(run, node.finalbody)
        run.state.alive = run.state.alive and alive


def _handler(run: Run, path: Path, before: State, done: State, handler: ast.ExceptHandler) -> State:
    """An except clause starts from before the body: an exception may come at its first step."""
    run.state = before.fork()
    if handler.name:
        assignment.bind_name(run, handler.name, Unknown(Why.NOT_MODELLED))
    block(run, handler.body)
    if not run.state.alive and not done.alive:
        return done
    return join_states(path, run.opaque("no exception"), done, run.state)


def _with(run: Run, node: ast.With | ast.AsyncWith) -> None:
    with guards.expected(run, node):
        contexts.run_with(run, node, 0, lambda: block(run, node.body))


def _delete(run: Run, node: ast.Delete) -> None:
    for target in node.targets:
        assignment.delete(run, target)


def _assert(run: Run, node: ast.Assert) -> None:
    decision = decide(run, expressions.evaluate(run, node.test), node.test)
    if decision is False:
        run.state.alive = False
    elif not isinstance(decision, bool):
        run.state.path = (*run.state.path, decision)
        sizes.tested(run, node.test, True)


def _global(run: Run, node: ast.Global) -> None:
    run.frame.globals.update(node.names)


def _nonlocal(run: Run, node: ast.Nonlocal) -> None:
    run.frame.nonlocals.update(node.names)


def _match(run: Run, node: ast.Match) -> None:
    patterns.run_match(run, node, lambda body: block(run, body))


_HANDLERS: dict[type[ast.stmt], Callable[[Run, Any], None]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.FunctionDef: _definition,
    ast.AsyncFunctionDef: _definition,
    ast.ClassDef: _class,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Try: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Delete: _delete,
    ast.Assert: _assert,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Match: _match,
}
if hasattr(ast, "TryStar"):
    _HANDLERS[ast.TryStar] = _try
