"""Columns between the protocol's units and code points, in one of the three encodings."""

from __future__ import annotations

from typing import Any

UTF8, UTF16, UTF32 = "utf-8", "utf-16", "utf-32"
ENCODINGS = (UTF16, UTF8, UTF32)


def chosen(offered: Any) -> str:
    """The encoding of a session: the first one that the client offers and we know, else UTF-16."""
    if isinstance(offered, list):
        for name in offered:
            if name in ENCODINGS:
                return str(name)
    return UTF16


def units(text: str, encoding: str) -> int:
    """How many units of an encoding a text takes."""
    if encoding == UTF32 or text.isascii():
        return len(text)
    if encoding == UTF8:
        return len(text.encode(errors="surrogatepass"))
    return len(text) + sum(character > "\uffff" for character in text)


def points(line: str, character: int, encoding: str) -> int:
    """The code points before a column of a line; past the end is the end, inside a character its start."""
    if encoding == UTF32 or line.isascii():
        return min(max(character, 0), len(line))
    left = character
    for index, one in enumerate(line):
        left -= units(one, encoding)
        if left < 0:
            return index
    return len(line)
