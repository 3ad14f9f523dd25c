"""Where other files of a project make a network."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from samedevice.probe import targets
from samedevice.resolve import modules
from samedevice.syntax.parse import parse
from samedevice.syntax.reading import Unreadable, read
from samedevice.syntax.source import SourceFile

_MARKERS = (".git", "pyproject.toml", "setup.py", "setup.cfg")
_MOST_FILES = 1500
_MOST_FOUND = 3
_LARGEST = 400_000
_NOT_OURS = frozenset({"node_modules", "site-packages", "venv", "env", "build", "dist", "__pycache__"})


def users(file: Path, name: str) -> Iterator[SourceFile]:
    """The files of a project that import a class from its file and make one."""
    home = _root(file)
    found = 0
    for number, path in enumerate(_files(home) if home is not None else ()):
        if number >= _MOST_FILES or found >= _MOST_FOUND:
            return
        source = _naming(path, name) if path != file else None
        if source is not None and _imports(source, name, file) and targets.calls_of(parse(source).tree, name):
            found += 1
            yield source


def _root(file: Path) -> Path | None:
    """The folder of the project; None for a file that is in none, whose neighbours may be anything."""
    return next((one for one in file.parents if any((one / marker).exists() for marker in _MARKERS)), None)


def _files(root: Path) -> Iterator[Path]:
    """The Python files of a project, tests last."""
    tests = []
    for folder, below, names in os.walk(root):
        below[:] = sorted(one for one in below if not one.startswith(".") and one not in _NOT_OURS)
        for name in sorted(names):
            path = Path(folder, name)
            if name.endswith(".py"):
                if "test" in name or "tests" in path.parts:
                    tests.append(path)
                else:
                    yield path
    yield from tests


def _naming(path: Path, name: str) -> SourceFile | None:
    """A file that calls something of a name."""
    try:
        if path.stat().st_size > _LARGEST or f"{name}(".encode() not in path.read_bytes():
            return None
        return read(path)[0]
    except (OSError, Unreadable):
        return None


def _imports(source: SourceFile, name: str, file: Path) -> bool:
    """Whether a file takes a name from another one."""
    for node in ast.walk(parse(source).tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name in (name, "*", file.stem) for alias in node.names):
            for module in (node.module or "", f"{node.module or ''}.{file.stem}"):
                where = modules.find(source.path, module, node.level)
                if where is not None and os.path.abspath(where) == str(file):
                    return True
        if isinstance(node, ast.Import) and any(alias.name.rpartition(".")[2] == file.stem for alias in node.names):
            return True
    return False
