"""One revision of a file, and spans in it."""

from __future__ import annotations

import ast
from functools import cached_property

from samedevice.dataclass import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of a file: lines and columns from 1, columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, eq=False)
class SourceFile:
    """The text of one revision of a file."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines as `ast` counts them, without their ends."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def become(self, text: str) -> None:
        """Takes another text, as a file does that is edited; what was said of places in it now means the new one."""
        path = self.path
        vars(self).clear()
        vars(self).update(path=path, text=text)

    def keep(self, name: str, value: object) -> None:
        """Remembers something with the text for as long as it is this one."""
        vars(self)[name] = value

    @cached_property
    def has_yield(self) -> bool:
        """Whether the text may hold a generator at all."""
        return "yield" in self.text

    def line(self, number: int) -> str:
        """A line by its number from 1; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def column(self, line: int, offset: int) -> int:
        """The column in code points, from 1, of `ast`'s offset, which counts UTF-8 bytes from 0."""
        text = self.line(line)
        if text.isascii():
            return offset + 1
        # A lone surrogate has no bytes; `parse` reads it as one question mark.
        return len(text.encode(errors="replace")[:offset].decode(errors="replace")) + 1

    def span(self, node: ast.AST) -> Span:
        """The span of a node that has a position."""
        line, end_line = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]  # callers pass located nodes
        return Span(
            line,
            self.column(line, node.col_offset),  # type: ignore[attr-defined]  # as above
            end_line,
            self.column(end_line, node.end_col_offset or 0),  # type: ignore[attr-defined]  # as above
        )

    def text_at(self, span: Span) -> str:
        """The text of a span."""
        if span.line == span.end_line:
            return self.line(span.line)[span.column - 1 : span.end_column - 1]
        middle = self.lines[span.line : span.end_line - 1]
        first = self.line(span.line)[span.column - 1 :]
        return "\n".join([first, *middle, self.line(span.end_line)[: span.end_column - 1]])

    def text_of(self, node: ast.AST) -> str:
        """The source text of a node."""
        return self.text_at(self.span(node))
