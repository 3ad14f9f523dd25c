"""The registry of rules, and the pages that are generated from it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import Rule, all_rules
from samedevice.syntax.source import SourceFile, Span

ROOT = Path(__file__).parent.parent
EMPTY = Analysis(SourceFile("a.py", ""), ast.parse(""))


def _finding(severity: Severity) -> Finding:
    return Finding(EMPTY.source, Span(1, 1, 1, 2), "x", severity)


def test_every_rule_is_named_after_its_file() -> None:
    files = (ROOT / "server" / "samedevice" / "rules").glob("[!_]*.py")
    assert {rule.name for rule in all_rules()} == {path.stem.replace("_", "-") for path in files}


def test_rules_say_nothing_of_an_empty_file() -> None:
    assert not [finding for rule in all_rules() for finding in rule.run(EMPTY)]


def test_the_weightier_finding_of_a_span_is_kept() -> None:
    def speak(_: Analysis) -> Iterator[Finding]:
        yield _finding(Severity.WARNING)
        yield _finding(Severity.ERROR)

    (found,) = Rule("a-rule", Severity.ERROR, "", speak).run(EMPTY)
    assert (found.rule, found.severity) == ("a-rule", Severity.ERROR)


def test_a_rule_that_raises_keeps_what_it_said() -> None:
    def speak(_: Analysis) -> Iterator[Finding]:
        yield _finding(Severity.ERROR)
        raise ValueError

    assert len(Rule("a-rule", Severity.ERROR, "", speak).run(EMPTY)) == 1


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "generate.py"), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
