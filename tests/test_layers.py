"""Imports go in one direction: a module imports from its own room or from a room to its left."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "server" / "samedevice"
ROOMS = ["syntax", "values", "ops", "resolve", "interpret", "findings", "rules", "features", "probe", "lsp", "cli"]
CHILD = "probe/child"
"""Runs in the user's Python: the standard library, torch and itself."""
RELATIVE = "relative-imports-are-not-used"
ANYWHERE = {"settings", "dataclass", "faults"}
"""What the user chose, how records are made and faults told: used by every room, and using none."""
OUTSIDE = {"pygls": {"lsp"}, "lsprotocol": {"lsp"}, "jedi": {"resolve"}, "torch": set(), "numpy": set()}
"""Libraries, and the rooms that may import them."""

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] != "prelude")


@pytest.mark.parametrize("path", MODULES, ids=[path.relative_to(PACKAGE).as_posix() for path in MODULES])
def test_imports_go_left(path: Path) -> None:
    room = _room(path.relative_to(PACKAGE).with_suffix("").parts)
    wrong = [
        f"line {line}: imports {name}"
        for line, name in _imports(ast.parse(path.read_text(encoding="utf-8")))
        if not _allowed(room, name.split("."))
    ]
    assert not wrong, wrong


def _allowed(room: str, imported: list[str]) -> bool:
    """Whether a module of a room may import a dotted name."""
    if room == CHILD:
        return imported[0] == "torch" or (imported[0] in sys.stdlib_module_names) or imported[1:] == [RELATIVE]
    if imported[0] != "samedevice":
        return room in OUTSIDE.get(imported[0], {room})
    target = _room(tuple(imported[1:]))
    if target in ANYWHERE or target == room or not target:
        return True
    return room in ROOMS and target in ROOMS and ROOMS.index(target) < ROOMS.index(room)


def _room(parts: tuple[str, ...]) -> str:
    """`ops` for samedevice/ops/table.py; `python -m samedevice` is the command line, the package itself no room."""
    if parts and parts[0] == "__main__":
        return "cli"
    if "/".join(parts[:2]) == CHILD:
        return CHILD
    return "" if not parts or parts[0].startswith("__") else parts[0]


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every imported dotted name, wherever it stands; those for annotations only are imports too."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)
            case ast.ImportFrom(level=level) if level:
                yield node.lineno, f"samedevice.{RELATIVE}"
