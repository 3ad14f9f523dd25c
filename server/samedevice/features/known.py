"""What is known at a place: the name or expression that stands there, and the values bound to it."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from samedevice.dataclass import dataclass
from samedevice.interpret.analysis import Analysis, Binding
from samedevice.syntax.nodes import link
from samedevice.syntax.nodes import parent as parent_of
from samedevice.syntax.source import Span

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_SHOWN = (ast.Name, ast.Attribute, ast.Call, ast.arg)
_Place = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """An expression of the source, and what may be said of it."""

    node: ast.AST
    name: str
    bindings: tuple[Binding, ...]


class Known:
    """The bindings of a file, by node and by name; made once for an analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.source = analysis.source
        link(analysis.tree)

    @cached_property
    def by_node(self) -> dict[ast.AST, list[Binding]]:
        """All values that each target, parameter or return got."""
        found: dict[ast.AST, list[Binding]] = defaultdict(list)
        for binding in self.analysis.bindings:
            found[binding.node].append(binding)
        return found

    @cached_property
    def _by_name(self) -> dict[tuple[str, ast.AST | None], list[tuple[_Place, ast.AST]]]:
        """The nodes that bind a name in a function, in their order."""
        found: dict[tuple[str, ast.AST | None], list[tuple[_Place, ast.AST]]] = defaultdict(list)
        for node, bindings in self.by_node.items():
            if bindings[0].kind != "return":
                found[bindings[0].name, self._function(node)].append((_start(node), node))
        for places in found.values():
            places.sort(key=lambda item: item[0])
        return found

    def at(self, line: int, column: int) -> Found | None:
        """What stands at a place, counted from 1; None where there is nothing to say."""
        if not 0 < line <= len(self.source.lines):
            return None
        offset = len(self.source.line(line)[: column - 1].encode(errors="replace"))
        for node in self._innermost((line, offset)):
            if isinstance(node, _SHOWN):
                found = self._about(node)
                if found is not None and found.bindings:
                    return found
                if isinstance(node, ast.Name | ast.arg):
                    return None
        return None

    def _innermost(self, place: _Place) -> Iterator[ast.AST]:
        """The nodes at a place, from the innermost to the outermost that one means by pointing there."""
        path: list[ast.AST] = []
        node: ast.AST | None = self.analysis.tree
        while node is not None:
            path.append(node)
            node = next((child for child in _children(node) if _covers(child, place)), None)
        inner = [one for one in reversed(path) if isinstance(one, ast.expr | ast.arg)]
        for one in inner:
            # Pointing at `x` of `x.to(device)` means x, pointing at `to` means the call.
            yield one
            if isinstance(one, ast.Call):
                return

    def _about(self, node: ast.AST) -> Found | None:
        direct = self.by_node.get(node)
        if direct:
            return Found(node, direct[0].name, tuple(direct))
        parent = parent_of(node)
        if isinstance(node, ast.Call):
            return self._result(node, parent)
        name = self.source.text_of(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if isinstance(node, ast.Attribute) and isinstance(parent, ast.Call) and parent.func is node:
            return self._result(parent, parent_of(parent))
        return Found(node, name, self.of_name(name, node)) if name else None

    def _result(self, call: ast.Call, parent: ast.AST | None) -> Found | None:
        """The value of a call, known where it is given a name or returned."""
        match parent:
            case ast.Assign(targets=[target], value=value) if value is call:
                bindings = self.by_node.get(target, [])
            case ast.AnnAssign(target=target, value=value) if value is call:
                bindings = self.by_node.get(target, [])
            case ast.Return():
                bindings = self.by_node.get(parent, []) or self.by_node.get(call, [])
            case _:
                return None
        return Found(call, self.source.text_of(call).partition("\n")[0], tuple(bindings))

    def of_name(self, name: str, node: ast.AST) -> tuple[Binding, ...]:
        """The bindings of a name that hold at a node: the last before it, in the innermost function that has one."""
        place = _start(node)
        function = self._function(node)
        inner = True
        while True:
            places = self._by_name.get((name, function), [])
            index = bisect_right(places, place, key=lambda item: item[0]) if inner else len(places)
            if places and index:
                return tuple(self.by_node[places[index - 1][1]])
            if function is None:
                break
            function, inner = self._function(function), False
        return self._of_self(name, node) if name.startswith("self.") else ()

    def _of_self(self, name: str, node: ast.AST) -> tuple[Binding, ...]:
        """An attribute of `self` as another method of its class sets it, `__init__` first."""
        cls = self._class(node)
        found = []
        for (other, function), places in self._by_name.items():
            if other == name and function is not None and self._class(function) is cls:
                first = getattr(function, "name", "") != "__init__"
                found.append((first, places[-1][0], places[-1][1]))
        return tuple(self.by_node[min(found, key=lambda item: item[:2])[2]]) if found else ()

    def _function(self, node: ast.AST) -> ast.AST | None:
        """The function around a node; a parameter is inside."""
        parent = parent_of(node)
        while parent is not None and not isinstance(parent, Function):
            parent = parent_of(parent)
        return parent

    def _class(self, node: ast.AST) -> ast.AST | None:
        parent = parent_of(node)
        while parent is not None and not isinstance(parent, ast.ClassDef):
            parent = parent_of(parent)
        return parent

    def function_name(self, node: ast.AST) -> str:
        """The name of the function around a node; "" at module level."""
        return str(getattr(self._function(node), "name", ""))

    def span(self, node: ast.AST) -> Span:
        """The span of a node."""
        return self.source.span(node)


def _start(node: ast.AST) -> _Place:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The located nodes right below a node; those without a place of their own give theirs."""
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno"):
            yield child
        else:
            yield from _children(child)


def _covers(node: ast.AST, place: _Place) -> bool:
    start = min([_start(node), *(_start(one) for one in getattr(node, "decorator_list", []))])
    end = getattr(node, "end_lineno", None) or 0, getattr(node, "end_col_offset", None) or 0
    return start <= place <= end
