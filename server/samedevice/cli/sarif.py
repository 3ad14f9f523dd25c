"""SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from samedevice import __version__
from samedevice.cli.record import FileReport, Record
from samedevice.rules import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}
Json = dict[str, Any]


def log(reports: Iterable[FileReport], rules: Iterable[Rule]) -> Json:
    """A run as a SARIF log."""
    ordered = sorted(rules, key=lambda rule: rule.name)
    index = {rule.name: number for number, rule in enumerate(ordered)}
    done = list(reports)
    seen: Counter[str] = Counter()
    results = [_result(record, report, index, seen) for report in done for record in report.findings]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "SameDevice",
                        "semanticVersion": __version__,
                        "rules": [_rule(rule) for rule in ordered],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"ROOT": {"uri": Path.cwd().as_uri().rstrip("/") + "/"}},
                "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(done)}],
                "results": results,
            }
        ],
    }


def _rule(rule: Rule) -> Json:
    """What a reader of the log is told of a rule."""
    first = rule.page.partition("\n")[0]
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": first or rule.name},
        "fullDescription": {"text": first or rule.name},
        "help": {"text": rule.page or rule.name, "markdown": rule.page or rule.name},
        "defaultConfiguration": {"level": _LEVELS[rule.severity.value]},
        "properties": {"tags": ["pytorch", "correctness"]},
    }


def _result(record: Record, report: FileReport, index: dict[str, int], seen: Counter[str]) -> Json:
    """A finding as a result."""
    result: Json = {
        "ruleId": record["rule"],
        "level": _LEVELS[record["severity"]],
        "message": {"text": record["message"]},
        "locations": [_location(record)],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(record, report, seen)},
        "properties": {"machine": record["machine"], "severity": record["severity"]},
    }
    if record["rule"] in index:
        result["ruleIndex"] = index[record["rule"]]
    if record["related"]:
        result["relatedLocations"] = [
            {"id": number, **_location(related), "message": {"text": related["message"]}}
            for number, related in enumerate(record["related"], 1)
        ]
    # The lines of a notebook's cells are not those of the file: an edit would hit something else.
    fixes = [fix for fix in record["fixes"] if not any("cell" in edit for edit in fix["edits"])]
    if fixes:
        result["fixes"] = [_fix(fix) for fix in fixes]
    return result


def _location(place: Record) -> Json:
    """A place of a record; of a notebook the file, with the cell as a logical location."""
    physical: Json = {"artifactLocation": _artifact(place["path"])}
    if "cell" in place:
        name = f"cell {place['cell']}, line {place['line']}"
        return {"physicalLocation": physical, "logicalLocations": [{"name": name, "kind": "module"}]}
    return {"physicalLocation": physical | {"region": _region(place)}}


def _region(place: Record) -> Json:
    """The span of a record."""
    return {
        "startLine": place["line"],
        "startColumn": place["column"],
        "endLine": place["end_line"],
        "endColumn": place["end_column"],
    }


def _artifact(path: str) -> Json:
    """A file by its path from the working directory, where it is below it."""
    relative = os.path.relpath(path) if not path.startswith("<") else path
    if relative.startswith(".."):
        return {"uri": Path(path).absolute().as_uri()}
    return {"uri": quote(relative.replace(os.sep, "/")), "uriBaseId": "ROOT"}


def _fix(fix: Record) -> Json:
    """A fix with its edits, grouped by file."""
    changes: dict[str, list[Json]] = {}
    for edit in fix["edits"]:
        change: Json = {"deletedRegion": _region(edit)}
        if edit["text"]:
            change["insertedContent"] = {"text": edit["text"]}
        changes.setdefault(edit["path"], []).append(change)
    artifacts = [{"artifactLocation": _artifact(path), "replacements": edits} for path, edits in changes.items()]
    return {"description": {"text": fix["title"]}, "artifactChanges": artifacts}


def _fingerprint(record: Record, report: FileReport, seen: Counter[str]) -> str:
    """A name for a finding that stays when lines above it come and go."""
    line = report.lines.get((record["path"], record.get("cell", 0), record["line"]), "")
    text = f"{record['rule']}\0{' '.join(line.split())}"
    key = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
    place = f"{record['path']}:{key}"
    seen[place] += 1
    return f"{key}:{seen[place]}"


def _notifications(reports: Iterable[FileReport]) -> list[Json]:
    """What could not be read or was cut short."""
    found: list[tuple[str, str, str]] = []
    for report in reports:
        found += [("error", report.path, report.error)] if report.error else []
        found += [("warning", report.path, text) for text in (*report.problems, *report.notes)]
    return [
        {
            "level": level,
            "message": {"text": text},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(path)}}],
        }
        for level, path, text in found
    ]
