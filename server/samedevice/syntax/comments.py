"""Suppressions: `# samedevice: ignore[rule]` on a line, `# samedevice: ignore-file` at the top."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from samedevice.syntax.parse import parse
from samedevice.syntax.source import SourceFile, Span

_MARK = "samedevice:"
_COMMENT = re.compile(r"#\s*samedevice:\s*(?P<word>[\w-]*)\s*(?P<list>\[(?P<rules>[^\]#]*)\])?")


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


def _comments(source: SourceFile) -> Iterator[tuple[int, int, str]]:
    """Comments with their line and column; past a place that can't be tokenized, everything that looks like one."""
    last = 0
    text = "\n".join(source.lines)
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            last = max(last, token.start[0])
            if token.type == tokenize.COMMENT and _MARK in token.string:
                yield token.start[0], token.start[1] + 1, token.string
    except (tokenize.TokenError, SyntaxError, ValueError):
        for number in range(last + 1, len(source.lines) + 1):
            match = _COMMENT.search(source.line(number))
            if match:
                yield number, match.start() + 1, source.line(number)[match.start() :]


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
