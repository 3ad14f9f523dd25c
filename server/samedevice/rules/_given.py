"""What a call gives, so that a method is called only on what has it."""

from __future__ import annotations

import ast

from samedevice.interpret.analysis import Analysis, Binding
from samedevice.rules._factories import LEGACY, function_name
from samedevice.rules._outline import outline
from samedevice.values.value import Tensor


def movable(analysis: Analysis, call: ast.Call) -> bool:
    """Whether what a call gives has `.to`."""
    return gives_tensor(analysis, call) or gives_network(analysis, call)


def gives_tensor(analysis: Analysis, call: ast.Call) -> bool:
    """Whether a call gives one tensor, not a loader, a network or several tensors.

    What it is bound to tells. Where it is not bound, how it is called and what is done with it tell: a method or a
    function of a module, such as `torch.argmax(x)`, nothing unpacked.
    """
    parent = outline(analysis.tree).parent(call)
    match parent:
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
            return _all_tensors(analysis, target)
        case ast.Return():
            return _all_tensors(analysis, parent)
        case ast.For() | ast.comprehension() | ast.Starred() | ast.withitem():
            return False
        case ast.Subscript(value=value, slice=index) if value is call and not isinstance(index, ast.Tuple):
            return False
        case ast.Attribute() if not _called(analysis, parent):
            return False
    name = function_name(call)
    if name[:1].isupper():
        return name in LEGACY or name == "Parameter"
    return isinstance(call.func, ast.Attribute)


def gives_network(analysis: Analysis, call: ast.Call) -> bool:
    """Whether a call builds a network: by a class of the file, a layer of torch.nn, or a function that returns one."""
    tree, name = outline(analysis.tree), function_name(call)
    if any(tree.is_network(one) for one in tree.classes(name)) or _layer(analysis, call):
        return True
    parent = tree.parent(call)
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        return holds_network(bound(analysis, parent.targets[0]))
    returns = [
        one
        for one in tree.nodes
        if isinstance(one, ast.Return) and (inner := tree.definition(one)) is not None and inner.name == name
    ]
    found = [bound(analysis, one) for one in returns]
    return isinstance(call.func, ast.Name) and bool(found) and all(map(holds_network, found))


def holds_network(bindings: list[Binding]) -> bool:
    """Whether all that is known of a target is that it is a network."""
    return bool(bindings) and all(one.object_kind == "network" for one in bindings)


def bound(analysis: Analysis, node: ast.AST) -> list[Binding]:
    """What a target or return was seen to hold."""
    return [one for one in analysis.bindings if one.node is node]


def _all_tensors(analysis: Analysis, node: ast.AST) -> bool:
    held = bound(analysis, node)
    return bool(held) and all(isinstance(one.value, Tensor) for one in held)


def _called(analysis: Analysis, node: ast.AST) -> bool:
    parent = outline(analysis.tree).parent(node)
    return isinstance(parent, ast.Call) and parent.func is node


def _layer(analysis: Analysis, call: ast.Call) -> bool:
    """Whether a class of torch.nn is called: `nn.Linear(3, 4)`."""
    module, _, name = ast.unparse(call.func).rpartition(".")
    if not name[:1].isupper() or name == "Parameter":
        return False
    return module in ("nn", "torch.nn") if module else _from_nn(analysis.tree, name)


def _from_nn(tree: ast.Module, name: str) -> bool:
    imports = (one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module == "torch.nn")
    return any(name == (alias.asname or alias.name) for one in imports for alias in one.names)
