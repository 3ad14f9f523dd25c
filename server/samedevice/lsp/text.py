"""The text of an open document, kept as lines so that a change costs what it touches."""

from __future__ import annotations

import re
from typing import Any

from samedevice.lsp.positions import UTF16, points

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def split(text: str) -> list[str]:
    """The lines of a text with their ends, as the protocol counts them; the last one has no end."""
    lines = _LINES.findall(text) if "\r" in text else text.splitlines(keepends=True) if _plain(text) else _cut(text)
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    return lines


def _plain(text: str) -> bool:
    """Whether Python's `splitlines` sees no more line ends than the protocol does."""
    return text.isascii() and not any(mark in text for mark in "\v\f\x1c\x1d\x1e")


def _cut(text: str) -> list[str]:
    """The lines of a text whose only line ends are line feeds."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines


class Text:
    """Lines that change."""

    def __init__(self, text: str, encoding: str = UTF16) -> None:
        self.lines = split(text)
        self.encoding = encoding

    def __str__(self) -> str:
        return "".join(self.lines)

    def line(self, number: int) -> str:
        """A line by its number from 0, without its end; empty where there is none."""
        return self.lines[number].rstrip("\r\n") if 0 <= number < len(self.lines) else ""

    def change(self, change: dict[str, Any]) -> None:
        """One change event: a range and its new text, or the whole text."""
        text = str(change["text"])
        wanted = change.get("range")
        if wanted is None:
            self.lines = split(text)
            return
        start, end = self._place(wanted["start"]), self._place(wanted["end"])
        if end < start:
            start, end = end, start
        self._replace(start, end, text)

    def _replace(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        first, last = start[0], end[0]
        new = self.lines[first][: start[1]] + text + self.lines[last][end[1] :]
        if first and new.startswith("\n") and self.lines[first - 1].endswith("\r"):
            # The two halves of one line end meet again.
            first -= 1
            new = self.lines[first] + new
        lines = split(new)
        if lines[-1] == "" and last + 1 < len(self.lines):
            lines.pop()
        if lines and last + 1 < len(self.lines) and lines[-1].endswith("\r") and self.lines[last + 1] == "\n":
            last += 1
            lines[-1] += "\n"
        self.lines[first : last + 1] = lines

    def _place(self, position: dict[str, Any]) -> tuple[int, int]:
        """A position as line and code points; past the end of the text is its end."""
        number = max(int(position["line"]), 0)
        if number >= len(self.lines):
            return len(self.lines) - 1, len(self.lines[-1])
        return number, points(self.line(number), int(position["character"]), self.encoding)

    def column(self, line: int, character: int) -> int:
        """The column in code points, from 1, of a position."""
        return points(self.line(line), character, self.encoding) + 1
