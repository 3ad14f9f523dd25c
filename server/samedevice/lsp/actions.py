"""Code actions: fixes that were tried, and what else one may want to do with a finding."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

from samedevice.features.fixes import fixed
from samedevice.findings import Edit, Finding
from samedevice.lsp.marks import diagnostic, page
from samedevice.lsp.places import Json
from samedevice.lsp.unit import Unit
from samedevice.syntax.comments import suppressions, takes_comment
from samedevice.syntax.source import SourceFile, Span

QUICK, ALL = "quickfix", "source.fixAll.samedevice"
_COMMENT = "# samedevice: ignore["


def actions(unit: Unit, asked: Json) -> list[Json]:
    """What can be done in a range of a document, computed from nothing but the document and the range."""
    found: list[Json] = []
    if _wanted(QUICK, asked["only"]):
        here = list(_findings(unit, asked["uri"], asked["range"]))
        for number, finding in here:
            found += _fixes(unit, number, finding, asked)
        for number, finding in here:
            found += _ignore(unit, number, finding, asked)
            found += _told(unit, finding, asked)
    if _wanted(ALL, asked["only"]) and any(finding.fixes for finding in unit.checked.findings):
        found += _fix_all(unit, asked)
    return found


def fix_all(unit: Unit, versions: Json, documents: bool) -> Json | None:
    """The edit that mends all that can be mended; None where there is nothing."""
    after, applied = fixed(unit.checked, unit.settings)
    if not applied:
        return None
    return _edit(unit, _difference(unit.program.source, after.source), versions, documents)


def _wanted(kind: str, only: list[str] | None) -> bool:
    """Whether the client asks for a kind of action; a kind stands for all below it."""
    return only is None or any(kind == one or one == "" or kind.startswith(f"{one}.") for one in only)


def _findings(unit: Unit, uri: str, where: Json) -> Iterator[tuple[int, Finding]]:
    """The findings of a document that a range touches, with their numbers."""
    for number, finding in enumerate(unit.checked.findings):
        if finding.source.path != unit.program.path:
            continue
        location = unit.program.location(unit.program.source, finding.span)
        if location["uri"] == uri and _touch(location["range"], where):
            yield number, finding


def _touch(one: Json, other: Json) -> bool:
    """Whether two ranges have a line in common: a light bulb belongs to a line."""
    return _line(one["start"]) <= _line(other["end"]) and _line(other["start"]) <= _line(one["end"])


def _line(position: Json) -> int:
    return int(position["line"])


def _fixes(unit: Unit, number: int, finding: Finding, asked: Json) -> Iterator[Json]:
    """The fixes of a finding that hold, the maintainer's choice first."""
    for place, fix in enumerate(unit.fixes_of(number)):
        action = _action(unit, number, finding, fix.title, asked)
        if place == 0 and asked["preferred"]:
            action["isPreferred"] = True
        yield {**action, "edit": _edit(unit, fix.edits, asked["versions"], asked["documents"])}


def _ignore(unit: Unit, number: int, finding: Finding, asked: Json) -> Iterator[Json]:
    """The comment that silences a finding, where one can stand."""
    edit = _comment(unit.program.source, finding)
    if edit is not None and finding.rule != "unused-ignore":
        action = _action(unit, number, finding, f"Ignore `{finding.rule}` on this line", asked)
        yield {**action, "edit": _edit(unit, [edit], asked["versions"], asked["documents"])}


def _comment(source: SourceFile, finding: Finding) -> Edit | None:
    """The edit that adds a suppression to a line; None where the line can't hold a comment."""
    number = finding.span.line
    line = source.line(number)
    for known in suppressions(source):
        if known.span.line == number and known.named:
            end = known.span.column + source.text_at(known.span).rfind("]")
            return Edit(source, Span(number, end, number, end), f", {finding.rule}")
    if not takes_comment(source, number):
        return None
    end = len(line.rstrip()) + 1
    return Edit(source, Span(number, end, number, end), f"  {_COMMENT}{finding.rule}]")


def _told(unit: Unit, finding: Finding, asked: Json) -> Iterator[Json]:
    """What a finding means, and its rule's page, where the editor can show them."""
    if asked["explains"]:
        position = unit.program.location(unit.program.source, finding.span)["range"]["start"]
        yield _command(f"Explain `{finding.rule}`", asked["explains"], [asked["uri"], position, finding.rule])
    if asked["shows"]:
        address = page(finding.rule, asked["marks"].get("pages"))
        yield _command(f"Open the page of `{finding.rule}`", asked["opens"], [address])


def _command(title: str, name: str, arguments: list[Any]) -> Json:
    return {"title": title, "kind": QUICK, "command": {"title": title, "command": name, "arguments": arguments}}


def _fix_all(unit: Unit, asked: Json) -> Iterator[Json]:
    """Mends everything in the document: worked out when it is chosen, or now where the client can't ask later."""
    action: Json = {"title": "Fix all SameDevice findings", "kind": ALL}
    uri, versions = unit.program.uri if unit.program.cells is None else asked["uri"], asked["versions"]
    if asked["resolves"]:
        yield {**action, "data": {"uri": uri, "versions": versions}}
    elif asked["only"] is not None:
        edit = fix_all(unit, versions, asked["documents"])
        if edit is not None:
            yield {**action, "edit": edit}
    elif asked["applies"]:
        yield {**action, "command": {"title": action["title"], "command": "samedevice.fixAll", "arguments": [uri]}}


def _action(unit: Unit, number: int, finding: Finding, title: str, asked: Json) -> Json:
    return {
        "title": title,
        "kind": QUICK,
        "diagnostics": [diagnostic(unit.program, finding, number, asked["marks"])],
    }


def _edit(unit: Unit, edits: Iterable[Edit], versions: Json, documents: bool) -> Json:
    """Edits of a program as a workspace edit, tied to versions where the client keeps to them."""
    changes: dict[str, list[Json]] = {}
    for edit in edits:
        where = unit.program.location(edit.source, edit.span)
        one = {"range": where["range"], "newText": edit.text}
        if one not in changes.setdefault(where["uri"], []):
            changes[where["uri"]].append(one)
    if not documents:
        return {"changes": changes}
    return {
        "documentChanges": [
            {"textDocument": {"uri": uri, "version": versions.get(uri)}, "edits": items}
            for uri, items in changes.items()
        ]
    }


def _difference(before: SourceFile, after: SourceFile) -> Iterator[Edit]:
    """The edits between two texts, whole lines each."""
    old, new = before.lines, after.lines
    matcher: difflib.SequenceMatcher[Any] = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "equal":
            continue
        lines = new[first:last]
        if end < len(old):
            yield Edit(before, Span(start + 1, 1, end + 1, 1), "".join(f"{line}\n" for line in lines))
        elif start == 0:
            yield Edit(before, Span(1, 1, end, len(old[end - 1]) + 1), "\n".join(lines))
        else:
            text = "".join(f"\n{line}" for line in lines)
            yield Edit(before, Span(start, len(old[start - 1]) + 1, end, len(old[end - 1]) + 1), text)
