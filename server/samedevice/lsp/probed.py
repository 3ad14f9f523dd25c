"""What the worker does for a probe: the plan before it, and afterwards what its result says of the text."""

from __future__ import annotations

from typing import Any

from samedevice.dataclass import asdict
from samedevice.features.fixes import with_verified_fixes
from samedevice.lsp.marks import diagnostic
from samedevice.lsp.places import Json, Program
from samedevice.lsp.unit import Unit
from samedevice.probe import findings, make, relating
from samedevice.probe.plan import NoPlan
from samedevice.probe.report import html, words
from samedevice.probe.request import Wanted, requests
from samedevice.probe.result import CLEAN, Result, from_json, to_json
from samedevice.syntax.source import Span

SOURCE = "probe"
_KIND = 1
_OPTIONS = ("on", "autocast", "backward", "train", "seconds", "memory_mb", "program")


def plan(unit: Unit, uri: str, which: Json, more: Json) -> Json:
    """The requests for a network by its name or position, or why there are none."""
    if unit.analysis is None:
        return {"why": "the file could not be analysed"}
    name, position = which.get("name"), which.get("position")
    place = unit.program.place(uri, position) if position is not None else None
    given = {str(key): str(value) for key, value in dict(more.get("given") or {}).items()}
    wanted = Wanted(**{key: more[key] for key in _OPTIONS if more.get(key) is not None}, dtypes=_dtypes(more))
    try:
        plans = make.plans(unit.program.source, unit.settings, name or "", place, given, unit.analysis)
    except NoPlan as error:
        return {"why": str(error)}
    first = plans[0]
    return {
        "name": first.name,
        "requests": requests(plans, wanted, bool(unit.checked and unit.checked.findings)),
        "assumed": [asdict(one) for one in first.chosen],
        "missing": [{"name": one.name, "proposal": one.code, "why": one.why} for one in first.missing],
    }


def _dtypes(more: Json) -> tuple[str, ...]:
    given = more.get("dtypes")
    return tuple(str(one) for one in given) if isinstance(given, list) and given else ("float32",)


def shown(unit: Unit, name: str, answer: Json, before: Json | None) -> Json:
    """What a result says of the text it was made from: diagnostics, hints, a lens and the page."""
    result, previous = from_json(answer), from_json(before) if before is not None else None
    source = unit.program.source
    static = unit.checked if result.verdict == CLEAN else with_verified_fixes(unit.checked, unit.settings)
    found = findings.joined(result, source, static.findings)
    result = findings.noted(result, found)
    marks: dict[str, list[Json]] = {uri: [] for uri in unit.program.uris}
    for number, finding in enumerate(found.findings):
        where = unit.program.location(finding.source, finding.span)["uri"]
        one = diagnostic(unit.program, finding, number, {"related": True})
        one["source"] = SOURCE
        marks.setdefault(where, []).append(one)
    return {
        "diagnostics": marks,
        "hints": _hints(unit.program, result),
        "name": name,
        "lens": lens(result),
        "summary": f"{name}: {result.why}",
        "result": to_json(result),
        "html": html.html(result, previous),
    }


def _hints(program: Program, result: Result) -> dict[str, list[Json]]:
    """What was measured, behind the lines that it was measured on."""
    lines: dict[int, list[str]] = {}
    for run in result.runs[:1]:
        for value in run.values:
            if relating.same_file(value.file, program.path) and value.kind == "assignment":
                text = f"{value.dtype} {list(value.shape)} {value.device}"
                lines.setdefault(value.line, []).append(f"{value.name}: {text}" if lines.get(value.line) else text)
    found: dict[str, list[Any]] = {uri: [] for uri in program.uris}
    for line, texts in lines.items():
        end = len(program.source.line(line).rstrip()) + 1
        where = program.location(program.source, Span(line, end, line, end))
        hint = {
            "position": where["range"]["start"],
            "label": f"measured: {', '.join(texts)}",
            "kind": _KIND,
            "paddingLeft": True,
        }
        found.setdefault(where["uri"], []).append(hint)
    return found


def lens(result: Result) -> str:
    """A result in a few words: `✓ 11.7 M parameters · 3.2 ms · 45 MB`."""
    sign = {"clean": "✓", "uncertain": "?"}.get(result.verdict, "✗")
    run = result.runs[0] if result.runs else None
    failure = result.first_failure()
    parameters = result.network.get("parameters")
    parts = [
        f"{words.count(parameters)} parameters" if isinstance(parameters, int) else None,
        words.milliseconds(run.ms) if run is not None and run.ms is not None else None,
        words.short(run.peak_bytes, "B") if run is not None and run.peak_bytes else None,
        f"{failure.kind} error" + (f" on line {failure.line}" if failure.line else "") if failure is not None else None,
        str(result.environment.get("on") or "") or None,
    ]
    return f"{sign} {words.joined(parts, ' · ')}" if any(parts) else f"{sign} {result.why}"
