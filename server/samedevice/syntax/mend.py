"""Repairs of broken text that keep every line in its place, so that the rest can be parsed."""

from __future__ import annotations

import re
from keyword import iskeyword

from samedevice.syntax.lexer import Logical, blank, indent_of, logical_lines, open_string

_HEADER = re.compile(
    r"(?P<word>async\s+(?:def|for|with)|def|class|if|elif|else|for|while|with|try|except|finally|match|case)\b"
)
_NAMED = re.compile(r"(?:async\s+)?(?:def|class)\s+(?P<name>\w+)")
_UNKNOWN = "_unknown_"
"""A name that no program binds: whatever it is, nothing is known of it."""
_HEADERS = {
    "if": f"if {_UNKNOWN}:",
    "elif": f"elif {_UNKNOWN}:",
    "else": "else:",
    "for": f"for {_UNKNOWN} in {_UNKNOWN}:",
    "async for": f"async for {_UNKNOWN} in {_UNKNOWN}:",
    "while": f"while {_UNKNOWN}:",
    "with": f"with {_UNKNOWN}:",
    "async with": f"async with {_UNKNOWN}:",
    "try": "try:",
    "except": "except Exception:",
    "finally": "finally:",
    "match": f"match {_UNKNOWN}:",
    "case": "case _:",
}
_PIECE = re.compile(r"(?:def|class|async\s+def|import)\s+\w|from\s+\S+\s+import\b|@\w|if __name__\b")
_ASSIGNED = re.compile(r"\s*(?P<targets>[\w.]+(?:\s*,\s*[\w.]+)*)\s*(?::[^=]*)?(?:[-+*/|&^%@]|//|\*\*|<<|>>)?=(?!=)")
_BLOCK_WANTED = re.compile(r"expected an indented block after .* on line (\d+)")


def split(text: str) -> list[str]:
    """The lines of a text as `ast` counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def begins_piece(line: str) -> bool:
    """Whether a line begins a top-level definition, an import or a block: no statement goes on with it."""
    return _PIECE.match(line) is not None


def pieces(lines: list[str]) -> list[tuple[int, int]]:
    """Top-level pieces: from one line that begins one to the next, unless a string is open there that ends below."""
    return _joined(lines, _cut(lines))[0]


def pieces_within(lines: list[str], start: int, end: int) -> list[tuple[int, int]] | None:
    """The pieces of a range of lines; None where something goes on from above it, or below it."""
    inside = lines[start : end + 1]
    found, ended = _joined(inside, _cut(inside))
    below = found.pop()[0] if end < len(lines) else end - start
    if below != end - start or not ended or _continued(lines[:start]) or _continued(lines[:end]):
        return None
    return [(start + first, start + last) for first, last in found]


def _cut(lines: list[str]) -> list[tuple[int, int]]:
    """What lies between the lines that begin pieces."""
    starts = [0]
    decorated = False
    for number, line in enumerate(lines):
        if not begins_piece(line):
            decorated = decorated and bool(not line or line[0] in " \t)#")
            continue
        if number and not decorated:
            starts.append(number)
        decorated = line.startswith("@")
    return list(zip(starts, [*starts[1:], len(lines)], strict=True))


def _continued(lines: list[str]) -> bool:
    """Whether the last code of some lines ends with a backslash: what is below belongs to it."""
    last = next((line for line in reversed(lines) if line and not line.isspace()), "")
    return last.endswith("\\")


def _joined(lines: list[str], found: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], bool]:
    """Pieces, those that one string or statement goes through as one; whether every string ends."""
    joined: list[tuple[int, int]] = []
    at, ended = 0, True
    while at < len(found):
        last, quote = at, open_string(lines[slice(*found[at])])
        while (quote or _continued(lines[slice(*found[last])])) and last + 1 < len(found):
            last += 1
            quote = open_string(lines[slice(*found[last])], quote)
        # A string that never ends was just begun: only its own piece is broken.
        last, ended = (at, False) if quote else (last, ended)
        joined.append((found[at][0], found[last][1]))
        at = last + 1
    return joined, ended


class Patient:
    """Broken lines under repair, below so many others: each call to `mend` takes out or replaces what seems wrong."""

    def __init__(self, lines: list[str], above: int) -> None:
        self.lines = list(lines)
        self.above = above
        self._tries: dict[int, int] = {}
        self._touched: set[int] = set()

    def near(self, line: int) -> bool:
        """Whether a line of the file (from 1) was touched, or comes right after one that was."""
        line -= self.above
        return line - 1 in self._touched or line - 2 in self._touched

    def mend(self, line: int | None, message: str) -> Logical | None:
        """Repairs what an error at a line of the file (from 1) speaks of, and says where; None: there is no way."""
        at = self._mended(None if line is None else max(line - self.above, 1), message)
        return None if at is None else Logical(at.start + self.above, at.end + self.above, at.cut)

    def _mended(self, line: int | None, message: str) -> Logical | None:
        logical = logical_lines(self.lines)
        if not logical:
            return None
        if line is None:
            longest = max(logical, key=lambda item: sum(map(len, self.lines[item.start : item.end])))
            self._blank(longest)
            return longest
        at = self._blamed(logical, line)
        return at if self._mend(logical, at, message, line) else None

    def _blamed(self, logical: list[Logical], line: int) -> Logical:
        """The statement to blame: an earlier one whose bracket was forgotten, else that of the line."""
        at = _at(logical, min(line, len(self.lines)) - 1)
        for item in reversed(logical):
            if item.cut and item.start < at.start and item.start not in self._tries:
                return item
        return at

    def _mend(self, logical: list[Logical], at: Logical, message: str, line: int) -> bool:
        """Repairs a statement by what the error says of it."""
        wanted = _BLOCK_WANTED.match(message)
        if wanted:
            return self._give_body(_at(logical, int(wanted[1]) - 1 - self.above))
        if message.startswith("expected 'except' or 'finally'"):
            return self._without_try(logical, at)
        if message.startswith("unexpected indent"):
            return self._unexpected_indent(logical, at)
        if message.startswith("unterminated triple-quoted"):
            # The string swallowed the rest of the text: only the line that opens it is to blame.
            at = Logical(at.start, max(at.start + 1, min(line, at.end)))
        return self._replace(at)

    def _replace(self, at: Logical) -> bool:
        """A weaker text for a statement or header: at each new try at the same place a weaker one."""
        level = self._tries.get(at.start, 0)
        self._tries[at.start] = level + 1
        first = self.lines[at.start]
        indent = first[: len(first) - len(first.lstrip(" \t\f"))]
        header = _weaker_header(first)
        if level >= 4:
            return False
        if level == 3:
            self._put(at, "")
        elif header and level == 0:
            self._put(at, indent + header + ("" if self._has_body(at) else " pass"))
        elif header and level == 1 and self._has_body(at):
            self._put(at, f"{indent}if {_UNKNOWN}:")
        elif level == 0:
            self._put(at, "" if self._stray(at) else indent + _weaker_statement(first))
        else:
            self._put(at, indent + "pass")
        return True

    def _give_body(self, at: Logical) -> bool:
        """A header without a block gets one on its own line."""
        if self._tries.get(at.start):
            return self._replace(at)
        self._tries[at.start] = 1
        first = self.lines[at.start]
        indent = first[: len(first) - len(first.lstrip(" \t\f"))]
        self._put(at, indent + (_weaker_header(first) or "if True:") + " pass")
        return True

    def _without_try(self, logical: list[Logical], at: Logical) -> bool:
        """A `try` without handlers becomes a plain block."""
        for item in reversed([item for item in logical if item.start < at.start]):
            first = self.lines[item.start]
            if re.match(r"\s*try\b", first) and not self._handled(item, at):
                self._put(item, first.replace("try", "if True", 1))
                return True
        # At the end of the text the last `try` is meant, wherever the error is reported.
        if re.match(r"\s*try\b", self.lines[at.start]):
            self._put(at, self.lines[at.start].replace("try", "if True", 1))
            return True
        return self._replace(at)

    def _handled(self, item: Logical, before: Logical) -> bool:
        """Whether a `try` has a handler above the place of an error."""
        depth = indent_of(self.lines[item.start])
        for line in self.lines[item.end : before.start]:
            if not blank(line) and indent_of(line) <= depth:
                return bool(re.match(r"\s*(except|finally)\b", line))
        return False

    def _unexpected_indent(self, logical: list[Logical], at: Logical) -> bool:
        """A block without a header: a header above it where we took one away, else the block goes."""
        depth = indent_of(self.lines[at.start])
        above = [item for item in logical if item.start < at.start]
        if above and self._stray(above[-1]):
            self._put(above[-1], "")
            return True
        if above and above[-1].start in self._touched and self._tries.get(above[-1].start, 0) < 4:
            first = self.lines[above[-1].start]
            if first.strip() == "pass" and indent_of(first) < depth:
                self._tries[above[-1].start] = 4
                self._put(above[-1], first.replace("pass", f"if {_UNKNOWN}:"))
                return True
        for item in logical:
            if item.start < at.start:
                continue
            if indent_of(self.lines[item.start]) < depth:
                break
            self._put(item, "")
        return True

    def _stray(self, at: Logical) -> bool:
        """Whether a statement stands further out than the code on both sides, so that it cuts a block in two."""
        depth = indent_of(self.lines[at.start])
        above = next((line for line in reversed(self.lines[: at.start]) if not blank(line)), "")
        last = self.lines[at.end - 1].partition("#")[0].rstrip()
        return indent_of(above) > depth and self._has_body(at) and not last.endswith(":")

    def _has_body(self, at: Logical) -> bool:
        """Whether the next code is further in."""
        depth = indent_of(self.lines[at.start])
        for line in self.lines[at.end :]:
            if not blank(line):
                return indent_of(line) > depth
        return False

    def _blank(self, at: Logical) -> None:
        """Takes a statement out; `pass` stays, because it may be all that its block has."""
        first = self.lines[at.start]
        self._put(at, first[: len(first) - len(first.lstrip(" \t\f"))] + "pass")

    def _put(self, at: Logical, text: str) -> None:
        """Puts one line of text in the place of a statement."""
        self.lines[at.start : at.end] = [text] + [""] * (at.end - at.start - 1)
        self._touched.update(range(at.start, at.end))


def _at(logical: list[Logical], line: int) -> Logical:
    """The statement that holds a line (from 0), else the nearest one above, else the first."""
    found = logical[0]
    for item in logical:
        if item.start > line:
            break
        found = item
    return found


def _weaker_statement(first: str) -> str:
    """A statement that forgets what a broken one would have bound; `pass` where that is nothing we see."""
    if re.match(r"\s*return\b", first):
        return f"return {_UNKNOWN}"
    assigned = _ASSIGNED.match(first)
    if assigned is None:
        return "pass"
    parts = re.split(r"[\s,.]+", assigned["targets"])
    if not all(part.isidentifier() and not iskeyword(part) for part in parts):
        return "pass"
    return f"{assigned['targets']} = {_UNKNOWN}"


def _weaker_header(first: str) -> str:
    """A header of the same kind of which nothing is known; empty where the line is no header."""
    line = first.strip()
    word = _HEADER.match(line)
    if word is None:
        return ""
    key = " ".join(word["word"].split())
    named = _NAMED.match(line)
    if key.endswith("def"):
        name = named["name"] if named and named["name"].isidentifier() else _UNKNOWN
        return f"{key} {name}(*{_UNKNOWN}, **{_UNKNOWN}kw):"
    if key == "class":
        name = named["name"] if named and named["name"].isidentifier() else _UNKNOWN
        return f"class {name}({_UNKNOWN}):"
    if key in ("match", "case") and not line.rstrip().endswith(":"):
        return ""
    return _HEADERS[key]
