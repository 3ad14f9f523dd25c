"""Findings as diagnostics of the protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from samedevice.features.check import Checked
from samedevice.findings import Finding, Severity
from samedevice.lsp.places import Json, Program
from samedevice.lsp.uris import uri_of

SOURCE = "samedevice"
_SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFORMATION: 3, Severity.HINT: 4}
_TAGS = {"unused-ignore": 1, "legacy-constructor": 2}
"""Unnecessary, deprecated: drawn faint or struck through."""
_RULES = Path(__file__).parent.parent / "rules"


def diagnostics(program: Program, checked: Checked, client: dict[str, Any]) -> dict[str, list[Json]]:
    """The diagnostics of each document of a program."""
    found: dict[str, list[Json]] = {uri: [] for uri in program.uris}
    for number, finding in enumerate(checked.findings):
        if finding.source.path == program.path:
            where = program.location(program.source, finding.span)
            found.setdefault(where["uri"], []).append(diagnostic(program, finding, number, client))
    return found


def diagnostic(program: Program, finding: Finding, number: int, client: dict[str, Any]) -> Json:
    """One finding."""
    one: Json = {
        "range": program.location(program.source, finding.span)["range"],
        "severity": _SEVERITIES[finding.severity],
        "code": finding.rule,
        "source": SOURCE,
        "message": finding.message + _machine(finding),
    }
    if client.get("description"):
        one["codeDescription"] = {"href": page(finding.rule, client.get("pages"))}
    if client.get("related") and finding.related:
        one["relatedInformation"] = [
            {"location": program.location(item.source, item.span), "message": item.message} for item in finding.related
        ]
    if client.get("tags") and finding.rule in _TAGS:
        one["tags"] = [_TAGS[finding.rule]]
    if client.get("data"):
        one["data"] = {"finding": number}
    return one


def _machine(finding: Finding) -> str:
    """On which machine it happens, where it is not the usual one."""
    words = {"cpu": "without an accelerator", "mps": "with MPS"}.get(finding.machine)
    return f" (on a machine {words})" if words else ""


def page(rule: str, base: str | None = None) -> str:
    """Where a rule's page is: at the base that the client named, else in the rule's own file."""
    if base:
        return f"{base.rstrip('/')}/{rule}"
    if rule == "unused-ignore":
        return uri_of(str(_RULES.parent / "features" / "ignores.py"))
    return uri_of(str(_RULES / f"{rule.replace('-', '_')}.py"))
