"""What is remembered of a piece of syntax for as long as its text stays the same."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, TypeVar

T = TypeVar("T")
N = TypeVar("N", bound=ast.AST)

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_SHARED = frozenset({"ctx", "op", "ops"})
"""Fields whose nodes the parser uses again and again."""


def remembered(node: N, name: str, make: Callable[[N], T]) -> T:
    """What `make` says of a node, asked once for each text that the node holds."""
    known: dict[str, Any] = vars(node).setdefault("remembered", {})
    if name not in known:
        known[name] = make(node)
    found: T = known[name]
    return found


def revision(node: ast.AST) -> int:
    """Which text a node holds: functions that are edited in place get another number each time."""
    found: int = vars(node).get("revision", 0)
    return found


def inside(node: ast.AST) -> Sequence[ast.AST]:
    """A node and all nodes below it, but for what the parser uses again and again; methods of a class on their own."""
    if isinstance(node, ast.Module):
        return list(chain.from_iterable(map(inside, node.body)))
    if isinstance(node, ast.ClassDef):
        return [node, *chain.from_iterable(map(inside, parts(node)))]
    return remembered(node, "inside", _inside)


def parts(node: ast.ClassDef) -> tuple[ast.AST, ...]:
    """What a class consists of, each with a text of its own that may change."""
    return (*node.decorator_list, *node.bases, *node.keywords, *node.body)


def _inside(node: ast.AST) -> tuple[ast.AST, ...]:
    found = [node]
    for outer in found:
        found += _children(outer)
    return tuple(found)


def _children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, but for what the parser uses again and again."""
    found: list[ast.AST] = []
    known = vars(node)
    for name in node._fields:
        value = known.get(name)
        if isinstance(value, ast.AST):
            if name not in _SHARED:
                found.append(value)
        elif isinstance(value, list) and name not in _SHARED:
            found += [inner for inner in value if isinstance(inner, ast.AST)]
    return found


def is_generator(node: Function) -> bool:
    """Whether a function yields."""
    return remembered(node, "yields", _has_yield)


def _has_yield(node: Function) -> bool:
    stack: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    while stack:
        child = stack.pop()
        if isinstance(child, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            stack.extend(ast.iter_child_nodes(child))
    return False


def called_names(node: ast.AST) -> frozenset[str]:
    """The names that a statement calls, methods of a class each on their own."""
    if isinstance(node, ast.ClassDef):
        return frozenset().union(*map(called_names, parts(node)))
    return remembered(node, "calls", _calls)


def _calls(node: ast.AST) -> frozenset[str]:
    calls = (inner for inner in inside(node) if isinstance(inner, ast.Call))
    return frozenset(call.func.id for call in calls if isinstance(call.func, ast.Name))


def link(tree: ast.Module) -> None:
    """Tells every node of a file what is above it."""
    for statement in tree.body:
        _link(statement, tree)


def parent(node: ast.AST) -> ast.AST | None:
    """The node right above a node of a linked tree."""
    found: ast.AST | None = vars(node).get("parent")
    return found


def _link(statement: ast.AST, parent: ast.AST) -> None:
    """Tells the nodes of a statement what is above them, again only where the text has changed."""
    known = vars(statement)
    known["parent"] = parent
    above: list[ast.AST] = [statement]
    if isinstance(statement, ast.ClassDef):
        for inner in statement.body:
            _link(inner, statement)
        above = [one for one in ast.iter_child_nodes(statement) if "parent" not in vars(one)]
        for one in above:
            vars(one)["parent"] = statement
    elif known.get("linked") == revision(statement):
        return
    known["linked"] = revision(statement)
    for outer in above:
        below = _children(outer)
        for node in below:
            vars(node)["parent"] = outer
        above += below
