"""Explanations as the protocol has them: of pasted errors, of findings, of values."""

from __future__ import annotations

from pathlib import Path

from samedevice.features import explain, project_files
from samedevice.features import why as reasons
from samedevice.features.check import rule_names, rules
from samedevice.findings import Fix
from samedevice.lsp.places import Json, Program
from samedevice.lsp.shown import known_of
from samedevice.lsp.unit import Unit
from samedevice.lsp.uris import path_of, uri_of
from samedevice.settings import Settings, WrongSettings, for_folder


def pasted(text: str, roots: list[str], opened: dict[str, str], encoding: str) -> Json:
    """A pasted error in words, where it is, and the edits that mend it."""
    texts = {path_of(uri): content for uri, content in opened.items()}
    result = explain.explain(text, lambda written: project_files.find(written, roots, texts), _settings)
    answer: Json = {"text": explain.words(result)}
    if result.source is not None and result.place is not None:
        answer["uri"], answer["line"] = uri_of(result.source.path), result.place.line - 1
    if result.finding is not None and result.source is not None:
        answer["rule"], answer["fixes"] = result.finding.rule, [fix.title for fix in result.fixes]
        program = Program(uri_of(result.source.path), result.source.path, result.source.text, encoding)
        answer["actions"] = [{"title": fix.title, "edit": _edit(program, fix)} for fix in result.fixes]
    return answer


def _edit(program: Program, fix: Fix) -> Json:
    """A fix as a workspace edit."""
    changes: dict[str, list[Json]] = {}
    for edit in fix.edits:
        where = program.location(edit.source, edit.span)
        changes.setdefault(where["uri"], []).append({"range": where["range"], "newText": edit.text})
    return {"changes": changes}


def _settings(path: str) -> Settings:
    try:
        return for_folder(Path(path).parent, rule_names())
    except WrongSettings:
        return Settings()


def page(rule: str) -> str | None:
    """A rule's page in Markdown."""
    return next((f"# {one.name}\n\n{one.readable}" for one in rules() if one.name == rule), None)


def finding(unit: Unit, uri: str, position: Json, rule: str) -> Json | None:
    """What a finding at a position means, in Markdown; None where there is none (of that rule)."""
    place = unit.program.place(uri, position)
    if place is None:
        return None
    found = explain.finding_at(unit.checked, place[0], place[1], rule)
    if found is None:
        return None
    number = unit.checked.findings.index(found)
    text = explain.about(found, [fix.title for fix in unit.fixes_of(number)])
    where = unit.program.location(unit.program.source, found.span)
    answer: Json = {"text": text, "rule": found.rule, "uri": where["uri"], "line": where["range"]["start"]["line"]}
    return {**answer, "page": page(found.rule)}


def why(unit: Unit, uri: str, position: Json) -> Json | None:
    """Where the value at a position comes from, as a tree."""
    known, place = known_of(unit), unit.program.place(uri, position)
    step = reasons.why(known, *place) if known is not None and place is not None else None
    return None if step is None else _step(unit, step)


def _step(unit: Unit, step: reasons.Step) -> Json:
    where = unit.program.location(step.source, step.span) if step.source is not None and step.span is not None else None
    children = [_step(unit, one) for one in step.children]
    return {"label": step.label, "description": step.description, "location": where, "children": children}
