"""Why a program failed: the traceback's frame found in the project, and what is known there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from samedevice.dataclass import dataclass
from samedevice.features import show
from samedevice.features.check import Checked, examine
from samedevice.features.fixes import Trials, verified
from samedevice.features.known import Known
from samedevice.features.traceback_text import Pasted, Place, read
from samedevice.findings import Finding, Fix
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile
from samedevice.values.unknown import Unknown
from samedevice.values.value import Array, DeviceValue, Tensor

Find = Callable[[str], SourceFile | None]
"""The file of a frame, where it is one of the project's."""
SettingsOf = Callable[[str], Settings]
_NEAR = 2
"""Lines by which a text and the file may differ: it was edited since."""
_KINDS = {
    "device": "Two tensors that meet are on different devices, or one is where it must not be.",
    "dtype": "The dtypes that meet do not go together.",
    "memory": "This is about the accelerator's memory or a failed kernel, which reading the code does not show.",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """An error in the project's own terms."""

    pasted: Pasted
    place: Place | None
    """The innermost frame in the project."""
    source: SourceFile | None
    finding: Finding | None
    fixes: tuple[Fix, ...]
    known: tuple[str, ...]
    """What is known of the names on the line, where no rule speaks."""


def explain(text: str, find: Find, settings_of: SettingsOf) -> Explained:
    """What a pasted error means."""
    pasted = read(text)
    candidates = [(place, source) for place in reversed(pasted.places) if (source := find(place.file)) is not None]
    if not candidates:
        return Explained(pasted, None, None, None, (), ())
    first: Explained | None = None
    for place, source in candidates:
        settings = settings_of(source.path)
        checked, analysis = examine(source, settings)
        finding = _finding(checked, place, pasted)
        if finding is not None:
            fixes = tuple(verified(checked, finding, Trials(source.path, settings)))
            return Explained(pasted, place, source, finding, fixes, ())
        if first is None:
            known = tuple(_names(Known(analysis), place.line)) if analysis is not None else ()
            first = Explained(pasted, place, source, None, (), known)
    assert first is not None
    return first


def _finding(checked: Checked, place: Place, pasted: Pasted) -> Finding | None:
    """The finding that stands at a line or has it among its reasons, the nearest and weightiest first."""

    def far(finding: Finding) -> int:
        span = finding.span
        if span.line <= place.line <= span.end_line:
            return 0
        if any(item.span.line == place.line for item in finding.related if item.source.path == checked.source.path):
            return 1
        return 1 + min(abs(span.line - place.line), abs(span.end_line - place.line))

    mine = [one for one in checked.findings if one.source.path == checked.source.path and one.severity.fails]
    near = [one for one in mine if far(one) <= _NEAR]
    return min(near, key=lambda one: (far(one), not _suits(one, pasted)), default=None)


def _suits(finding: Finding, pasted: Pasted) -> bool:
    """Whether a finding speaks of what the error speaks of."""
    return not pasted.kind or pasted.kind in finding.rule or pasted.kind in finding.message


def _names(known: Known, line: int) -> Iterator[str]:
    """What is known of each name on a line."""
    seen = set()
    for node in ast.walk(known.analysis.tree):
        if getattr(node, "lineno", 0) != line or not isinstance(node, ast.Name | ast.Attribute):
            continue
        name = known.source.text_of(node)
        bindings = known.of_name(name, node)
        if name in seen or not bindings:
            continue
        seen.add(name)
        value = show.merged(bindings[-1].value)
        if isinstance(value, Tensor | Array | DeviceValue):
            yield f"`{name}` is {show.text(value)}"
        elif isinstance(value, Unknown):
            yield f"`{name}` is not known: {value.why.value}"


def finding_at(checked: Checked, line: int, column: int, rule: str = "") -> Finding | None:
    """The finding at a place of the file, the smallest first; any on its line where none is right there."""

    def far(finding: Finding) -> tuple[bool, int]:
        span = finding.span
        inside = (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)
        return not inside, span.end_line - span.line

    path = checked.source.path
    here = [one for one in checked.findings if one.source.path == path and one.span.line <= line <= one.span.end_line]
    return min((one for one in here if rule in ("", one.rule)), key=far, default=None)


def about(finding: Finding, fixes: Sequence[str]) -> str:
    """What a finding means, in Markdown: what meets, where each of it comes from, and how to mend it."""
    lines = [f"**{finding.rule}** ({finding.severity.value}): {finding.message}"]
    if finding.related:
        lines += ["", "Because:", ""]
    for item in finding.related:
        code = item.source.line(item.span.line).strip()
        lines.append(f"- line {item.span.line} `{code}`: {item.message}")
    if fixes:
        lines += ["", "To mend it:", "", *(f"- {title}" for title in fixes)]
    return "\n".join(lines)


def words(explained: Explained) -> str:
    """An explanation as a person reads it."""
    pasted = explained.pasted
    lines = [f"{pasted.error or 'Error'}: {pasted.message}" if pasted.message else "No error was found in this text."]
    if pasted.kind:
        lines += ["", _KINDS[pasted.kind]]
    if explained.place is None or explained.source is None:
        missing = "None of its frames is in this project." if pasted.places else "It names no file and line."
        return "\n".join([*lines, "", missing])
    place, finding = explained.place, explained.finding
    line = explained.source.line(place.line).strip()
    lines += ["", f"{explained.source.path}:{place.line}: {line}"]
    if finding is None:
        if explained.known:
            lines += ["", "No rule speaks here. What is known on this line:"]
            lines += [f"  - {item}" for item in explained.known]
        else:
            lines += ["", "No rule speaks here, and nothing is known of what meets on this line."]
        return "\n".join(lines)
    lines += ["", f"{finding.rule}: {finding.message}"]
    for item in finding.related:
        lines.append(f"  - {item.source.path}:{item.span.line}: {item.message}")
    if explained.fixes:
        lines += ["", "To mend it:", *(f"  - {fix.title}" for fix in explained.fixes)]
    return "\n".join(lines)
