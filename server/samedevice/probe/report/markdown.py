"""The report as Markdown, to paste into an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from samedevice.probe.report import summary
from samedevice.probe.report.advice import advice, name_of
from samedevice.probe.report.compare import compare
from samedevice.probe.report.table import columns
from samedevice.probe.report.tree import Row, rows
from samedevice.probe.report.words import clean, facet, line, milliseconds, shape, short
from samedevice.probe.result import Failure, Result, Run

_MOST_LAYERS = 400
"""Layers that are listed; an issue takes no more than 65,536 characters."""
_MOST_CHANGES = 50


def markdown(result: Result, previous: Result | None = None) -> str:
    """The whole report."""
    run = next((run for run in result.runs if run.failure), result.runs[0] if result.runs else None)
    parts = [f"## {_text(summary.name(result))}: {result.verdict}", _text(line(result.why, 2000))]
    parts.append(" · ".join(_text(fact) for fact in summary.environment(result)))
    if summary.virtual(result):
        parts.append(summary.VIRTUAL)
    failure = result.first_failure()
    parts += _failure(failure) if failure else []
    parts += [f"Note: {_text(note)}" for note in summary.notes(result)]
    if run:
        parts += [_figures(result, run), _layers(run)]
    if len(result.runs) > 1:
        parts.append(_runs(result.runs))
    since = compare(result, run, previous) if run else None
    if since:
        head = f"**Since the previous run:** {_text(summary.changed(since))}"
        found = [
            [_code(one.path or "(network)"), one.what, _text(one.before), _text(f"{one.now} {one.change}".rstrip())]
            for one in since.changes[:_MOST_CHANGES]
        ]
        parts += [head, _table(["Layer", "What", "Before", "Now"], found)] if found else [head]
    return "\n\n".join(part for part in parts if part) + "\n"


def _failure(failure: Failure) -> list[str]:
    """What went wrong."""
    place = f" at {_code(line(f'{failure.file}:{failure.line or 1}', 400))}" if failure.file else ""
    source = f"{failure.text.strip()}\n" if failure.text.strip() else ""
    head = f"**{_text(summary.where(failure))}**{place}"
    block = clean(f"{source}{summary.message(failure)}")
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", block)), 3)
    operands = [
        [_code(name_of(one)), facet(one, "device"), facet(one, "dtype"), shape(one)] for one in failure.operands
    ]
    told = [
        head,
        f"{fence}\n{block}\n{fence}",
        _table(["Operand", "Device", "dtype", "Shape"], operands) if operands else "",
    ]
    return [*told, f"What to do: {advice(failure)}" if advice(failure) else ""]


def _figures(result: Result, run: Run) -> str:
    """The numbers of the run, one a line."""
    return "\n".join(
        f"* **{one.label}:** {_text(one.value)}{f' ({_text(one.detail)})' if one.detail else ''}"
        for one in [*summary.figures(result, run, None), *summary.flow(result, run)]
    )


def _layers(run: Run) -> str:
    """The table of layers."""
    found = rows(run)
    shown = found[:_MOST_LAYERS]
    wanted = columns(shown)
    head = ["Layer", "Class", *(column.title for column in wanted)]
    body = [
        [_indented(row), _code(line(row.layer.name, 80)), *(_text(column.cell(row)) for column in wanted)]
        for row in shown
    ]
    table = _table(head, body, [False, False, *(column.number for column in wanted)])
    more = f"\n\n… and {len(found) - len(shown)} more layers" if len(found) > len(shown) else ""
    return table + more


def _indented(row: Row) -> str:
    """A layer's name, set in as deep as it lies, and whether it failed."""
    mark = " ✗" if row.stopped else ""
    return "&nbsp;&nbsp;" * row.level + _code(line(row.name, 80) or "(network)") + mark


def _runs(runs: Sequence[Run]) -> str:
    """The runs side by side."""
    head = ["Run", "Verdict", "Forward", "Backward", "Peak memory", "Output", "Refused by"]
    body = []
    for run in runs:
        times = [milliseconds(time) if time is not None else "" for time in (run.ms, run.backward_ms)]
        peak = short(run.peak_bytes, "B") if run.peak_bytes is not None else ""
        refused = _code(line(run.failure.layer, 80)) if run.failure and run.failure.layer else ""
        body.append([summary.run_name(run), run.verdict, *times, peak, summary.difference(run), refused])
    return _table(head, body)


def _table(head: Sequence[str], body: Iterable[Sequence[str]], numbers: Sequence[bool] = ()) -> str:
    """A table, numbers to the right."""
    marks = ["--:" if place < len(numbers) and numbers[place] else "---" for place in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, marks, *body))


def _code(text: str) -> str:
    """A text as code, also inside a table."""
    text = text.replace("|", "\\|")
    return f"`{text}`" if "`" not in text else f"`` {text} ``"


def _text(text: str) -> str:
    """A text that Markdown takes as it is."""
    return re.sub(r"([\\`*_<>|#])", r"\\\1", line(text, 2000))
