"""Edits that call a method on a tensor, at the place where it is made, passed or used."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from samedevice.findings import Edit, Fix
from samedevice.interpret.analysis import Analysis, Operand, Refused
from samedevice.rules import _edits as edits
from samedevice.rules._given import movable
from samedevice.rules._offers import offer, together
from samedevice.rules._outline import is_path, loads, outline, root
from samedevice.rules._scope import defined, visible
from samedevice.syntax.nodes import inside
from samedevice.values.device import CPU
from samedevice.values.value import Array, Origin, Tensor, Value

Chain = Callable[[ast.AST], list[str]]
"""The method calls to try at a place: `.to(x.device)`, `.cpu()`."""


def at_use(analysis: Analysis, fact: Refused, operand: Operand, chain: Chain) -> Iterator[Fix]:
    """Call the method on the operand where it is used: once for all its uses, or in the expression."""
    node = operand.node
    if node is None or written_to(fact, operand):
        return
    for call in chain(fact.node):
        yield from _everywhere(analysis, node, call)
        title = f"Use `{_short(edits.receiver(analysis.source, node) + call)}`"
        if isinstance(node, ast.Name) and _used_again(analysis, node):
            statement = outline(analysis.tree).statement(node)
            if statement is not None:
                line = f"{node.id} = {node.id}{call}"
                yield from offer(f"Add `{line}`", edits.before, analysis.source, statement, line)
        yield from offer(title, edits.append, analysis.source, node, call)


def _everywhere(analysis: Analysis, node: ast.expr, call: str) -> Iterator[Fix]:
    """Call the method on each of several equal expressions of a statement."""
    statement = outline(analysis.tree).statement(node)
    words = ast.dump(node)
    equal = [n for n in ast.walk(statement or node) if isinstance(n, ast.expr) and ast.dump(n) == words]
    if len(equal) > 1 and not isinstance(node, ast.Name):
        builds = (edits.append(analysis.source, one, call) for one in equal)
        yield from offer(f"Use `{_short(edits.receiver(analysis.source, node) + call)}` each time", together, *builds)


def at_callers(
    analysis: Analysis, fact: Refused, operand: Operand, origin: Origin | None, chain: Chain
) -> Iterator[Fix]:
    """Call the method on the argument that carries the operand, in the calls that led here."""
    tree = outline(analysis.tree)
    calls = [
        place.node
        for place in reversed(fact.stack)
        if place.source is analysis.source and isinstance(place.node, ast.Call) and place.node in tree
    ]
    calls.sort(key=lambda call: _in_network(analysis, call))
    for call in calls:
        for argument in _arguments(call):
            if _carries(analysis, argument, operand, origin):
                for method in chain(call):
                    yield from _on_argument(analysis, call, argument, method)


def written_to(fact: Refused, operand: Operand) -> bool:
    """Whether the operand is what an in-place operation changes, so that a copy of it would not do."""
    if isinstance(fact.node, ast.AugAssign):
        return operand.node is not None and ast.unparse(operand.node) == ast.unparse(fact.node.target)
    last = fact.op.rpartition(".")[2]
    in_place = (last.endswith("_") and not last.endswith("__")) or last in ("__setitem__", "setitem")
    return in_place and bool(fact.operands) and operand.name in ("self", "input") and "Tensor." in fact.op


def carried(value: Value, origin: Origin | None) -> bool:
    """Whether a value has a facet decided at the very place of an origin."""
    if origin is None or origin.place is None or not isinstance(value, Tensor | Array):
        return False
    origins = (value.device_from if isinstance(value, Tensor) else None, value.dtype_from)
    return any(one is not None and one.place is not None and one.place.node is origin.place.node for one in origins)


def moved_batch(analysis: Analysis, name: ast.Name, call: str) -> Iterator[Fix]:
    """Move all that was unpacked from one batch, where a name was: `x, y = x.to(device), y.to(device)`."""
    names, statement, body = batch_of(analysis, name)
    anchor = body or statement
    if len(names) < 2 or anchor is None:
        return
    line = f"{', '.join(names)} = {', '.join(one + call for one in names)}"
    place = edits.before if body is not None else edits.after
    for test in _guards(analysis, anchor) if call == ".cuda()" else ():
        title = f"Add `if {test}: {line}`"
        yield from offer(title, place, analysis.source, anchor, f"if {test}:\n    {line}")
    yield from offer(f"Add `{line}`", place, analysis.source, anchor, line)


def _guards(analysis: Analysis, node: ast.AST) -> list[str]:
    """The tests under which the file moves something with `.cuda()`, where they can be asked again at a node."""
    tree = outline(analysis.tree)
    found: dict[str, None] = {}
    for guard in tree.nodes:
        match guard:
            case ast.If(test=ast.Name() | ast.Attribute() as test, body=body) if _moves_cuda(body):
                base = root(test)
                if base is not None and base.id != "self" and defined(analysis, base.id, node):
                    found.setdefault(analysis.source.text_of(test))
    return list(found)


def _moves_cuda(body: list[ast.stmt]) -> bool:
    calls = (node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Call))
    return any(isinstance(one.func, ast.Attribute) and one.func.attr == "cuda" and not one.args for one in calls)


def batch_of(analysis: Analysis, name: ast.Name) -> tuple[list[str], ast.stmt | None, ast.stmt | None]:
    """The tensors that are unpacked together with a name, the statement, and the first of the body if it is a loop."""
    tree = outline(analysis.tree)
    function = tree.function(name) or analysis.tree
    for node in inside(function):
        match node:
            case ast.For(target=ast.Tuple(elts=targets), body=[first, *_]) if _holds(targets, name.id):
                return _tensors_of(analysis, targets), node, first
            case ast.For(target=ast.Tuple(elts=[_, ast.Tuple(elts=targets)]), body=[first, *_]) if _holds(
                targets, name.id
            ):
                return _tensors_of(analysis, targets), node, first
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=value) if _holds(targets, name.id):
                if not isinstance(value, ast.Tuple) and node.lineno < name.lineno:
                    return _tensors_of(analysis, targets), node, None
    return [], None, None


def _holds(targets: list[ast.expr], name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _moved_by_hand(analysis: Analysis, target: ast.Name) -> bool:
    """Whether the same function assigns a name again from one of its methods: `x = x.to(device)`."""
    tree = outline(analysis.tree)
    for node in inside(tree.function(target) or analysis.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(value=ast.Name(id=read)))):
                if name == read == target.id:
                    return True
    return False


def _tensors_of(analysis: Analysis, targets: list[ast.expr]) -> list[str]:
    """Those of some targets that hold tensors on the CPU."""
    return [
        target.id
        for target in targets
        if isinstance(target, ast.Name)
        and not _moved_by_hand(analysis, target)
        and any(
            binding.node is target and isinstance(binding.value, Tensor) and binding.value.device == CPU
            for binding in analysis.bindings
        )
    ]


def _used_again(analysis: Analysis, node: ast.Name) -> bool:
    """Whether later lines of the same function read the name too, and it can be assigned before the statement."""
    tree = outline(analysis.tree)
    statement, function = tree.statement(node), tree.function(node) or analysis.tree
    if statement is None or isinstance(function, ast.Lambda) or not defined(analysis, node.id, statement):
        return False
    if isinstance(statement, ast.AugAssign | ast.For | ast.While):
        return False
    if isinstance(function, ast.Module) is False and not _bound_in(function, node.id):
        return False
    later = [n for n in loads(function, node.id) if n.lineno >= statement.lineno and n is not node]
    return bool(later)


def _bound_in(function: ast.AST, name: str) -> bool:
    return any(
        (isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store))
        or (isinstance(n, ast.arg) and n.arg == name)
        for n in inside(function)
    )


def _in_network(analysis: Analysis, call: ast.Call) -> bool:
    tree = outline(analysis.tree)
    return tree.is_network(tree.class_of(call))


def _arguments(call: ast.Call) -> list[ast.expr]:
    given = [*call.args, *(one.value for one in call.keywords if one.arg)]
    return [node for node in given if not isinstance(node, ast.Starred | ast.Constant)]


def _receivers(node: ast.expr) -> list[ast.AST]:
    """An expression and what its chain of methods and subscripts begins with."""
    found: list[ast.AST] = [node]
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
        found.append(node)
    return found


def _carries(analysis: Analysis, argument: ast.expr, operand: Operand, origin: Origin | None) -> bool:
    made = origin.place.node if origin is not None and origin.place is not None else None
    if made in _receivers(argument):
        return not isinstance(made, ast.Call) or movable(analysis, made)
    base = root(argument)
    if not is_path(argument) and (base is None or isinstance(argument, ast.Call)):
        return False
    text = analysis.source.text_of(argument) if is_path(argument) or base is None else base.id
    bindings = visible(analysis, argument).get(text, [])
    return any(carried(binding.value, origin) for binding in bindings)


def _on_argument(analysis: Analysis, call: ast.Call, argument: ast.expr, method: str) -> Iterator[Fix]:
    tree = outline(analysis.tree)
    name = root(argument) if not isinstance(argument, ast.Attribute) else None
    if name is not None and _may_be_tensor(analysis, name):
        loop = _loop_of(analysis, name)
        line = f"{name.id} = {name.id}{method}"
        if loop is not None:
            yield from offer(f"Add `{line}`", edits.before, analysis.source, loop.body[0], line)
        yield from moved_batch(analysis, name, method)
        if loop is None and _used_again(analysis, name) and (statement := tree.statement(call)) is not None:
            yield from offer(f"Add `{line}`", edits.before, analysis.source, statement, line)
    title = f"Pass `{_short(edits.receiver(analysis.source, argument) + method)}`"
    yield from offer(title, edits.append, analysis.source, argument, method)


def _may_be_tensor(analysis: Analysis, name: ast.Name) -> bool:
    """Whether a name holds a tensor, and is not the `torch` of `torch.rand(3)`."""
    return any(isinstance(one.value, Tensor) for one in visible(analysis, name).get(name.id, []))


def _loop_of(analysis: Analysis, name: ast.Name) -> ast.For | None:
    """The loop around a name that binds it."""
    for outer in outline(analysis.tree).above(name):
        if isinstance(outer, ast.For) and _bound_in(outer.target, name.id):
            return outer
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
            break
    return None


def _short(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= 60 else one[:59] + "…"


def replaced(analysis: Analysis, node: ast.expr, text: str) -> tuple[Edit, ...]:
    """Put other text in place of an expression."""
    return edits.replace(analysis.source, node, text)
