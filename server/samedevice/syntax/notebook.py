"""Jupyter notebooks: the code cells in their order as one program, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from samedevice.dataclass import dataclass
from samedevice.syntax.lexer import logical_lines
from samedevice.syntax.reading import Encoded, Unreadable
from samedevice.syntax.source import SourceFile

_CELL = "# %% samedevice: cell "
_CELL_LINE = re.compile(re.escape(_CELL) + r"(\d+)")
_KEPT = "  #!samedevice!"
"""Between the Python that stands for a magic line and the line itself."""
_MAGIC = re.compile(r"\s*(?:[%!?].*|[\w.*%]+\s*\?{1,2}\s*)$")
_ASSIGNED_MAGIC = re.compile(r"(?P<target>\s*[\w., ]+=\s*)(?:![^=]|%\w).*$")
_LINE_END = re.compile(r"\r\n|\r|\n")
_PYTHON_CELL = re.compile(r"%%(?:time|timeit|capture|prun|memit|mprun|snakeviz|filprofile)\b")


@dataclass(frozen=True, slots=True)
class Position:
    """A line of a cell, both from 1; only code cells are counted."""

    cell: int
    line: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """A code cell and where its `source` stands in the file."""

    lines: list[str]
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Notebook:
    """A notebook as read; `source` is its program."""

    path: str
    raw: str
    encoded: Encoded
    _cells: tuple[_Cell, ...]

    @cached_property
    def source(self) -> SourceFile:
        """The program: each cell below a line that names it, magics as Python that does nothing."""
        lines: list[str] = []
        for number, cell in enumerate(self._cells, 1):
            lines += [f"{_CELL}{number}", *_as_python(cell.lines)]
        return SourceFile(self.path, "\n".join(lines) + "\n")

    def position(self, line: int) -> Position:
        """The cell and the line in it of a line of the program."""
        for above in range(min(line, len(self.source.lines)), 0, -1):
            cell = _CELL_LINE.match(self.source.line(above))
            if cell:
                return Position(int(cell[1]), max(1, line - above))
        return Position(1, line)

    def line(self, line: int) -> str:
        """A line of the program as it stands in the notebook."""
        return _original(self.source.line(line))

    def with_program(self, text: str) -> bytes:
        """The file with the cells of a changed program; everything else stays as it is."""
        changed = self.raw
        programs = _split(text)
        for number in range(len(self._cells), 0, -1):
            cell = self._cells[number - 1]
            lines = [_original(line) for line in programs.get(number, [])]
            if lines != cell.lines:
                new = _dumped(self.raw[cell.start : cell.end], lines, ascii_only=_ascii_only(self.raw))
                changed = changed[: cell.start] + new + changed[cell.end :]
        return self.encoded.encode(changed)


def load(data: bytes, path: str) -> Notebook:
    """The notebook in a file's content."""
    bom = data.startswith(b"\xef\xbb\xbf")
    try:
        raw = data[3 if bom else 0 :].decode("utf-8")
        content = json.loads(raw)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Unreadable(f"not a notebook: {error}") from None
    if not isinstance(content, dict) or not isinstance(content.get("cells", []), list):
        raise Unreadable("not a notebook of version 4: it has no list of cells")
    if _language(content) not in ("python", ""):
        return Notebook(path, raw, Encoded("utf-8", bom), ())
    cells = [cell for value, spot in _items(raw, content) if (cell := _cell(value, spot))]
    return Notebook(path, raw, Encoded("utf-8", bom), tuple(cells))


def from_cells(path: str, cells: Iterable[str]) -> Notebook:
    """The notebook that an editor has open: its code cells, without a file around them."""
    return Notebook(path, "", Encoded(), tuple(_Cell(_LINE_END.split(cell), 0, 0) for cell in cells))


def _language(content: dict[str, Any]) -> str:
    """The language a notebook says it is written in; empty where it says nothing."""
    metadata = content.get("metadata")
    info = metadata if isinstance(metadata, dict) else {}
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        part = info.get(key)
        if isinstance(part, dict) and isinstance(part.get(name), str):
            return str(part[name]).lower()
    return ""


def _cell(value: Any, spot: tuple[int, int] | None) -> _Cell | None:
    """A code cell with source; None for every other one."""
    if spot is None or not isinstance(value, dict) or value.get("cell_type") != "code":
        return None
    source = value.get("source")
    if isinstance(source, list) and all(isinstance(item, str) for item in source):
        source = "".join(source)
    return _Cell(source.split("\n"), *spot) if isinstance(source, str) else None


def _items(raw: str, content: dict[str, Any]) -> Iterator[tuple[Any, tuple[int, int] | None]]:
    """The cells, each with the place of its `source` in the text."""
    cells = content.get("cells", [])
    places = _places(raw)
    yield from zip(cells, places, strict=True)


_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"\s*")


def _members(raw: str, at: int) -> Iterator[tuple[str, int, int]]:
    """The keys of the object at a place, with where their values begin and end."""
    at = _skip(raw, at + 1)
    while raw[at] != "}":
        key, at = _DECODER.raw_decode(raw, at)
        start = _skip(raw, _skip(raw, at) + 1)
        _, end = _DECODER.raw_decode(raw, start)
        yield key, start, end
        at = _skip(raw, end)
        if raw[at] == ",":
            at = _skip(raw, at + 1)


def _places(raw: str) -> Iterator[tuple[int, int] | None]:
    """Where the `source` of each cell stands."""
    found = [start for key, start, _ in _members(raw, _skip(raw, 0)) if key == "cells"]
    if not found:
        return
    at = _skip(raw, found[-1] + 1)
    while raw[at] != "]":
        _, end = _DECODER.raw_decode(raw, at)
        spot = None
        if raw[at] == "{":
            for key, start, stop in _members(raw, at):
                spot = (start, stop) if key == "source" else spot
        yield spot
        at = _skip(raw, end)
        if raw[at] == ",":
            at = _skip(raw, at + 1)


def _skip(raw: str, at: int) -> int:
    """The next place that is no white space."""
    match = _SPACE.match(raw, at)
    return match.end() if match else at


def _ascii_only(raw: str) -> bool:
    """Whether the file's writer escaped everything that is not ASCII."""
    return raw.isascii() and "\\u" in raw


def _dumped(old: str, lines: list[str], *, ascii_only: bool) -> str:
    """A cell's source as JSON, in the layout of the old one."""
    text = "\n".join(lines)
    if not old.startswith("["):
        return json.dumps(text, ensure_ascii=ascii_only)
    pieces = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines and lines[-1] else [])
    items = [json.dumps(item, ensure_ascii=ascii_only) for item in pieces]
    lead = _SPACE.match(old, 1)
    space = lead[0] if lead else ""
    tail = old[len(old.rstrip("]").rstrip()) : -1]
    return f"[{space}{f',{space or chr(32)}'.join(items)}{tail}]"


def _split(text: str) -> dict[int, list[str]]:
    """The lines of each cell of a program."""
    found: dict[int, list[str]] = {}
    lines = text.split("\n")
    current: list[str] = []
    for line in lines[:-1] if lines and not lines[-1] else lines:
        cell = _CELL_LINE.match(line)
        if cell:
            current = found[int(cell[1])] = []
        else:
            current.append(line)
    return found


def _as_python(lines: list[str]) -> list[str]:
    """The lines of a cell with magics as Python of the same number of lines."""
    head = next((line for line in lines if line.strip()), "")
    if head.startswith("%%") and not _PYTHON_CELL.match(head):
        return [_kept("pass", line) for line in lines]
    starts = {item.start for item in logical_lines(lines)}
    found: list[str] = []
    inside = False
    for number, line in enumerate(lines):
        assigned = _ASSIGNED_MAGIC.match(line) if number in starts else None
        if inside or (number in starts and _MAGIC.match(line)):
            indent = line[: len(line) - len(line.lstrip())]
            found.append(_kept("" if inside else f"{indent}pass", line))
            inside = line.rstrip().endswith("\\")
        elif assigned:
            found.append(_kept(f"{assigned['target']}_unknown_", line))
            inside = line.rstrip().endswith("\\")
        else:
            # A line that looks like one of ours would be read back as something else.
            found.append(line if _original(line) == line and not _CELL_LINE.match(line) else _kept("", line))
    return found


def _kept(python: str, line: str) -> str:
    """Python with the line it stands for."""
    return f"{python}{_KEPT}{line}"


def _original(line: str) -> str:
    """The line of the notebook that a line of the program stands for."""
    _, kept, original = line.partition(_KEPT)
    return original if kept else line
