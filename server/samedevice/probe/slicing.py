"""The statements that a value depends on, in order, and nothing else of the program."""

from __future__ import annotations

import ast
import builtins
import itertools

from samedevice.dataclass import dataclass, field
from samedevice.probe.names import Definition, names, sets_up
from samedevice.probe.plan import Statement
from samedevice.syntax.parse import parse
from samedevice.syntax.source import SourceFile

_ALWAYS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}
Bound = tuple[str, str, int]
"""A name that a caller gives, the code that gives it, and its line."""


@dataclass
class Slice:
    """Statements in reach of a place, of which those are taken that something needs."""

    source: SourceFile
    lines: list[ast.stmt]
    """All that runs before the place, from the file's top down through the blocks around it."""
    later: list[ast.stmt] = field(default_factory=list)
    """What stands below it in the file: functions use it when they are called."""
    local: int = 0
    """How many of the lines come before the body of the function around the place."""
    parameters: frozenset[str] = frozenset()
    """The parameters of the functions around the place."""
    module: str = ""
    """The file as Python imports it, where its own definitions are to be imported instead of run again."""
    moves: bool = False
    """Whether what moves a value belongs to it."""
    _taken: set[int] = field(default_factory=set)
    _asked: set[tuple[str, int]] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    """Names that nothing in reach binds: parameters of the function around the place."""

    def __post_init__(self) -> None:
        self._all = [*self.lines, *self.later]
        self._names = [names(statement, self.moves) for statement in self._all]
        self._top = set(parse(self.source).tree.body) if self.module else set()

    def need(self, wanted: frozenset[str], before: int | None = None) -> None:
        """Takes what binds these names before a place, and what that needs."""
        place = len(self.lines) if before is None else before
        for name in sorted(wanted - _ALWAYS):
            self._need(name, place)

    def _need(self, name: str, place: int) -> None:
        if (name, place) in self._asked:
            return
        self._asked.add((name, place))
        found = False
        for index in range(place - 1, -1, -1):
            if name in self.parameters and index < self.local:
                break
            one = self._names[index]
            if name in one.changes and name not in one.binds:
                self._take(index)
            if name in one.binds:
                found = True
                self._take(index)
                if one.certain:
                    return
        if name in self.parameters:
            self.unknown.add(name)
            return
        if not found:
            found = self._from_below(name, place)
        stars = [index for index, one in enumerate(self._names) if "*" in one.binds]
        for index in stars if not found else []:
            self._taken.add(index)
        if not found and not stars:
            self.unknown.add(name)

    def _from_below(self, name: str, place: int) -> bool:
        for index in [*range(place, len(self._all)), *range(place)]:
            if name in self._names[index].binds:
                self._take(index)
                return True
        return False

    def _take(self, index: int) -> None:
        if index in self._taken:
            return
        self._taken.add(index)
        one = self._names[index]
        self.need(one.reads, len(self.lines) if one.deferred else index)

    def take(self, statement: ast.stmt) -> None:
        """Takes one statement and what it needs."""
        self._take(self._all.index(statement))

    def statements(self) -> list[Statement]:
        """What was taken, in the order of the file."""
        for index, statement in enumerate(self._all):
            if sets_up(statement):
                self._take(index)
        taken = [self._all[index] for index in sorted(self._taken)]
        if not self.module:
            return [code(self.source, one) for one in taken]
        top = [one for one in taken if one in self._top and not isinstance(one, ast.Expr)]
        imported = sorted({name for one in top for name in names(one).binds if name != "*"})
        first = [Statement(f"from {self.module} import {name}", 1) for name in imported]
        return [*first, *(code(self.source, one) for one in taken if one not in top)]


def code(source: SourceFile, node: ast.stmt) -> Statement:
    """A statement as it runs by itself at its own line: its own text, or its meaning where that can't stand alone."""
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    lines = source.lines[first - 1 : node.end_lineno]
    indented = lines[0][:1].isspace()
    before = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    text = "\n".join(lines)
    if indented and first > 1:
        text, first = f"if True:\n{text}", first - 1
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return Statement(ast.unparse(node), node.lineno)
    inner = tree.body[0].body if indented and isinstance(tree.body[0], ast.If) else tree.body
    same = len(inner) == 1 and ast.dump(inner[0]) == ast.dump(node) and (not before.strip())
    return Statement(text, first) if same else Statement(ast.unparse(node), node.lineno)


def cut(source: SourceFile, path: list[ast.AST], module: str = "", moves: bool = False) -> Slice:
    """What is in reach of the last node of a path."""
    lines, later = before(path)
    functions = [one for one in path[:-1] if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside: set[int] = {id(node) for one in functions[:1] for node in one.body}
    local = next((index for index, one in enumerate(lines) if id(one) in inside), len(lines)) if functions else 0
    every = [argument.arg for one in functions for argument in _arguments(one.args)]
    return Slice(source, lines, later, local, frozenset(every), module, moves)


def _arguments(given: ast.arguments) -> list[ast.arg]:
    rest = [one for one in (given.vararg, given.kwarg) if one is not None]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *rest]


def around(tree: ast.Module, target: ast.AST) -> list[ast.AST]:
    """The nodes around a node, from the file down to itself."""
    path: list[ast.AST] = []

    def visit(node: ast.AST) -> bool:
        path.append(node)
        if node is target or any(visit(child) for child in ast.iter_child_nodes(node)):
            return True
        path.pop()
        return False

    visit(tree)
    return path


def before(path: list[ast.AST]) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """What runs before the last node of a path, and the definitions below it that functions may use."""
    lines: list[ast.stmt] = []
    later: list[ast.stmt] = []
    for outer, inner in itertools.pairwise(path):
        if isinstance(outer, ast.ClassDef):
            continue
        if (
            isinstance(outer, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp)
            and inner not in outer.generators
        ):
            lines += [_first_round(one, outer) for one in outer.generators]
            continue
        for block in ("body", "orelse", "finalbody", "handlers"):
            inside = getattr(outer, block, None)
            if not isinstance(inside, list) or inner not in inside:
                continue
            index = inside.index(inner)
            if isinstance(outer, ast.For | ast.AsyncFor) and block == "body":
                lines.append(_first_round(outer, outer))
            if isinstance(outer, ast.With) and block == "body":
                lines += _entered(outer)
            lines += inside[:index]
            if isinstance(outer, ast.Module):
                later = list(inside[index:])
    if any(isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) for one in path):
        # By the time a function runs, the whole file has.
        top = path[0]
        assert isinstance(top, ast.Module)
        rest = [one for one in later if not _runs_program(one)]
        rest += [
            one for guard in later if isinstance(guard, ast.If) and _runs_program(guard) for one in _globals(guard)
        ]
        lines, later = [*lines[: top.body.index(path[1])], *rest, *lines[top.body.index(path[1]) :]], []  # type: ignore[arg-type]  # statements stand in a module
    else:
        later = [one for one in later[1:] if isinstance(one, Definition | ast.Import | ast.ImportFrom | ast.Assign)]
        if isinstance(path[-1], ast.ClassDef):
            later = [path[-1], *later]
    return lines, later


def _runs_program(node: ast.stmt) -> bool:
    """`if __name__ == "__main__":` and calls at the end of a file."""
    if isinstance(node, ast.If):
        return any(isinstance(one, ast.Name) and one.id == "__name__" for one in ast.walk(node.test))
    return isinstance(node, ast.Expr)


def _globals(guard: ast.If) -> list[ast.stmt]:
    """What `if __name__ == "__main__":` binds for the functions that it calls."""
    return [one for one in guard.body if isinstance(one, ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom)]


def _first_round(node: ast.For | ast.AsyncFor | ast.comprehension, place: ast.AST) -> ast.stmt:
    """The first round of a loop around the place."""
    value = ast.Call(ast.Name("next", ast.Load()), [ast.Call(ast.Name("iter", ast.Load()), [node.iter], [])], [])
    return ast.fix_missing_locations(ast.copy_location(ast.Assign([node.target], value), place))


def _entered(node: ast.With) -> list[ast.stmt]:
    """The names that a `with` around the place binds."""
    found: list[ast.stmt] = []
    for item in node.items:
        if item.optional_vars is not None:
            entered = ast.Call(ast.Attribute(item.context_expr, "__enter__", ast.Load()), [], [])
            assign = ast.Assign([item.optional_vars], entered)
            found.append(ast.fix_missing_locations(ast.copy_location(assign, node)))
    return found
