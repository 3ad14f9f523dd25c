"""Where a value goes: names, attributes, items, and parts of a sequence."""

from __future__ import annotations

import ast

from samedevice.interpret import attributes, calls, containers, expressions, iteration, subscripts, tensors
from samedevice.interpret.context import Arguments, Run, whole_text
from samedevice.interpret.heap import DictObject, ListObject
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Ref, Scalar, Tensor, Value


def assign(run: Run, target: ast.expr, value: Value, node: ast.expr | None, kind: str = "assign") -> None:
    """Gives `value` to a target."""
    match target:
        case ast.Name():
            bind_name(run, target.id, _named(run, value, target.id))
            run.bind(target, target.id, kind, value)
        case ast.Attribute():
            base = expressions.evaluate(run, target.value)
            attributes.put(run, base, target.attr, value, target, node)
            if not run.frame.library:
                run.bind(target, whole_text(target, run.frame.source), kind, value)
        case ast.Subscript():
            base = expressions.evaluate(run, target.value)
            index = expressions.evaluate(run, target.slice)
            subscripts.put(run, target, base, index, value, node)
            if not run.frame.library:
                run.bind(target, whole_text(target, run.frame.source), kind, value)
        case ast.Tuple() | ast.List():
            _unpack(run, target.elts, value, node, kind)
        case ast.Starred():
            assign(run, target.value, value, node, kind)


def _named(run: Run, value: Value, name: str) -> Value:
    """What is not known gets a name where it is bound, so that later readings of it agree."""
    match value:
        case Scalar(type="bool" | "str" as kind, symbol=""):
            return Scalar(kind, run.symbol(name), name)
        case Unknown(symbol=""):
            return Unknown(value.why, run.symbol(name), name)
    return value


def _unpack(run: Run, targets: list[ast.expr], value: Value, node: ast.expr | None, kind: str) -> None:
    items, exact = iteration.items_of(run, value, node)
    star = next((i for i, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
    if star is not None and exact and len(items) >= len(targets) - 1:
        after = len(targets) - star - 1
        middle = items[star : len(items) - after]
        rest = run.new(ListObject(middle, None))
        items = [*items[:star], rest, *items[len(items) - after :]]
    elif not exact:
        each = iteration.common_item(run, items) if items else Unknown(Why.NOT_MODELLED)
        if isinstance(value, Unknown):
            each = value if not value.symbol else Unknown(value.why)
        items = [each] * len(targets)
        if star is not None:
            items[star] = run.new(ListObject(None, each))
    elif len(items) != len(targets):
        items = []  # this raises: whatever follows holds something else than we think
    sources = node.elts if isinstance(node, ast.Tuple | ast.List) and len(node.elts) == len(targets) else None
    for index, target in enumerate(targets):
        part = items[index] if index < len(items) else Unknown(Why.NOT_MODELLED)
        assign(run, target, part, sources[index] if sources else node, kind)


def bind_name(run: Run, name: str, value: Value) -> None:
    """Binds a name in the scope where Python would."""
    frame = run.frame
    address = frame.scope
    if name in frame.globals:
        address = _outermost(run, address)
    elif name in frame.nonlocals:
        address = _holder(run, address, name)
    run.state.writable(address).names[name] = value


def _outermost(run: Run, address: int) -> int:
    parent = run.scope(address).parent
    while parent is not None:
        address = parent
        parent = run.scope(address).parent
    return address


def _holder(run: Run, address: int, name: str) -> int:
    parent = run.scope(address).parent
    while parent is not None:
        if name in run.scope(parent).names:
            return parent
        parent = run.scope(parent).parent
    return address


def delete(run: Run, target: ast.expr) -> None:
    match target:
        case ast.Name():
            run.state.writable(run.frame.scope).names.pop(target.id, None)
        case ast.Subscript():
            base = expressions.evaluate(run, target.value)
            index = expressions.evaluate(run, target.slice)
            subscripts.delete(run, target, base, index)
        case ast.Attribute():
            attributes.delete(run, expressions.evaluate(run, target.value), target.attr)
        case ast.Tuple() | ast.List():
            for element in target.elts:
                delete(run, element)


def augmented(run: Run, node: ast.AugAssign) -> None:
    """`x += y`: in place for tensors and lists, a new value for the rest."""
    operator = type(node.op).__name__
    old = expressions.evaluate(run, node.target)
    right = expressions.evaluate(run, node.value)
    new = _augment(run, node, operator, old, right)
    if isinstance(node.target, ast.Name):
        bind_name(run, node.target.id, new)
        run.bind(node.target, node.target.id, "assign", new)
    else:
        _store_back(run, node, old, new)


def _store_back(run: Run, node: ast.AugAssign, old: Value, new: Value) -> None:
    if isinstance(node.target, ast.Subscript) and isinstance(old, Tensor):
        base = expressions.evaluate(run, node.target.value)
        index = expressions.evaluate(run, node.target.slice)
        if not isinstance(base, Tensor):
            subscripts.put(run, node.target, base, index, new, node.value)
        return
    assign(run, node.target, new, node.value)


def _augment(run: Run, node: ast.AugAssign, operator: str, old: Value, right: Value) -> Value:
    if isinstance(old, Choice):
        return tensors.binary(run, node, operator, old, right, (node.target, node.value))
    if isinstance(old, Ref):
        found = run.object(old)
        if isinstance(found, ListObject) and operator == "Add":
            return _extend(run, old, right)
        if isinstance(found, DictObject) and operator == "BitOr":
            containers.update(run, node, old, Arguments([right], {}, [None]))
            return old
        custom = calls.operator_method(run, node, old, f"__i{operator.lower()}__", [right])
        if custom is not None:
            return custom
    if isinstance(old, Tensor):
        return tensors.inplace(run, node, operator, old, right, (node.target, node.value))
    return tensors.binary(run, node, operator, old, right, (node.target, node.value))


def _extend(run: Run, old: Ref, right: Value) -> Value:
    items, exact = iteration.items_of(run, right, None)
    found = run.state.writable(old.address)
    if found.items is not None and exact:
        found.items = [*found.items, *items]
    else:
        iteration.blur(run, found, items)
    return old
