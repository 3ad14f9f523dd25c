"""The file of a module of the user's own project, by its name and the file that imports it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from samedevice.dataclass import dataclass
from samedevice.resolve import outside
from samedevice.syntax.parse import parse
from samedevice.syntax.pieces import Piece, outline
from samedevice.syntax.pieces import read as read_piece
from samedevice.syntax.reading import Unreadable, read
from samedevice.syntax.source import SourceFile

_MARKERS = (".git", "pyproject.toml", "setup.py", "setup.cfg")
_UP = 6
LARGEST = 400_000
"""Bytes of a module that is still followed."""


opened: dict[str, str] = {}
"""The texts of files that are open in an editor, by their paths: they count before the disk."""
generation = 0
"""Another number whenever a module may mean something else than before."""
entered: set[str] = set()
"""The files that analyses have entered, since someone cleared this."""


@dataclass(frozen=True)
class Module:
    """A module of the project, not run: what its names are bound by."""

    source: SourceFile
    names: dict[str, list[ast.stmt | Piece]]
    stars: tuple[ast.ImportFrom, ...]

    def binding(self, name: str) -> list[ast.stmt]:
        """The statements that bind a name; what was not read yet is read now."""
        found = [read_piece(self.source, one) if isinstance(one, Piece) else one for one in self.names[name]]
        known = [one for one in found if one is not None]
        if len(known) < len(found):
            names = _names(parse(self.source).tree.body)
            self.names.clear()
            self.names.update(names)
            return self.binding(name) if name in names else []
        self.names[name] = list(known)
        return known


def file_of(importer: str, name: str, level: int) -> str | None:
    """The file of a module as a file imports it, `level` dots before its name; None where it is not the project's."""
    found = find(importer, name, level)
    if found is not None or level or _is_folder(importer, name):
        return found
    return outside.find(importer, name, lambda: _text(importer), _module)


@lru_cache(maxsize=4096)
def find(importer: str, name: str, level: int) -> str | None:
    """The file of a module that lies where Python would look when the project is run."""
    folder = Path(importer).parent
    parts = [part for part in name.split(".") if part]
    if level:
        for _ in range(level - 1):
            folder = folder.parent
        return _module(folder, parts)
    return next((found for root in _roots(folder) if (found := _module(root, parts)) is not None), None)


@lru_cache(maxsize=4096)
def _is_folder(importer: str, name: str) -> bool:
    """Whether a name is a package without a file of its own: its modules have files, it has none."""
    return any(root.joinpath(*name.split(".")).is_dir() for root in _roots(Path(importer).parent))


def forget() -> None:
    """Files, open texts or answers have changed: everything is read anew."""
    global generation
    generation += 1
    find.cache_clear()
    _is_folder.cache_clear()
    load.cache_clear()


def settle() -> bool:
    """Whether the environment has files for what was asked of jedi till now."""
    return outside.settle(_module)


def _text(path: str) -> str:
    """The text of a file as it is now; "" where it can't be read."""
    if path in opened:
        return opened[path]
    try:
        return read(Path(path))[0].text
    except Unreadable:
        return ""


def _roots(folder: Path) -> list[Path]:
    """The folders that Python would import from when the project is run: the file's own, and those above it."""
    roots = []
    for candidate in [folder, *folder.parents][:_UP]:
        roots.append(candidate)
        if any((candidate / marker).exists() for marker in _MARKERS):
            roots.append(candidate / "src")
            break
    return roots


def _module(folder: Path, parts: list[str]) -> str | None:
    base = folder.joinpath(*parts)
    for candidate in (base.with_name(f"{base.name}.py") if parts else base / "__init__.py", base / "__init__.py"):
        if str(candidate) in opened:
            return str(candidate)
        try:
            if candidate.is_file() and candidate.stat().st_size <= LARGEST:
                return str(candidate)
        except OSError:
            return None
    return None


@lru_cache(maxsize=1024)
def load(path: str) -> Module | None:
    """A module's top-level statements by the names they bind; None where it can't be read."""
    try:
        source = SourceFile(path, opened[path]) if path in opened else read(Path(path))[0]
    except Unreadable:
        return None
    found = outline(source)
    body: list[ast.stmt | Piece] = [*parse(source).tree.body] if found is None else found.in_order()
    stars = [one for one in body if isinstance(one, ast.ImportFrom) and any(alias.name == "*" for alias in one.names)]
    return Module(source, _names(body), tuple(stars))


def _names(body: Iterable[ast.stmt | Piece]) -> dict[str, list[ast.stmt | Piece]]:
    """What binds each name of a module."""
    names: dict[str, list[ast.stmt | Piece]] = {}
    for one in body:
        for name, binding in [(one.name, one)] if isinstance(one, Piece) else _bound(one, one):
            names.setdefault(name, []).append(binding)
    return names


def _bound(statement: ast.stmt, whole: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
    """The names that a top-level statement binds, each with what has to run for it: imports stand alone."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, whole
        case ast.Import(names=names):
            for alias in names:
                yield alias.asname or alias.name.split(".")[0], _alone(statement, alias)
        case ast.ImportFrom(names=names):
            for alias in names:
                yield alias.asname or alias.name, _alone(statement, alias)
        case ast.Assign(targets=targets):
            for target in targets:
                yield from ((node.id, whole) for node in ast.walk(target) if isinstance(node, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
            yield name, whole
        case ast.If() | ast.Try() | ast.With():
            if isinstance(statement, ast.If) and _main_guard(statement.test):
                return
            for child in ast.iter_child_nodes(statement):
                for inner in [child, *getattr(child, "body", [])]:
                    if isinstance(inner, ast.stmt):
                        yield from _bound(inner, whole)


def _alone(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.stmt:
    """An import of one name: what else its statement imports is left until it is asked for."""
    if len(statement.names) == 1:
        return statement
    if isinstance(statement, ast.Import):
        return ast.copy_location(ast.Import([alias]), statement)
    return ast.copy_location(ast.ImportFrom(statement.module, [alias], statement.level), statement)


def _main_guard(test: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(test))
