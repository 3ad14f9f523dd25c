"""Where a program calls a network: under its own name, and under those of the functions that it is handed to."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from samedevice.probe import arguments, targets
from samedevice.probe.calls import method
from samedevice.probe.names import names
from samedevice.probe.slicing import around
from samedevice.probe.targets import Function, Target

_ROUNDS = 3
_CALLERS = ("functional_call", "DataParallel", "DistributedDataParallel", "DDP")
Holder = tuple[ast.AST | None, str]
"""A name that holds the network, and the function it stands in (None: the whole file)."""


def sites(tree: ast.Module, target: Target) -> list[ast.Call]:
    """The calls of a network in its file, outside of loss functions and layers of its own."""
    holders = _holders(tree, target)
    found: list[ast.Call] = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = ast.unparse(call.func)
        if called.removesuffix(".forward") not in {name for _, name in holders}:
            continue
        scopes = [one for one in around(tree, call) if isinstance(one, Function)]
        for scope, name in holders:
            if name == called.removesuffix(".forward") and (
                scope in scopes or (scope is None and not _local(scopes, name))
            ):
                found.append(call)
                break
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def by_others(tree: ast.Module, target: Target) -> list[ast.Call]:
    """The calls that torch makes of a network: with other parameters, or on several GPUs."""
    names = {name for _, name in _holders(tree, target)}
    handed = [one for function in _CALLERS for one in targets.calls_of(tree, function)]
    return [
        one for one in handed if one.args and (ast.unparse(one.args[0]) in names or _makes(one.args[0], target.name))
    ]


def _local(scopes: list[Function], name: str) -> bool:
    """Whether a name is another one inside a function."""
    return any(parameter.arg == name for scope in scopes for parameter, _ in arguments.parameters(scope))


def _holders(tree: ast.Module, target: Target) -> set[Holder]:
    """The names that hold the network."""
    found: set[Holder] = set()
    if target.made is not None:
        found.add((_scope(tree, target.node, target.name), target.name))
    else:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                for each, value in _pairs(node.targets[0], node.value):
                    if _makes(value, target.name):
                        name = ast.unparse(each)
                        found.add((_scope(tree, node, name), name))
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, Function)}
    for cls in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        made = method(cls, "__init__")
        functions.update({cls.name: made} if made is not None else {})
    for _ in range(_ROUNDS):
        found |= set(_handed(tree, found, functions, target)) | set(_renamed(tree, found))
    return found


def _pairs(place: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """What is assigned to what: `a, b = A(), B()` is two, `model, optimizer = build()` one."""
    if not isinstance(place, ast.Tuple):
        return [(place, value)]
    if isinstance(value, ast.Tuple) and len(value.elts) == len(place.elts):
        return list(zip(place.elts, value.elts, strict=True))
    return [(place.elts[0], value)]


def _makes(value: ast.expr, name: str) -> bool:
    made = targets.bare(value)
    return isinstance(made, ast.Call) and ast.unparse(made.func).rpartition(".")[2] == name


def _scope(tree: ast.Module, node: ast.AST, name: str) -> ast.AST | None:
    """The function that a name is local to; an attribute of self is known in the whole class."""
    inside = [one for one in around(tree, node) if isinstance(one, Function | ast.ClassDef)]
    if not inside or name.startswith("self."):
        return None
    return inside[-1] if isinstance(inside[-1], Function) else None


def _handed(tree: ast.Module, holders: set[Holder], functions: dict[str, Function], target: Target) -> Iterator[Holder]:
    """Parameters that get the network: `train(model, loader)`."""
    known = {name for _, name in holders}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        function = functions.get(call.func.id)  # type: ignore[attr-defined]  # a Name, as said above
        if function is None:
            continue
        named = [parameter.arg for parameter, _ in arguments.parameters(function)]
        for index, one in enumerate(call.args):
            if index < len(named) and (ast.unparse(one) in known or _makes(one, target.name)):
                yield function, named[index]
        for word in call.keywords:
            if word.arg in named and (ast.unparse(word.value) in known or _makes(word.value, target.name)):
                yield function, word.arg


def _renamed(tree: ast.Module, holders: set[Holder]) -> Iterator[Holder]:
    """`net = DataParallel(model)`, `model = model.to(device)`."""
    known = {name for _, name in holders}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name | ast.Attribute):
            continue
        if ast.unparse(targets.bare(node.value)) in known and not isinstance(node.value, ast.Constant):
            name = ast.unparse(node.targets[0])
            yield _scope(tree, node, name), name


def reads_itself(call: ast.Call, tree: ast.Module, target: Target) -> bool:
    """Whether what is passed comes of the network itself, as in generation loops."""
    own = {name for _, name in _holders(tree, target)}
    reads = names(ast.Expr(ast.Tuple([*call.args, *(word.value for word in call.keywords)], ast.Load()))).reads
    return bool(own & reads)
