"""Spans of files as ranges of the protocol, and back; the cells of a notebook are documents of their own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from samedevice.dataclass import dataclass
from samedevice.lsp.positions import points, units
from samedevice.lsp.uris import uri_of
from samedevice.syntax.source import SourceFile, Span

if TYPE_CHECKING:
    from samedevice.syntax.notebook import Notebook

Json = dict[str, Any]


@dataclass(frozen=True)
class Program:
    """What is analysed as one file: a document, or the code cells of a notebook."""

    uri: str
    path: str
    text: str
    encoding: str
    cells: tuple[tuple[str, str], ...] | None = None
    """URI and text of each code cell."""

    @cached_property
    def book(self) -> Notebook | None:
        """The notebook's cells as one program."""
        if self.cells is None:
            return None
        from samedevice.syntax import notebook as notebooks  # most people open none

        return notebooks.from_cells(self.path, [text for _, text in self.cells])

    @cached_property
    def source(self) -> SourceFile:
        """The text to analyse."""
        return self.book.source if self.book is not None else SourceFile(self.path, self.text)

    @property
    def uris(self) -> list[str]:
        """The documents that findings may land in."""
        return [self.uri] if self.cells is None else [uri for uri, _ in self.cells]

    @cached_property
    def _starts(self) -> dict[str, int]:
        """The line of the program above the first line of each cell."""
        found, line = {}, 1
        for uri, text in self.cells or ():
            found[uri] = line
            line += len(SourceFile("", text).lines) + 1
        return found

    def lines_of(self, uri: str) -> range:
        """The lines of the program, from 1, that a document holds."""
        if self.cells is None:
            return range(1, len(self.source.lines) + 1)
        start = self._starts[uri]
        text = dict(self.cells)[uri]
        return range(start + 1, start + 1 + len(SourceFile("", text).lines))

    def location(self, source: SourceFile, span: Span) -> Json:
        """Where a span of this or another file is."""
        if source is not self.source and source.path != self.path:
            return {"uri": uri_of(source.path), "range": _range(source, span, self.encoding, 0)}
        if self.book is None or self.cells is None or not self.cells:
            return {"uri": self.uri, "range": _range(self.source, span, self.encoding, 0)}
        place = self.book.position(span.line)
        uri, _ = self.cells[min(place.cell, len(self.cells)) - 1]
        return {"uri": uri, "range": _range(self.source, span, self.encoding, self._starts[uri])}

    def place(self, uri: str, position: Json) -> tuple[int, int] | None:
        """The line and column of the program, from 1, of a position; None where the document is not part of it."""
        line = int(position["line"]) + 1
        if self.cells is not None:
            if uri not in self._starts:
                return None
            line += self._starts[uri]
        return line, points(self.source.line(line), int(position["character"]), self.encoding) + 1


def _range(source: SourceFile, span: Span, encoding: str, above: int) -> Json:
    """A span as a range of lines from 0."""
    return {
        "start": _position(source, span.line, span.column, encoding, above),
        "end": _position(source, span.end_line, span.end_column, encoding, above),
    }


def _position(source: SourceFile, line: int, column: int, encoding: str, above: int) -> Json:
    text = source.line(line)[: column - 1]
    return {"line": max(line - 1 - above, 0), "character": units(text, encoding)}
