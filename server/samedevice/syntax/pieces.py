"""A file's top-level definitions, told apart by their first lines: of most modules only a few are ever asked for."""

from __future__ import annotations

import ast
import re

from samedevice.dataclass import dataclass
from samedevice.syntax.parse import parse_lines
from samedevice.syntax.source import SourceFile

_DEFINITION = re.compile(r"(?:async[ \t]+def|def|class)[ \t]+(\w+)")
_INSIDE = " \t\f#)]}"
"""What a line begins with that goes on with what is above it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The lines of a definition, which was not read yet."""

    name: str
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What stands at the top level of a file, in two kinds that keep their line numbers."""

    definitions: list[Piece]
    rest: list[ast.stmt]

    def in_order(self) -> list[ast.stmt | Piece]:
        """Both kinds, from the first line to the last."""
        return sorted(
            [*self.definitions, *self.rest], key=lambda one: one.first if isinstance(one, Piece) else one.lineno - 1
        )


def outline(source: SourceFile) -> Outline | None:
    """The top level of a file; None where only reading all of it can tell."""
    lines = source.lines
    cut = _cut(lines)
    if cut is None or "\0" in source.text or source.text.startswith("\ufeff"):
        return None
    rest = list(lines)
    place = 0
    for piece in cut:
        if not _whole(lines[place : piece.first]) or not _whole(lines[piece.first : piece.end]):
            return None
        rest[piece.first : piece.end] = [""] * (piece.end - piece.first)
        place = piece.end
    tree = parse_lines(rest, 0)
    return Outline(cut, tree.body) if isinstance(tree, ast.Module) else None


def _whole(lines: list[str]) -> bool:
    """Whether no string over several lines begins in some lines that does not end there."""
    text = "\n".join(lines)
    return text.count('"""') % 2 == 0 and text.count("'''") % 2 == 0


def read(source: SourceFile, piece: Piece) -> ast.stmt | None:
    """The definition that a piece holds; None where it can't be read by itself."""
    tree = parse_lines(source.lines[piece.first : piece.end], piece.first)
    return tree.body[0] if isinstance(tree, ast.Module) and len(tree.body) == 1 else None


def _cut(lines: list[str]) -> list[Piece] | None:
    """The definitions, each with its decorators; None where a decorator has none."""
    found: list[Piece] = []
    name: str | None = None
    first: int | None = None
    for at, line in enumerate([*lines, "end"]):
        if not line or line[0] in _INSIDE:
            continue
        if first is not None and name is not None:
            found.append(Piece(name, first, at))
            name = first = None
        defined = _DEFINITION.match(line)
        if defined:
            name, first = defined[1], at if first is None else first
        elif line[0] == "@":
            first = at if first is None else first
        elif first is not None:
            return None
    return found
