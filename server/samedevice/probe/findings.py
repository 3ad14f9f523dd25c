"""What ran, as findings on the user's lines, joined with what reading the code says there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from samedevice.dataclass import dataclass, field, replace
from samedevice.findings import Finding, Related, Severity
from samedevice.probe.both import ITSELF
from samedevice.probe.relating import KINDS, explaining, same_file, statement_span, valid_on
from samedevice.probe.report.words import tensor
from samedevice.probe.result import CLEAN, MISMATCH, UNCERTAIN, Failure, Result
from samedevice.syntax.source import SourceFile

RULE = "probe"
_REFUSALS = (
    "mismatch",
    "device-tensor",
    "index-device",
    "index-dtype",
    "mask-dtype",
    "integer-input",
    "unregistered-tensor",
    "layer-made-in-forward",
    "missing-kernel",
    "target-dtype",
)
"""Rules that say that PyTorch refuses the very line; a probe with one GPU has nothing to say of two."""
_SECOND_GPU = re.compile(r"cuda:[1-9]")
_NOT_SHOWN = "reading the code did not show this; please report it"


_Key = tuple[str | None, int | None, str]
"""What tells one failure from another."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The findings of a probe, and what there is to say of it and the reading of the code, in words."""

    findings: tuple[Finding, ...]
    disagreements: tuple[str, ...]
    elsewhere: str = ""
    """The errors that reading the code finds where nothing has run."""
    remedies: Mapping[_Key, str] = field(default_factory=dict)
    """What to do about failures that reading the code explains."""
    stopped: str = ""
    """Where the program stopped with another error on a line that reading the code calls wrong."""


def joined(result: Result, source: SourceFile, static: Sequence[Finding]) -> Joined:
    """The mismatches that a probe of a file met; with the static findings of that file, what both say of a line."""
    found: list[Finding] = []
    apart: list[str] = []
    told: list[Finding] = []
    remedies: dict[_Key, str] = {}
    for failure in _failures(result):
        near = explaining(failure, source, static)
        if near is not None:
            told.append(near)
            remedies[_key(failure)] = _remedy(near)
        finding, said = _finding(failure, source, near)
        if finding is not None and all(one.span != finding.span for one in found):
            found.append(finding)
            apart += said
    ran = _lines(result, source)
    for finding in _refuted(result, ran, source, static):
        found.append(finding)
        apart.append(f"line {finding.span.line}: {finding.message}")
    open_ = [one for one in static if one not in told and not _settled(one, ran, source) and valid_on(one, result)]
    return Joined(
        tuple(found), tuple(apart), _elsewhere(open_, result, source), remedies, _stopped(result, source, open_)
    )


def _key(failure: Failure) -> _Key:
    return failure.file, failure.line, failure.kind


def _remedy(finding: Finding) -> str:
    """A static finding as advice: its fixes that hold, and its explanation."""
    titles = " or: ".join(fix.title for fix in finding.fixes[:2])
    return f"{titles}. Line {finding.span.line}: {finding.message}" if titles else ""


def _settled(finding: Finding, ran: set[int], source: SourceFile) -> bool:
    """Whether a run has shown that a line which reading the code calls wrong does work, or that this is no error."""
    if not finding.severity.fails:
        return True
    refusal = any(finding.rule.endswith(words) for words in _REFUSALS) and finding.source.path == source.path
    if finding.machine != "cuda" or _SECOND_GPU.search(finding.message):
        return False  # of a machine that was not there
    return refusal and statement_span(source, finding.span.line).line in ran


def _stopped(result: Result, source: SourceFile, static: Sequence[Finding]) -> str:
    """What the program stopped with on a line that reading the code calls wrong; "" where it didn't."""
    failure = result.program.failure if result.program is not None else None
    if failure is None or failure.file is None or not failure.certain or not same_file(failure.file, source.path):
        return ""
    spans = [one.span for one in static if one.source.path == source.path]
    here = any(span.line <= (failure.line or 0) <= span.end_line for span in spans)
    return f"the program stops on line {failure.line}: {failure.error}: {failure.message}" if here else ""


def _elsewhere(others: Sequence[Finding], result: Result, source: SourceFile) -> str:
    """What reading the code finds beside what was probed, in a sentence; "" where it finds nothing."""
    if not others:
        return ""
    first = min(others, key=lambda one: one.severity is not Severity.ERROR)
    more = f" (and {len(others) - 1} more)" if len(others) > 1 else ""
    raises = "raises" if first.severity is Severity.ERROR else "may raise"
    at = f"line {first.span.line}"
    if first.source.path != source.path:
        at = f"{at} of {first.source.path}"
    elif statement_span(source, first.span.line).line not in _touched(result, source):
        at = f"{at}, which was not run,"
    return f"{at} {raises} as the code reads: {first.message}{more}"


def _failures(result: Result) -> Iterator[Failure]:
    """What stopped the runs, the network's building too, each once."""
    every = [result.failure, *(run.failure for run in result.runs)]
    seen = set()
    for failure in every:
        if failure is None or failure.kind not in KINDS or failure.line is None or _key(failure) in seen:
            continue
        seen.add(_key(failure))
        yield failure


def _finding(failure: Failure, source: SourceFile, near: Finding | None) -> tuple[Finding | None, list[str]]:
    """A failure as a finding on its line, and what there is to say where the reading of the code differs."""
    line = failure.line or 1
    if failure.file is None or not same_file(failure.file, source.path):
        return None, []
    same = near if near is not None and near.span.line <= line <= near.span.end_line else None
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


def _refuted(result: Result, ran: set[int], source: SourceFile, static: Sequence[Finding]) -> Iterator[Finding]:
    """Certain static findings on lines that ran without an error, on the machine they speak of."""
    on = str(result.environment.get("on"))
    for one in static if on == "virtual" or on.startswith("cuda") else ():
        if one.severity is Severity.ERROR and one.machine == "cuda" and _settled(one, ran, source):
            said = f"this ran without an error, though reading the code says: {one.message}; please report it"
            yield Finding(source, one.span, said, Severity.INFORMATION, RULE)


def _lines(result: Result, source: SourceFile) -> set[int]:
    """The lines of a file whose statements ran to their end, and in each way that the program runs them."""
    clean = [run for run in result.runs if run.verdict == CLEAN and run.dtype == "float32" and run.autocast is None]
    stopped = result.program is not None and result.program.verdict != CLEAN
    if result.left_out or len(clean) != len(result.runs) or stopped:
        return set()
    return _touched(result, source)


def _touched(result: Result, source: SourceFile) -> set[int]:
    """The lines of a file whose statements ran in any way."""
    runs = [*result.runs, *([result.program] if result.program is not None else [])]
    every = [item for run in runs for item in run.ran.items()]
    return {line for file, lines in every if same_file(file, source.path) for line in lines}


def noted(result: Result, found: Joined) -> Result:
    """A result that says where it and the reading of the code disagree; it is clean only where both find nothing."""
    runs = [replace(run, failure=_mended(run.failure, found)) for run in result.runs]
    if runs and found.disagreements:
        runs[0] = replace(runs[0], notes=(*runs[0].notes, *found.disagreements))
    result = replace(result, runs=tuple(runs), failure=_mended(result.failure, found))
    if found.stopped and result.verdict == UNCERTAIN and result.program is not None:
        why = f"{ITSELF}, but {found.stopped}"
        result = replace(result, verdict=MISMATCH, why=why, failure=result.program.failure)
    if not found.elsewhere:
        return result
    if result.verdict == CLEAN:
        return replace(result, verdict=UNCERTAIN, why=f"{ITSELF}; {found.elsewhere}")
    return replace(result, why=f"{result.why}; {found.elsewhere}")


def _mended(failure: Failure | None, found: Joined) -> Failure | None:
    """A failure with what reading the code advises."""
    return failure if failure is None else replace(failure, remedy=found.remedies.get(_key(failure), ""))
