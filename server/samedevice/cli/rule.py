"""`samedevice rule`: a rule's page, or the list of rules."""

from __future__ import annotations

import argparse
import json

from samedevice.cli import OK, CouldNotRun
from samedevice.features.check import rules
from samedevice.rules import Rule
from samedevice.settings import suggestion


def run(options: argparse.Namespace) -> int:
    """Prints one page or all first lines."""
    known = {rule.name: rule for rule in sorted(rules(), key=lambda rule: rule.name)}
    if options.name is None:
        print(
            _list(known) if options.output_format == "text" else json.dumps([*map(_record, known.values())], indent=2)
        )
        return OK
    if options.name not in known:
        raise CouldNotRun(f"there is no rule `{options.name}`{suggestion(options.name, known)}")
    rule = known[options.name]
    print(_page(rule) if options.output_format == "text" else json.dumps(_record(rule), indent=2))
    return OK


def _summary(rule: Rule) -> str:
    """The first line of a page."""
    return rule.page.partition("\n")[0]


def _list(known: dict[str, Rule]) -> str:
    """All rules, a line each."""
    wide = max(map(len, known))
    return "\n".join(f"{name:<{wide}}  {rule.severity.value:<11}  {_summary(rule)}" for name, rule in known.items())


def _page(rule: Rule) -> str:
    """A rule's page."""
    fix = " · has a fix" if "```python fixed" in rule.page else ""
    return f"# {rule.name}\n\nDefault: {rule.severity.value}{fix}\n\n{rule.page}"


def _record(rule: Rule) -> dict[str, object]:
    """A rule as plain data."""
    return {
        "name": rule.name,
        "severity": rule.severity.value,
        "summary": _summary(rule),
        "fix": "```python fixed" in rule.page,
        "page": rule.page,
    }
