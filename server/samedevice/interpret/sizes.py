"""What a program tells of a tensor's sizes: `b, n, c = x.shape`, `w = x.size(3)`, `assert x.ndim == 4`."""

from __future__ import annotations

import ast

from samedevice.dataclass import replace
from samedevice.interpret import assignment, expressions
from samedevice.interpret.context import Run
from samedevice.ops.call import value_of
from samedevice.values.value import Dim, Tensor, Tuple, Value


def named(run: Run, target: ast.expr, node: ast.expr, value: Value) -> Value:
    """What `target = node` gives its target; sizes that have no name yet are called like it."""
    match target, node:
        case (ast.Tuple(elts=targets), ast.Tuple(elts=nodes)) if len(targets) == len(nodes):
            items = value.items if isinstance(value, Tuple) else ()
            if len(items) == len(nodes):
                return Tuple(tuple(named(run, *one) for one in zip(targets, nodes, items, strict=True)))
            return value
    owner = _owner(node)
    tensor = _own(run, owner) if owner is not None else None
    if owner is None or tensor is None:
        return value
    dims: list[Dim] = list(tensor.shape or ())
    if tensor.shape is None:
        if not isinstance(target, ast.Tuple) or isinstance(node, ast.Subscript) or _starred(target):
            return value
        dims = [None] * len(target.elts)
    return _called(run, target, node, owner, tensor, dims, value)


def _called(
    run: Run, target: ast.expr, node: ast.expr, owner: ast.Name, tensor: Tensor, dims: list[Dim], value: Value
) -> Value:
    """The sizes that `node` reads, called like their targets; the tensor knows the names from now on."""
    places = _places(node, len(dims))
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    if places is None or len(places) != len(targets) or _starred(target):
        return value
    for place, one in zip(places, targets, strict=True):
        if dims[place] is None and isinstance(one, ast.Name) and one.id != "_":
            dims[place] = run.symbol(one.id)
    if tuple(dims) != tensor.shape:
        assignment.bind_name(run, owner.id, replace(tensor, shape=tuple(dims)))
    found = tuple(value_of(dims[place]) for place in places)
    return Tuple(found) if isinstance(target, ast.Tuple) else found[0]


def tested(run: Run, test: ast.expr, taken: bool) -> None:
    """What is known of the rank of a tensor on one side of a test."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            tested(run, inner, not taken)
        case ast.BoolOp(op=operator, values=parts) if isinstance(operator, ast.And) == taken:
            for part in parts:
                tested(run, part, taken)
        case ast.Compare(
            left=left, ops=[ast.Eq() | ast.NotEq() as operator], comparators=[ast.Constant(value=int(rank))]
        ):
            owner = _ranked(left) if isinstance(operator, ast.Eq) == taken else None
            tensor = _own(run, owner) if owner is not None else None
            if owner is not None and tensor is not None and tensor.shape is None and 0 <= rank < 10:
                assignment.bind_name(run, owner.id, replace(tensor, shape=(None,) * rank))


def _own(run: Run, owner: ast.Name) -> Tensor | None:
    """The tensor that a name of the running function means."""
    if owner.id not in run.scope(run.frame.scope).names:
        return None
    value = expressions.evaluate(run, owner)
    return value if isinstance(value, Tensor) and value.cell is None else None


def _owner(node: ast.expr) -> ast.Name | None:
    """`x` of `x.shape`, `x.shape[0]`, `x.size()` and `x.size(0)`."""
    match node:
        case (
            ast.Attribute(value=ast.Name() as owner, attr="shape")
            | ast.Subscript(value=ast.Attribute(value=ast.Name() as owner, attr="shape"))
            | ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr="size"), keywords=[])
        ):
            return owner
    return None


def _ranked(node: ast.expr) -> ast.Name | None:
    """`x` of `x.ndim`, `x.dim()` and `len(x.shape)`."""
    match node:
        case ast.Attribute(value=ast.Name() as owner, attr="ndim"):
            return owner
        case ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr="dim"), args=[]):
            return owner
        case ast.Call(func=ast.Name(id="len"), args=[ast.expr() as shape]) if not isinstance(shape, ast.Subscript):
            return _owner(shape)
    return None


def _places(node: ast.expr, rank: int) -> list[int] | None:
    """Which sizes of `rank` an expression reads; None where that can't be told."""
    everything = list(range(rank))
    try:
        match node:
            case ast.Attribute() | ast.Call(args=[]):
                return everything
            case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper, step=None)):
                return everything[_integer(lower) : _integer(upper)]
            case ast.Subscript(slice=index) | ast.Call(args=[index]):
                return [everything[ast.literal_eval(index)]]
    except (ValueError, TypeError, IndexError, SyntaxError):
        pass
    return None


def _integer(bound: ast.expr | None) -> int | None:
    found = None if bound is None else ast.literal_eval(bound)
    if found is None or isinstance(found, int):
        return found
    raise TypeError(bound)


def _starred(target: ast.expr) -> bool:
    return isinstance(target, ast.Tuple) and any(isinstance(one, ast.Starred) for one in target.elts)
