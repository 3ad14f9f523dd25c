"""Colours, widths and progress on a terminal."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TextIO, TypeVar

from samedevice.dataclass import dataclass

T = TypeVar("T")

_CODES = {
    "bold": "1",
    "red": "1;31",
    "yellow": "1;33",
    "blue": "1;34",
    "cyan": "1;36",
    "green": "32",
    "removed": "31",
}
TAB = 4


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours text, or leaves it as it is."""

    on: bool

    def __call__(self, style: str, text: str) -> str:
        return f"\033[{_CODES[style]}m{text}\033[0m" if self.on and text else text


def paint(choice: str, stream: TextIO) -> Paint:
    """Whether to colour: as told, else by FORCE_COLOR and NO_COLOR, else where the output is a terminal."""
    if choice != "auto":
        return Paint(choice == "always")
    if os.environ.get("FORCE_COLOR", "") not in ("", "0"):
        return Paint(True)
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return Paint(False)
    return Paint(stream.isatty())


def shown(text: str) -> str:
    """A line as it can be printed: tabs as spaces, control characters as a mark of width one."""
    expanded = text.expandtabs(TAB) if text.isascii() else _expanded(text)
    if expanded.isprintable():
        return expanded
    return "".join(char if char.isprintable() or unicodedata.combining(char) else "\ufffd" for char in expanded)


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    """The columns of one character: wide ones take two, marks on others none."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _expanded(text: str) -> str:
    """Tabs as spaces, by the columns that are really taken."""
    found, column = "", 0
    for char in text:
        piece = " " * (TAB - column % TAB) if char == "\t" else char
        found += piece
        column += width(piece)
    return found


def with_progress(items: Iterable[T], total: int, *, quiet: bool) -> Iterator[T]:
    """The items; a run that takes long shows on a terminal how far it is."""
    stream = sys.stderr
    if quiet or not stream.isatty():
        yield from items
        return
    start = last = monotonic()
    drawn = False
    try:
        for number, item in enumerate(items, 1):
            yield item
            now = monotonic()
            if now - start > 1 and now - last > 0.1:
                stream.write(f"\r\033[KChecking: {number}/{total} files")
                stream.flush()
                last, drawn = now, True
    finally:
        if drawn:
            stream.write("\r\033[K")
            stream.flush()
