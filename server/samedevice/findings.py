"""What a rule says of a program, and how to mend it; plain records that the editor and the command line show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import overload

from samedevice.dataclass import dataclass
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


class Offers(Sequence[Fix]):
    """Fixes that are made up when somebody asks for them: who types does not wait for what nobody looks at."""

    def __init__(self, candidates: Iterable[Fix]) -> None:
        self._candidates: Iterable[Fix] | None = candidates
        self._made: tuple[Fix, ...] = ()

    def _all(self) -> tuple[Fix, ...]:
        if self._candidates is not None:
            candidates, self._candidates = self._candidates, None
            self._made = tuple(candidates)
        return self._made

    @overload
    def __getitem__(self, index: int) -> Fix: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Fix, ...]: ...
    def __getitem__(self, index: int | slice) -> Fix | tuple[Fix, ...]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())


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
    fixes: Sequence[Fix] = ()
