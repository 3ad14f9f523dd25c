"""Where a node stands in its file: the statement, block, function and class around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from samedevice.syntax.nodes import inside, link, parent, parts, remembered

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Outline:
    """The parents of every node of a file, and questions about them."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        link(tree)
        self._functions: dict[ast.AST, FunctionNode | None] = {}
        self._classes: dict[ast.AST, ast.ClassDef | None] = {}

    def __contains__(self, node: ast.AST | None) -> bool:
        return node in self._own

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node right above a node."""
        return parent(node)

    @cached_property
    def nodes(self) -> Sequence[ast.AST]:
        """All nodes below the file's own, statement by statement."""
        return inside(self.tree)

    @cached_property
    def _own(self) -> set[ast.AST]:
        return {self.tree, *self.nodes}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, innermost first."""
        while (outer := parent(node)) is not None:
            yield outer
            node = outer

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The innermost statement that a node is part of."""
        found = (
            node if isinstance(node, ast.stmt) else next((n for n in self.above(node) if isinstance(n, ast.stmt)), None)
        )
        return found

    def function(self, node: ast.AST) -> FunctionNode | None:
        """The innermost function around a node."""
        if node not in self._functions:
            self._functions[node] = next((n for n in self.above(node) if isinstance(n, _FUNCTIONS)), None)
        return self._functions[node]

    def definition(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The innermost `def` around a node."""
        return next((n for n in self.above(node) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)), None)

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """The class whose body or method a node is in."""
        if node not in self._classes:
            self._classes[node] = next((n for n in self.above(node) if isinstance(n, ast.ClassDef)), None)
        return self._classes[node]

    def method(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The method around a node, past functions nested in it."""
        for outer in (node, *self.above(node)):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef) and isinstance(
                self.parent(outer), ast.ClassDef
            ):
                return outer
        return None

    def stores(self, name: str) -> list[ast.AST]:
        """The nodes that bind a plain name, anywhere in the file."""
        return self._stores.get(name, [])

    @cached_property
    def _stores(self) -> dict[str, list[ast.AST]]:
        found: dict[str, list[ast.AST]] = {}
        for statement in self.tree.body:
            for name, nodes in _stored_in(statement).items():
                found.setdefault(name, []).extend(nodes)
        return found

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The list of statements that a statement is one of."""
        parent = self.parent(statement)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and statement in block:
                return block
        return []

    def classes(self, name: str) -> list[ast.ClassDef]:
        """The classes of a name, wherever they stand."""
        return [node for statement in self.tree.body for node in classes_in(statement) if node.name == name]

    def calls(self, name: str) -> list[ast.Call]:
        """The calls of a plain name, in the order of the source."""
        found = [
            n for n in self.nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == name
        ]
        return sorted(found, key=lambda node: (node.lineno, node.col_offset))

    def is_network(self, node: ast.ClassDef | None, seen: tuple[str, ...] = ()) -> bool:
        """Whether a class looks like an nn.Module by its bases."""
        if node is None or node.name in seen:
            return False
        for base in node.bases:
            name = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
            if name.endswith("Module") or name in ("Sequential", "ModuleList", "_Loss"):
                return True
            if any(self.is_network(known, (*seen, node.name)) for known in self.classes(name)):
                return True
        return False


def _stored_in(statement: ast.AST) -> dict[str, list[ast.AST]]:
    """The nodes of a statement that bind a name."""
    if isinstance(statement, ast.ClassDef):
        found: dict[str, list[ast.AST]] = {statement.name: [statement]}
        for part in parts(statement):
            for name, nodes in _stored_in(part).items():
                found.setdefault(name, []).extend(nodes)
        return found
    return remembered(statement, "stores", _stores)


def _stores(statement: ast.AST) -> dict[str, list[ast.AST]]:
    found: dict[str, list[ast.AST]] = {}
    for node in inside(statement):
        for name in _bound_names(node):
            found.setdefault(name, []).append(node)
    return found


def classes_in(statement: ast.AST) -> tuple[ast.ClassDef, ...]:
    """The classes of a statement and in it; methods of a class each on their own."""
    if isinstance(statement, ast.ClassDef):
        return (statement, *(node for inner in statement.body for node in classes_in(inner)))
    return remembered(statement, "classes", _classes)


def _classes(statement: ast.AST) -> tuple[ast.ClassDef, ...]:
    return tuple(node for node in inside(statement) if isinstance(node, ast.ClassDef))


def _bound_names(node: ast.AST) -> tuple[str, ...]:
    match node:
        case (
            ast.Name(id=bound, ctx=ast.Store())
            | ast.arg(arg=bound)
            | ast.FunctionDef(name=bound)
            | ast.ClassDef(name=bound)
        ):
            return (bound,)
        case ast.alias(name=original, asname=asname):
            return (asname or original.split(".")[0],)
    return ()


def binds(node: ast.AST, name: str) -> bool:
    """Whether a node itself binds a plain name."""
    return name in _bound_names(node)


@lru_cache(maxsize=4)
def outline(tree: ast.Module) -> Outline:
    return Outline(tree)


def arguments(function: FunctionNode) -> list[ast.arg]:
    """The named parameters of a function, in order."""
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def root(node: ast.AST) -> ast.Name | None:
    """The name that an attribute, subscript or call chain begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node if isinstance(node, ast.Name) else None


def is_path(node: ast.AST | None) -> bool:
    """Whether an expression is a name or attributes of one, so that naming it again costs and changes nothing."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def mentions(node: ast.AST, name: str) -> bool:
    """Whether a plain name is read somewhere in a node."""
    return any(isinstance(inner, ast.Name) and inner.id == name for inner in ast.walk(node))


def loads(node: ast.AST, name: str) -> list[ast.Name]:
    """The places in a node that read a name."""
    found = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)]
    return sorted(found, key=lambda one: (one.lineno, one.col_offset))
