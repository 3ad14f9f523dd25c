"""What a run says of one file, as plain data that can go from one process to another."""

from __future__ import annotations

from typing import Any

from samedevice.dataclass import dataclass, field
from samedevice.findings import Edit, Finding, Fix, Related
from samedevice.syntax.notebook import Notebook
from samedevice.syntax.source import SourceFile, Span

Record = dict[str, Any]
"""A finding as the JSON output prints it."""
LineKey = tuple[str, int, int]
"""Path, cell (0 outside notebooks) and line."""


@dataclass
class FileReport:
    """All that is to be printed of one file."""

    path: str
    findings: list[Record] = field(default_factory=list)
    lines: dict[LineKey, str] = field(default_factory=dict)
    """The lines that findings speak of, for excerpts."""
    problems: list[str] = field(default_factory=list)
    """Syntax errors, each with its place."""
    notes: list[str] = field(default_factory=list)
    """What was cut short."""
    error: str = ""
    """Why the file could not be read."""
    fixed: int = 0
    diff: str = ""
    text: str | None = None
    """The mended text, where it is asked for."""


class Recorder:
    """Turns findings of one file into records."""

    def __init__(self, source: SourceFile, notebook: Notebook | None, torch: str | None = None) -> None:
        self._torch = torch
        self._source = source
        self._notebook = notebook
        self.lines: dict[LineKey, str] = {}

    def finding(self, finding: Finding) -> Record:
        """A finding as a record."""
        return {
            **self._place(finding.source, finding.span),
            "rule": finding.rule,
            "severity": finding.severity.value,
            "message": finding.message,
            "machine": finding.machine,
            "torch": self._torch,
            "related": [self._related(related) for related in finding.related],
            "fixes": [self._fix(fix, preferred=number == 0) for number, fix in enumerate(finding.fixes)],
        }

    def place_text(self, span: Span) -> str:
        """A place of this file as `path:line:column`."""
        place = self._place(self._source, span)
        return place_text(place)

    def _related(self, related: Related) -> Record:
        return {**self._place(related.source, related.span), "message": related.message}

    def _fix(self, fix: Fix, *, preferred: bool) -> Record:
        return {"title": fix.title, "preferred": preferred, "edits": [self._edit(edit) for edit in fix.edits]}

    def _edit(self, edit: Edit) -> Record:
        return {**self._place(edit.source, edit.span, keep=False), "text": edit.text}

    def _place(self, source: SourceFile, span: Span, *, keep: bool = True) -> Record:
        """Path and span; in a notebook those of the cell, and its number."""
        place: Record = {
            "path": source.path,
            "line": span.line,
            "column": span.column,
            "end_line": span.end_line,
            "end_column": span.end_column,
        }
        text = source.line(span.line)
        if self._notebook is not None and source.path == self._source.path:
            position = self._notebook.position(span.line)
            shift = span.line - position.line
            place |= {"line": position.line, "end_line": span.end_line - shift, "cell": position.cell}
            text = self._notebook.line(span.line)
        if keep:
            self.lines[place["path"], place.get("cell", 0), place["line"]] = text
        return place


def place_text(place: Record) -> str:
    """A record's place as `path:line:column`; in a notebook `path:cell 3:line:column`."""
    cell = f"cell {place['cell']}:" if "cell" in place else ""
    return f"{place['path']}:{cell}{place['line']}:{place['column']}"
