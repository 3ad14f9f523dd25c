"""The data of the page: all that it shows, as JSON."""

from __future__ import annotations

from typing import Any

from samedevice.dataclass import asdict
from samedevice.probe.report import summary
from samedevice.probe.report.advice import advice, name_of, odd
from samedevice.probe.report.compare import Comparison, compare
from samedevice.probe.report.markdown import markdown
from samedevice.probe.report.tree import Row, rows
from samedevice.probe.report.words import clean, facet, joined, line, milliseconds, shape, short
from samedevice.probe.result import Failure, Frame, Layer, Result, Run, Shown

_MOST_CHANGES = 400
_MOST_CAPTURED = 20_000


def page(result: Result, previous: Result | None) -> dict[str, Any]:
    """All that the page shows."""
    since = [compare(result, run, previous) for run in result.runs]
    network = result.network
    failing = next((place for place, run in enumerate(result.runs) if run.failure), 0)
    first = _failure(result.first_failure())
    if first and len(result.runs) > 1 and not result.failure:
        first["title"] = f"{summary.run_name(result.runs[failing])}: {first['title']}"
    return {
        "verdict": result.verdict,
        "why": clean(result.why),
        "notice": summary.VIRTUAL if summary.virtual(result) else "",
        "network": {
            "name": summary.name(result),
            "file": network.get("file"),
            "line": network.get("line"),
            "at": summary.place(result).replace("\\", "/").rpartition("/")[2],
        },
        "environment": summary.environment(result),
        "failure": first,
        "notes": summary.notes(result),
        "chosen": failing,
        "runs": [_run(result, run, one) for run, one in zip(result.runs, since, strict=True)],
        "compared": [title for title, _ in _compared(result)],
        "changes": _changes(since[failing] if since else None),
        "markdown": markdown(result, previous),
        "details": _details(result),
    }


def _run(result: Result, run: Run, since: Comparison | None) -> dict[str, Any]:
    """One run."""
    found = rows(run)
    place = {row.layer.path: number for number, row in enumerate(found)}
    return {
        "name": summary.run_name(run),
        "verdict": run.verdict,
        "failure": _failure(run.failure) if run.failure is not result.first_failure() else None,
        "refused": line(run.failure.layer or run.failure.kind, 200) if run.failure else "",
        "figures": [asdict(one) for one in summary.figures(result, run, since)],
        "flow": [asdict(one) for one in summary.flow(result, run)],
        "compared": [
            cell for _, cells in _compared(result) for number, cell in enumerate(cells) if result.runs[number] is run
        ],
        "layers": [_layer(row) for row in found],
        "memory": [[place[step["layer"]], step["allocated"]] for step in run.memory if step.get("layer") in place],
    }


def _layer(row: Row) -> dict[str, Any]:
    """One layer; what is not known is left out."""
    layer = row.layer
    data = {
        "path": line(layer.path, 400),
        "name": line(row.name, 120),
        "kind": line(layer.name, 120),
        "parent": row.parent,
        "calls": layer.calls,
        "input": shape(*layer.input) or None,
        "output": shape(layer.output) or None,
        "dtype": facet(layer.output, "dtype") or None,
        "device": row.device or None,
        "weights": row.weights or None,
        "parameters": layer.parameters,
        "own": layer.own_parameters or None,
        "flops": layer.flops,
        "ms": layer.ms,
        "bytes": layer.bytes,
        "status": layer.status,
        "file": layer.file,
        "line": layer.line,
        "place": _place(layer),
    }
    return {key: value for key, value in data.items() if value is not None}


def _place(layer: Layer) -> str | None:
    """Where a layer is called, by which the column is sorted."""
    if not layer.file:
        return None
    return f"{layer.file.replace(chr(92), '/').rpartition('/')[2]}:{layer.line or 1}"


def _failure(failure: Failure | None) -> dict[str, Any] | None:
    """What stopped a run."""
    if failure is None:
        return None
    return {
        "title": summary.where(failure),
        "error": line(failure.error, 80),
        "message": clean(failure.message).strip(),
        "file": failure.file,
        "line": failure.line,
        "text": line(failure.text, 300),
        "layer": line(failure.layer or "", 200),
        "operands": [_operand(failure, one) for one in failure.operands],
        "advice": advice(failure),
        "note": joined([clean(failure.note), "" if failure.certain else "This is not certain."], " "),
        "traceback": [_frame(frame) for frame in failure.traceback[-60:]],
    }


def _operand(failure: Failure, operand: Shown) -> dict[str, Any]:
    """A tensor that met others in the failure."""
    return {
        "name": name_of(operand),
        "device": facet(operand, "device"),
        "dtype": facet(operand, "dtype"),
        "shape": shape(operand),
        "odd": odd(failure, operand),
    }


def _frame(frame: Frame) -> dict[str, Any]:
    """A line of a traceback."""
    return {
        "file": frame.file,
        "line": frame.line,
        "function": line(frame.function, 120),
        "text": line(frame.text, 300),
    }


def _compared(result: Result) -> list[tuple[str, list[dict[str, Any]]]]:
    """The columns of the table of runs: a title, and a cell for each run."""
    measured = (
        ("Forward", "ms", milliseconds),
        ("Backward", "backward_ms", milliseconds),
        ("Peak memory", "peak_bytes", lambda value: short(value, "B")),
    )
    columns = []
    for title, field, words in measured:
        values = [getattr(run, field) for run in result.runs]
        most = max((value for value in values if value), default=None)
        if most:
            cells = [{"text": words(value), "share": value / most} if value else {"text": ""} for value in values]
            columns.append((title, cells))
    if any(run.difference for run in result.runs):
        columns.append(
            (
                "Output differs by",
                [{"text": summary.difference(run).removeprefix("differs by ")} for run in result.runs],
            )
        )
    return columns


def _changes(since: Comparison | None) -> dict[str, Any] | None:
    """What is different from the run before."""
    if since is None:
        return None
    found = since.changes[:_MOST_CHANGES]
    return {
        "summary": summary.changed(since),
        "rows": [asdict(one) | {"path": line(one.path, 200)} for one in found],
    }


def _details(result: Result) -> list[dict[str, str]]:
    """What can be opened below."""
    tried = "\n".join(
        f"{line(str(one.get('source')), 200)}: {clean(str(one.get('failed')))}"
        for one in result.input.get("tried") or ()
    )
    captured = result.captured
    sections = [
        ("Inputs that were tried and did not fit", tried),
        ("Printed by the program", clean(captured.get("stdout", ""), _MOST_CAPTURED)),
        ("Printed to stderr", clean(captured.get("stderr", ""), _MOST_CAPTURED)),
    ]
    return [{"title": title, "text": words} for title, words in sections if words.strip()]
