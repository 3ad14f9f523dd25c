"""What a rule says of a program, and how to mend it; plain records that the editor and the command line show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from samedevice.syntax.source import SourceFile, Span


class Severity(Enum):
    """How much a finding weighs; `check` fails on warning and above."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"

    @property
    def fails(self) -> bool:
        return self in (Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Edit:
    """Text that replaces a span; an empty span inserts."""

    source: SourceFile
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend a finding. The first of a finding's fixes is the maintainer's choice."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """A place that explains a finding."""

    source: SourceFile
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at a span of a file."""

    source: SourceFile
    span: Span
    message: str
    severity: Severity
    rule: str = ""
    """Filled in by the registry: the name of the rule that speaks."""
    machine: str = "cuda"
    """The assumed machine on which it happens."""
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
