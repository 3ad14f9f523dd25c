"""What ran, as findings on the user's lines, joined with what reading the code says there."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from samedevice.findings import Finding, Related, Severity
from samedevice.probe.report.words import tensor
from samedevice.probe.result import Failure, Result, Run
from samedevice.syntax.parse import parse
from samedevice.syntax.source import SourceFile, Span

RULE = "probe"
_KINDS = {"device": "device", "dtype": "dtype", "shape": "shape"}
_WORDS = {
    "device": ("device", "accelerator", "cuda", "parallel", "numpy", "registered", "generator"),
    "dtype": ("dtype", "integer", "cast", "bfloat16", "float64", "mixed"),
    "shape": ("shape",),
}
"""What the names of rules that speak of the same kind of error hold."""
_REFUSALS = (
    "mismatch",
    "device-tensor",
    "index-device",
    "index-dtype",
    "mask-dtype",
    "integer-input",
    "different-accelerators",
)
"""Rules that say that PyTorch refuses the very line."""
_NOT_SHOWN = "reading the code did not show this; please report it"


@dataclass(frozen=True, slots=True)
class Joined:
    """The findings of a probe, and what there is to say of it and the reading of the code, in words."""

    findings: tuple[Finding, ...]
    disagreements: tuple[str, ...]
    elsewhere: str = ""
    """The errors that reading the code finds where nothing has run."""


def joined(result: Result, source: SourceFile, static: Sequence[Finding]) -> Joined:
    """The mismatches that a probe of a file met; with the static findings of that file, what both say of a line."""
    found: list[Finding] = []
    apart: list[str] = []
    for failure in _failures(result):
        finding, said = _finding(failure, source, static)
        if finding is not None and all(one.span != finding.span for one in found):
            found.append(finding)
            apart += said
    for finding in _refuted(result, source, static):
        found.append(finding)
        apart.append(f"line {finding.span.line}: {finding.message}")
    return Joined(tuple(found), tuple(apart), _elsewhere(static, found))


def _elsewhere(static: Sequence[Finding], found: Sequence[Finding]) -> str:
    """What reading the code finds beside what was probed, in a sentence; "" where it finds nothing."""
    lines = {one.span.line for one in found}
    others = [one for one in static if one.severity.fails and one.span.line not in lines]
    if not others:
        return ""
    first = others[0]
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    return f"reading the code finds an error that this run did not meet{more}: line {first.span.line}: {first.message}"


def _failures(result: Result) -> Iterator[Failure]:
    """What stopped the runs, the network's building too, each once."""
    every = [result.failure, *(run.failure for run in result.runs)]
    seen = set()
    for failure in every:
        if failure is not None and failure.kind in _KINDS and failure.line is not None:
            key = failure.file, failure.line, failure.kind
            if key not in seen:
                seen.add(key)
                yield failure


def _finding(failure: Failure, source: SourceFile, static: Sequence[Finding]) -> tuple[Finding | None, list[str]]:
    """A failure as a finding on its line, and what there is to say where the reading of the code differs."""
    line = failure.line or 1
    if failure.file is None or not same_file(failure.file, source.path):
        return None, []
    same = next((one for one in static if one.span.line <= line <= one.span.end_line and _alike(one, failure)), None)
    near = same or next((one for one in static if _alike(one, failure) and _related_to(one, line, source)), None)
    words = [f"{failure.error}: {failure.message.strip().splitlines()[0] if failure.message.strip() else failure.kind}"]
    if failure.layer:
        words.append(f"in layer {failure.layer}")
    operands = [f"{one.get('name') or 'operand'} is {tensor(one)}" for one in failure.operands]
    if operands:
        words.append(", ".join(operands[:4]))
    if failure.note:
        words.append(failure.note)
    said = []
    if near is not None:
        words.append(f"reading the code says so too: {near.message}")
    elif failure.kind in ("device", "dtype") and failure.certain:
        words.append(_NOT_SHOWN)
        said.append(f"line {line}: it failed when it ran, and {_NOT_SHOWN}")
    severity = Severity.ERROR if failure.certain and failure.kind != "shape" else Severity.WARNING
    span = same.span if same is not None else statement_span(source, line)
    related = near.related if near is not None else ()
    if near is not None and near is not same:
        related = (Related(near.source, near.span, near.message), *related)
    fixes = near.fixes if near is not None else ()
    return Finding(source, span, "; ".join(words), severity, RULE, related=related, fixes=fixes), said


def _alike(finding: Finding, failure: Failure) -> bool:
    """Whether a static finding speaks of the kind of error that happened."""
    return finding.severity.fails and any(word in finding.rule for word in _WORDS[failure.kind])


def _related_to(finding: Finding, line: int, source: SourceFile) -> bool:
    """Whether a finding elsewhere names a line among its reasons."""
    return any(one.source.path == source.path and one.span.line == line for one in finding.related)


def _refuted(result: Result, source: SourceFile, static: Sequence[Finding]) -> Iterator[Finding]:
    """Certain static findings on lines that ran without an error, on the machine they speak of."""
    clean = [run for run in result.runs if run.verdict == "clean" and run.dtype == "float32" and run.autocast is None]
    on = str(result.environment.get("on"))
    ran = _lines(clean[0], source) if clean and (on == "virtual" or on.startswith("cuda")) else set()
    for one in static:
        certain = one.severity is Severity.ERROR and one.machine == "cuda" and one.source.path == source.path
        if certain and one.span.line in ran and any(one.rule.endswith(words) for words in _REFUSALS):
            said = f"this ran without an error, though reading the code says: {one.message}; please report it"
            yield Finding(source, one.span, said, Severity.INFORMATION, RULE)


def _lines(run: Run, source: SourceFile) -> set[int]:
    """The lines of a file that are known to have run to their end: those of assignments that gave a value."""
    return {value.line for value in run.values if same_file(value.file, source.path)}


def same_file(one: str, other: str) -> bool:
    """Whether two paths name one file."""
    return os.path.abspath(one) == os.path.abspath(other)


def statement_span(source: SourceFile, line: int) -> Span:
    """The span of the innermost statement on a line, of a compound one its first line."""
    inside = [
        node
        for node in ast.walk(parse(source).tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    text = source.line(line)
    if inside:
        node = max(inside, key=lambda one: (one.lineno, one.col_offset))
        if not hasattr(node, "body"):
            return source.span(node)
    first = len(text) - len(text.lstrip())
    return Span(line, first + 1, line, len(text.rstrip()) + 1)


def noted(result: Result, found: Joined) -> Result:
    """A result that says where it and the reading of the code disagree."""
    if result.runs and found.disagreements:
        first = replace(result.runs[0], notes=(*result.runs[0].notes, *found.disagreements))
        result = replace(result, runs=(first, *result.runs[1:]))
    return replace(result, why=f"{result.why}; {found.elsewhere}") if found.elsewhere else result
