"""Comparisons: `==`, `is`, `in`, and the rest."""

from __future__ import annotations

import ast

from samedevice.interpret import calls, expressions, iteration, tensors
from samedevice.interpret.budget import ITEMS
from samedevice.interpret.context import Run
from samedevice.interpret.hashing import key_of
from samedevice.interpret.heap import ClassObject, DictObject, Instance
from samedevice.interpret.join import join_values
from samedevice.interpret.truth import equal
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown
from samedevice.values.value import (
    Array,
    Const,
    Ref,
    Scalar,
    Tensor,
    Value,
)


def compare(run: Run, node: ast.Compare) -> Value:
    left = expressions.evaluate(run, node.left)
    result: Value = Const(True)
    for operator, comparator in zip(node.ops, node.comparators, strict=True):
        right = expressions.evaluate(run, comparator)
        result = _comparison(run, node, operator, left, right, comparator)
        if result == Const(False):
            return result
        left = right
    return result


def _comparison(run: Run, node: ast.Compare, operator: ast.cmpop, left: Value, right: Value, at: ast.expr) -> Value:
    match operator:
        case ast.Is() | ast.IsNot():
            same = equal(run, left, right)
            return same if isinstance(operator, ast.Is) else negated(same)
        case ast.In() | ast.NotIn():
            inside = _contains(run, right, left)
            return inside if isinstance(operator, ast.In) else negated(inside)
    if _is_data(run, left) or _is_data(run, right):
        return tensors.binary(run, node, type(operator).__name__, left, right, (node.left, at))
    if isinstance(operator, ast.Eq | ast.NotEq):
        custom = calls.operator_method(run, node, left, "__eq__", [right])
        same = custom if custom is not None else equal(run, left, right)
        return same if isinstance(operator, ast.Eq) else negated(same)
    return tensors.binary(run, node, type(operator).__name__, left, right, (node.left, at))


def _is_data(run: Run, value: Value) -> bool:
    match value:
        case Tensor() | Array():
            return True
        case Choice():
            return _is_data(run, value.yes) or _is_data(run, value.no)
    return False


def negated(value: Value) -> Value:
    """`not value` of a value that is a bool."""
    match value:
        case Const():
            return Const(not value.value)
        case Choice():
            return Choice(value.key, negated(value.yes), negated(value.no))
    return Scalar("bool")


def _contains(run: Run, container: Value, item: Value) -> Value:
    match container:
        case Const(value=str() as text) if isinstance(item, Const) and isinstance(item.value, str):
            return Const(item.value in text)
        case Choice():
            return join_values(container.key, _contains(run, container.yes, item), _contains(run, container.no, item))
        case Ref():
            found = run.object(container)
            if isinstance(found, DictObject):
                name = key_of(item)
                if name is not None and name in found.items:
                    return Const(True)
                return Const(False) if found.rest is None and name is not None else Scalar("bool")
            if isinstance(found, Instance | ClassObject):
                answer = calls.operator_method(run, None, container, "__contains__", [item])
                return answer if answer is not None else Scalar("bool")
    items, exact = iteration.items_of(run, container, None) if not isinstance(container, Unknown) else ([], False)
    verdicts = [equal(run, item, other) for other in items[:ITEMS]]
    if Const(True) in verdicts:
        return Const(True)
    if exact and all(verdict == Const(False) for verdict in verdicts):
        return Const(False)
    if exact and len(verdicts) == 1:
        return verdicts[0]
    if isinstance(item, Scalar | Unknown) and item.symbol and exact:
        words = f"{item.text or item.symbol} in {items!r}"
        return calls.flag(f"{item.symbol} in {[getattr(i, 'value', None) for i in items]}", words)
    return Scalar("bool")
