"""Suppressions: `# samedevice: ignore[rule]` on a line, `# samedevice: ignore-file` at the top."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import Enum
from itertools import takewhile

from samedevice.dataclass import dataclass
from samedevice.syntax.parse import parse
from samedevice.syntax.source import SourceFile, Span

_MARK = "samedevice:"
_COMMENT = re.compile(r"#\s*samedevice:\s*(?P<word>[\w-]*)\s*(?P<list>\[(?P<rules>[^\]#]*)\])?")
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    | \"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'""",
    re.DOTALL | re.VERBOSE,
)
"""Comments and strings: what looks like the one inside of the other is none."""


class Reach(Enum):
    """What a suppression speaks of."""

    STATEMENT = "ignore"
    FILE = "ignore-file"
    NOTHING = "not understood"


@dataclass(frozen=True, slots=True)
class Name:
    """A rule named in a suppression, and where."""

    rule: str
    span: Span


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment that silences rules; without names it silences all."""

    span: Span
    reach: Reach
    names: tuple[Name, ...] = ()
    named: bool = False
    """Whether it has a list of names, though it may be empty."""
    lines: frozenset[int] = frozenset()
    """Findings that start on these lines are meant."""

    def covers(self, line: int, rule: str) -> bool:
        """Whether a finding is silenced."""
        if self.named and all(name.rule != rule for name in self.names):
            return False
        return self.reach is Reach.FILE or (self.reach is Reach.STATEMENT and line in self.lines)


def suppressions(source: SourceFile) -> tuple[Suppression, ...]:
    """The suppressions of a file, in its order."""
    if _MARK not in source.text:
        return ()
    found = [item for line, column, text in _comments(source) for item in _read(source, line, column, text)]
    return tuple(found)


def skips_file(found: tuple[Suppression, ...]) -> bool:
    """Whether the whole file stays unread."""
    return any(item.reach is Reach.FILE and not item.named for item in found)


def takes_comment(source: SourceFile, line: int) -> bool:
    """Whether a comment can stand at the end of a line: not inside of a string, nor behind a backslash."""
    if source.line(line).endswith("\\"):
        return False
    # No string reaches from one statement of the file into another.
    around = [one for one in parse(source).tree.body if one.lineno <= line][-1:]
    start, last = (around[0].lineno, max(around[0].end_lineno or line, line)) if around else (1, line)
    text = "\n".join(source.lines[start - 1 : last])
    end = sum(len(one) + 1 for one in source.lines[start - 1 : line]) - 1
    before = takewhile(lambda match: match.start() < end, _TOKEN.finditer(text))
    return not any(match.end() > end for match in before)


def _comments(source: SourceFile) -> Iterator[tuple[int, int, str]]:
    """The comments that speak to us, with their line and column; also in a text that can't be parsed."""
    text = "\n".join(source.lines)
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "comment" and _MARK in match[0]:
            start = match.start()
            yield text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), match[0]


def _read(source: SourceFile, line: int, column: int, text: str) -> Iterator[Suppression]:
    """The suppressions in one comment."""
    for match in _COMMENT.finditer(text):
        start = column + match.start()
        span = Span(line, start, line, column + match.end())
        named = match["list"] is not None
        names = tuple(_names(match, line, column)) if named else ()
        match match["word"]:
            case "ignore":
                yield Suppression(span, Reach.STATEMENT, names, named, _lines(source, line))
            case "ignore-file" if _at_top(source, line):
                yield Suppression(span, Reach.FILE, names, named)
            case _:
                yield Suppression(span, Reach.NOTHING, names, named)


def _names(match: re.Match[str], line: int, column: int) -> Iterator[Name]:
    """The names in the list of a suppression."""
    start = column + match.start("rules")
    for word in re.finditer(r"[^\s,]+", match["rules"]):
        yield Name(word[0], Span(line, start + word.start(), line, start + word.end()))


def _at_top(source: SourceFile, line: int) -> bool:
    """Whether only comments and the docstring stand above a line."""
    for statement in parse(source).tree.body:
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not docstring:
            return line < statement.lineno
    return True


def _lines(source: SourceFile, line: int) -> frozenset[int]:
    """The comment's line, and the first line of the statement or header it stands in or behind."""
    if source.line(line).lstrip().startswith("#"):
        return frozenset({line})
    headers = [
        _header(node) for node in ast.walk(parse(source).tree) if isinstance(node, (ast.stmt, ast.ExceptHandler))
    ]
    innermost = max((start for start, end in headers if start <= line <= end), default=line)
    return frozenset({line, innermost})


def _header(node: ast.stmt | ast.ExceptHandler) -> tuple[int, int]:
    """The lines of a statement, of a compound one only those above its block."""
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    end = node.end_lineno or node.lineno
    if isinstance(body, list) and body:
        inner = body[0]
        inner_line = inner.pattern.lineno if isinstance(inner, ast.match_case) else inner.lineno
        end = max(node.lineno, inner_line - 1)
    return node.lineno, end
