"""Fixes that were tried before they are offered: the finding ends, no other begins, and what was known stays known."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from time import monotonic

from samedevice.dataclass import dataclass, replace
from samedevice.features.check import Checked, check, examine
from samedevice.findings import Edit, Finding, Fix
from samedevice.interpret.analysis import Analysis, Raises
from samedevice.interpret.run import Memory
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile, Span
from samedevice.values.unknown import Unknown
from samedevice.values.value import Tensor

_MOST_FIXES = 200
_DEEPEST = 2
"""How many hidden findings in a row are looked through."""
_STATES = -1
"""The level of the texts that are kept."""
_PATIENCE = 6
"""Mending one file may take this many times its time budget."""


_Values = dict[tuple[Span, str], bool]
"""Of each place that binds a name, whether anything is known of what it gets."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a text is compared by with the one before a fix, beside its findings."""

    values: _Values
    complex: frozenset[tuple[Span, str]]
    """The places that bind a name to complex numbers."""
    raises: tuple[tuple[Span, str], ...]
    """Where Python itself raises: at names that nothing has bound yet, at methods that None lacks."""


class Trials:
    """Texts of one file that are tried: each is analysed from what the last one left behind."""

    def __init__(self, path: str, settings: Settings) -> None:
        self.settings = settings
        self._path = path
        self._memories: dict[int, Memory] = {}
        self._known: dict[int, tuple[str, _Known]] = {}
        """The last text of each level, and what is known of it."""

    def check(self, text: str, level: int) -> Checked:
        """The check of a text; it may be used until the next text of its level is tried."""
        source = SourceFile(self._path, text)
        memory = self._memories.get(level)
        if memory is None:
            memory = self._memories[level] = Memory(source)
        checked, analysis = examine(source, self.settings, memory)
        self._known[level] = text, _known(analysis)
        return checked

    def rest(self) -> None:
        """Forgets what only earlier texts need."""
        for memory in self._memories.values():
            memory.rest()

    def known(self, text: str) -> _Known:
        """What is known of a text."""
        known = next((found for own, found in self._known.values() if own == text), None)
        if known is None:
            self.check(text, _STATES)
            known = self._known[_STATES][1]
        return known


def verified(state: Checked, finding: Finding, trials: Trials) -> tuple[Fix, ...]:
    """The fixes of a finding that end it and bring no new one, in the rule's order."""
    return tuple(fix for fix in finding.fixes if _tried(state, finding, fix, trials) is not None)


def with_verified_fixes(checked: Checked, settings: Settings) -> Checked:
    """The findings of a file, each with those of its fixes that hold; what is not tried in time is not offered."""
    end = monotonic() + settings.max_seconds
    trials = Trials(checked.source.path, settings)
    found: list[Finding] = []
    late = False
    for finding in checked.findings:
        if finding.fixes:
            late = late or monotonic() > end
            finding = replace(finding, fixes=() if late else verified(checked, finding, trials))
        found.append(finding)
    notes = (*checked.notes, "not all fixes could be tried in time") if late else checked.notes
    return replace(checked, findings=tuple(found), notes=notes)


def fix_all(source: SourceFile, settings: Settings) -> tuple[str, int]:
    """The text after the first good fix of each finding, one after the other, and how many were applied."""
    state, applied = fixed(check(source, settings), settings)
    return state.source.text, applied


def fixed(state: Checked, settings: Settings) -> tuple[Checked, int]:
    """`fix_all` from a finished check to the check of the mended text."""
    end = monotonic() + settings.max_seconds * _PATIENCE
    trials = Trials(state.source.path, settings)
    failed: set[tuple[int, str, str, str]] = set()
    texts = {state.source.text}
    applied = 0
    while applied < _MOST_FIXES and monotonic() < end:
        text = _next(state, trials, failed, texts)
        if text is None:
            break
        state, applied = trials.check(text, _STATES), applied + 1
        texts.add(text)
    return state, applied


def apply(source: SourceFile, edits: Iterable[Edit]) -> str:
    """The text of a file after edits. Of edits that overlap the first one counts; equal ones count once."""
    offsets = _Offsets(source.text)
    newline = "\r\n" if "\r\n" in source.text else "\n"
    pieces: list[str] = []
    place = 0
    for start, end, text in _in_order(offsets, edits):
        pieces += [source.text[place:start], text.replace("\r\n", "\n").replace("\n", newline)]
        place = end
    return "".join([*pieces, source.text[place:]])


def _in_order(offsets: _Offsets, edits: Iterable[Edit]) -> Iterator[tuple[int, int, str]]:
    """Edits as ranges of the text, without those that overlap an earlier one."""
    unique = list(dict.fromkeys((*offsets.range(edit.span), edit.text) for edit in edits))
    taken: list[tuple[int, int, str]] = []
    for start, end, text in unique:
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in taken):
            taken.append((start, end, text))
    yield from sorted(taken, key=lambda item: item[:2])


class _Offsets:
    """Places of a text by line and column, its own line ends counted."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
        self._ends = [match.start() for match in re.finditer(r"\r\n|\r|\n", text)] + [len(text)]

    def of(self, line: int, column: int) -> int:
        """The offset of a place; places past the end of a line are its end."""
        if line > len(self._starts):
            return self._ends[-1]
        return min(self._starts[line - 1] + column - 1, self._ends[line - 1])

    def range(self, span: Span) -> tuple[int, int]:
        """The offsets of a span."""
        return self.of(span.line, span.column), self.of(span.end_line, span.end_column)

    def line(self, offset: int) -> int:
        """The line of an offset."""
        return bisect_right(self._starts, offset)


@dataclass(frozen=True, slots=True)
class _Moves:
    """Where the lines of a text are after edits."""

    before: _Offsets
    after: _Offsets
    edits: tuple[tuple[int, int, int], ...]
    """Start, end, and the length of the new text."""

    def line(self, span: Span) -> int:
        """The line on which a span begins after the edits."""
        offset = self.before.of(span.line, span.column)
        shift = 0
        for start, end, length in self.edits:
            if end <= offset and (start, end) != (offset, offset):
                shift += length - (end - start)
            elif start < offset:
                return self.after.line(start + shift)
        return self.after.line(offset + shift)


def _next(state: Checked, trials: Trials, failed: set[tuple[int, str, str, str]], texts: set[str]) -> str | None:
    """The text after the next fix that holds; None where there is none."""
    # A finding may hide another: what PyTorch refuses has no value, and nothing is said of what is made of it.
    # Only when no fix holds by itself, one is taken whose new findings can be mended in turn.
    for patience in (0, _DEEPEST):
        for finding in state.findings:
            key = (patience, finding.rule, finding.message, state.source.line(finding.span.line))
            if key in failed:
                continue
            for fix in finding.fixes:
                after = _tried(state, finding, fix, trials, patience)
                if after is not None and after not in texts:
                    return after
            failed.add(key)
    return None


def _tried(state: Checked, finding: Finding, fix: Fix, trials: Trials, patience: int = 0, level: int = 0) -> str | None:
    """The text after a fix; None where the finding stays, another one comes to stay, or the text breaks."""
    source = state.source
    if not fix.edits or any(edit.source.path != source.path for edit in fix.edits):
        return None
    text = apply(source, fix.edits)
    if text == source.text:
        return None
    after = trials.check(text, level)
    if len(after.problems) > len(state.problems) or len(after.notes) > len(state.notes):
        return None
    moves = _moves(source, text, fix)
    new = _new(state, after, finding, moves)
    if new is None or len(new) > patience or _spoils(trials.known(source.text), trials.known(text), moves):
        return None
    return text if all(_mendable(after, one, trials, patience - 1, level + 1) for one in new) else None


def _mendable(state: Checked, finding: Finding, trials: Trials, patience: int, level: int) -> bool:
    """Whether a finding has a fix that holds."""
    return any(_tried(state, finding, fix, trials, patience, level) is not None for fix in finding.fixes)


def _moves(source: SourceFile, text: str, fix: Fix) -> _Moves:
    """How a fix moves the lines of a file."""
    before = _Offsets(source.text)
    edits = tuple((start, end, len(new)) for start, end, new in _in_order(before, fix.edits))
    return _Moves(before, _Offsets(text), edits)


def _new(before: Checked, after: Checked, target: Finding, moves: _Moves) -> list[Finding] | None:
    """The findings of weight that came with a fix; None where the finding that it should end is still there."""
    own = before.source.path
    was = Counter((f.rule, moves.line(f.span)) for f in before.everything if f.source.path == own)
    now = Counter((f.rule, f.span.line) for f in after.everything if f.source.path == own)
    here = (target.rule, moves.line(target.span))
    if now[here] >= was[here]:
        return None
    weighty = (f for f in after.everything if f.source.path == own and f.severity.fails)
    return [f for f in weighty if now[f.rule, f.span.line] > was[f.rule, f.span.line]]


def _known(analysis: Analysis | None) -> _Known:
    """What is known of the names of a file, and where Python raises in it."""
    values: _Values = {}
    imaginary: set[tuple[Span, str]] = set()
    if analysis is None:
        return _Known(values, frozenset(), ())
    for one in analysis.bindings:
        key = analysis.source.span(one.node), one.name
        values[key] = values.get(key, False) or not isinstance(one.value, Unknown)
        if isinstance(one.value, Tensor) and str(one.value.dtype).startswith("complex"):
            imaginary.add(key)
    raises = tuple((analysis.source.span(one.node), one.text) for one in analysis.all(Raises))
    return _Known(values, frozenset(imaginary), raises)


def _spoils(before: _Known, after: _Known, moves: _Moves) -> bool:
    """Whether a fix costs more than its finding: knowledge, imaginary parts, or a program that runs."""
    raised = Counter((moves.line(span), text) for span, text in before.raises)
    raises = Counter((span.line, text) for span, text in after.raises)
    return bool(raises - raised) or _forgets(before.values, after.values, moves) or _flattens(before, after, moves)


def _flattens(before: _Known, after: _Known, moves: _Moves) -> bool:
    """Whether a name that held complex numbers holds others now."""
    still = {(span.line, name) for span, name in after.complex}
    now = {(span.line, name) for span, name in after.values}
    return any(place in now and place not in still for place in ((moves.line(s), name) for s, name in before.complex))


def _forgets(before: _Values, after: _Values, moves: _Moves) -> bool:
    """Whether a name was known that is unknown now: then the finding may only have ended because nothing is known."""
    lost = {(span.line, name) for (span, name), known in after.items() if not known}
    return any(known and (moves.line(span), name) in lost for (span, name), known in before.items())
