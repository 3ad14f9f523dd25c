"""User functions: making them from a def, binding arguments, running the body."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from functools import partial

from samedevice.interpret import (
    attempts,
    calls,
    decorators,
    expressions,
    iteration,
    prelude,
    refusals,
    stated,
    statements,
)
from samedevice.interpret.budget import DEPTH, ENTRIES, RECURSION
from samedevice.interpret.context import Arguments, Frame, Run
from samedevice.interpret.heap import DictObject, FunctionObject, Instance, Scope, State
from samedevice.interpret.join import join_states, join_values
from samedevice.syntax.nodes import is_generator
from samedevice.values.condition import Key, Path
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, Const, Many, Ref, Tuple, Value

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def make(run: Run, node: Definition, name: str) -> Value:
    """The function object of a def or lambda."""
    arguments = node.args
    defaults = [expressions.evaluate(run, default) for default in arguments.defaults]
    keyword_defaults = {
        parameter.arg: expressions.evaluate(run, default)
        for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    capture(run, run.frame.scope)
    found = FunctionObject(
        node,
        run.frame.source,
        _enclosing(run),
        name,
        defaults,
        keyword_defaults,
        library=run.frame.library,
        generator=run.frame.source.has_yield and is_generator(node),
    )
    return run.new(found)


def capture(run: Run, address: int | None) -> None:
    """A scope and those around it outlive their calls."""
    while address is not None:
        found = run.scope(address)
        if found.captured:
            return
        run.state.writable(address).captured = True
        address = found.parent


def _enclosing(run: Run) -> int:
    """Functions do not see the names of the class body they stand in."""
    frame = run.frame
    if frame.cls is not None and frame.function is None:
        return run.scope(frame.scope).parent or frame.scope
    return frame.scope


def enter(
    run: Run,
    node: ast.AST,
    address: int,
    arguments: Arguments,
    receiver: Value | None = None,
    on_yield: Callable[[Value], None] | None = None,
    missing: Callable[[ast.arg], Value] | None = None,
) -> Value:
    """Runs a function on abstract arguments and gives what it returns."""
    function = run.state.heap.find(address)
    if not isinstance(function, FunctionObject):
        return Unknown(Why.NOT_MODELLED)
    if function.context_manager and on_yield is None:
        return run.new(decorators.pending(run, node, address, arguments, receiver))
    if _too_deep(run, function) or _too_often(run, function):
        calls.forget(run, node, arguments, "")
        return Unknown(Why.TOO_DEEP)
    frame = Frame(
        0,
        function.source,
        function,
        address,
        run.frame,
        node,
        {},
        receiver,
        function.cls,
        function.library,
        contract=missing is not None or run.frame.contract,
        entered=len(run.state.path),
    )
    if function.generator:
        frame.yields = []
        frame.on_yield = on_yield
    names = _bind(run, function, arguments, receiver, frame, missing)
    frame.scope = run.new(Scope(names, function.scope)).address
    if missing is None and not function.library:
        run.called.add(function.node)
    leaves = run.frame.source is run.source is not function.source and not _ours(function)
    if not leaves or on_yield is not None:
        return _in_frame(run, frame, function)
    value = attempts.elsewhere(run, partial(_in_frame, run, frame, function))
    if value is None:
        del run.state.heap[frame.scope]
        return _given_up(run, node, arguments, receiver)
    return value


def _given_up(run: Run, node: ast.AST, arguments: Arguments, receiver: Value | None) -> Value:
    """What is left to say after a function of another file turned out to be too large."""
    calls.forget(run, node, arguments, "")
    if receiver is not None:
        calls.forget_value(run, receiver, 0)
        if isinstance(receiver, Ref) and isinstance(run.object(receiver), Instance):
            run.state.writable(receiver.address).open = True
    return Unknown(Why.TOO_DEEP)


def _ours(function: FunctionObject) -> bool:
    return function.library and prelude.is_ours(function.source.path)


def _too_often(run: Run, function: FunctionObject) -> bool:
    """Whether a function of the user's was run so many times that once more would tell nothing new."""
    if _ours(function):
        return False
    count = run.entries.get(function.node, 0)
    run.entries[function.node] = count + 1
    return count >= ENTRIES


def _too_deep(run: Run, function: FunctionObject) -> bool:
    if run.depth >= DEPTH:
        return True
    frame: Frame | None = run.frame
    count = 0
    while frame is not None:
        if frame.function is not None and frame.function.node is function.node:
            count += 1
        frame = frame.caller
    return count >= RECURSION


def _in_frame(run: Run, frame: Frame, function: FunctionObject) -> Value:
    outer, modes = run.frame, run.modes
    path = run.state.path
    run.frame = frame
    run.depth += 1
    try:
        with decorators.modes(run, function):
            _bind_parameters_for_show(run, frame, function)
            value = _body(run, function, frame)
    finally:
        run.frame, run.depth = outer, run.depth - 1
        if function.grad is not None or function.autocast is not None:
            run.modes = modes
    run.state.path = path
    scope = run.state.heap.find(frame.scope)
    if isinstance(scope, Scope) and not scope.captured:
        del run.state.heap[frame.scope]
    return value


def _bind_parameters_for_show(run: Run, frame: Frame, function: FunctionObject) -> None:
    if function.library or isinstance(function.node, ast.Lambda):
        return
    names = run.scope(frame.scope).names
    arguments = function.node.args
    for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if parameter.arg in names:
            value = run.fresh(names[parameter.arg])
            if parameter.annotation is not None:
                if frame.caller is not None:
                    refusals.contradicted(
                        run, frame.caller, parameter.annotation, value, frame.arguments.get(parameter.arg)
                    )
                names[parameter.arg] = value = stated.refined(parameter.annotation, value)
            run.bind(parameter, parameter.arg, "parameter", value)


def _body(run: Run, function: FunctionObject, frame: Frame) -> Value:
    node = function.node
    if isinstance(node, ast.Lambda):
        return expressions.evaluate(run, node.body)
    base, path = run.state, run.state.path
    before = base.written
    base.written = set()
    statements.block(run, node.body)
    if run.state.alive:
        frame.returns.append((run.state, NONE))
    if not frame.returns:
        run.state.alive = False
        run.state.written |= before
        return Unknown(Why.NOT_MODELLED)
    state, value = merge(run, path, frame.returns)
    state.alive = True
    state.written |= before
    run.state = state
    if frame.yields is not None:
        return iteration.make_list(run, frame.yields, not frame.some_yields, "generator")
    return value


def merge(run: Run, path: Path, ends: list[tuple[State, Value]], level: int = -1) -> tuple[State, Value]:
    """Joins the ways a function may end, along the conditions that tell them apart."""
    if len(ends) == 1:
        return ends[0]
    level = len(path) if level < 0 else level
    first = ends[0][0].path
    if len(first) > level:
        key = first[level][0]
        sides = [end[0].path[level] if len(end[0].path) > level else None for end in ends]
        if all(side is not None and side[0] == key for side in sides):
            yes = [end for end, side in zip(ends, sides, strict=True) if side is not None and side[1]]
            no = [end for end, side in zip(ends, sides, strict=True) if side is not None and not side[1]]
            if not yes or not no:
                return merge(run, path, ends, level + 1)
            return _pair(path, key, merge(run, path, yes, level + 1), merge(run, path, no, level + 1))
    joined = ends[0]
    for end in ends[1:]:
        joined = _pair(path, run.opaque("another way out"), joined, end)
    return joined


def _pair(path: Path, key: Key, one: tuple[State, Value], two: tuple[State, Value]) -> tuple[State, Value]:
    one[0].alive = two[0].alive = True
    state = join_states(path, key, one[0], two[0])
    return state, join_values(key, one[1], two[1])


def _bind(
    run: Run,
    function: FunctionObject,
    arguments: Arguments,
    receiver: Value | None,
    frame: Frame,
    missing: Callable[[ast.arg], Value] | None,
) -> dict[str, Value]:
    """The parameters' values; what was not given takes its default or what callers promise."""
    spec = function.node.args
    positional = list(arguments.positional)
    nodes = list(arguments.nodes)
    if receiver is not None and function.kind != "static":
        positional.insert(0, receiver)
        nodes.insert(0, None)
    keywords = dict(arguments.keywords)
    names: dict[str, Value] = {}
    parameters = [*spec.posonlyargs, *spec.args]
    first_default = len(parameters) - len(function.defaults)
    for index, parameter in enumerate(parameters):
        name = parameter.arg
        if index < len(positional):
            names[name] = positional[index]
            frame.arguments[name] = nodes[index] if index < len(nodes) else None
        elif name in keywords:
            names[name] = keywords.pop(name)
            frame.arguments[name] = arguments.keyword_nodes.get(name)
        elif missing is not None:
            names[name] = missing(parameter)
        elif arguments.open:
            names[name] = Unknown(Why.CALLER)
        elif index >= first_default:
            names[name] = function.defaults[index - first_default]
        else:
            names[name] = Unknown(Why.CALLER)
    for parameter in spec.kwonlyargs:
        name = parameter.arg
        if name in keywords:
            names[name] = keywords.pop(name)
            frame.arguments[name] = arguments.keyword_nodes.get(name)
        elif missing is not None:
            names[name] = missing(parameter)
        elif arguments.open:
            names[name] = Unknown(Why.CALLER)
        else:
            names[name] = function.keyword_defaults.get(name, Unknown(Why.CALLER))
    if spec.vararg is not None:
        rest = positional[len(parameters) :]
        unknown = arguments.open or missing is not None
        if arguments.rest is not None and not run.frame.contract:  # a promise is not worth the many layers
            names[spec.vararg.arg] = Many(iteration.common_item(run, [*rest, arguments.rest]))
        else:
            names[spec.vararg.arg] = Many(Unknown(Why.CALLER)) if unknown and not rest else Tuple(tuple(rest))
    if spec.kwarg is not None:
        names[spec.kwarg.arg] = _keyword_rest(run, keywords, arguments.open or missing is not None)
    return names


def _keyword_rest(run: Run, keywords: dict[str, Value], unknown: bool) -> Value:
    items: dict[Hashable, tuple[Value, Value]] = {name: (Const(name), value) for name, value in keywords.items()}
    return run.new(DictObject(items, Unknown(Why.CALLER) if unknown else None))
