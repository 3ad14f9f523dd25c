"""A stand-in for analysis and rules, so that tests of the command line do not depend on what the rules say."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from samedevice.features import check
from samedevice.findings import Edit, Finding, Fix, Related, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.interpret.run import Memory
from samedevice.rules import Rule
from samedevice.settings import Settings
from samedevice.settings import forget as forget_settings
from samedevice.syntax.parse import parse
from samedevice.syntax.source import SourceFile


def analyse(source: SourceFile, settings: Settings, memory: Memory | None = None) -> Analysis:
    """A tree and nothing else."""
    if "explode_analysis" in source.text:
        raise RuntimeError("boom")
    while "hang_forever" in source.text:
        pass
    return Analysis(source, parse(source).tree)


def _names(analysis: Analysis, word: str) -> Iterator[ast.Name]:
    for node in ast.walk(analysis.tree):
        if isinstance(node, ast.Name) and node.id == word and isinstance(node.ctx, ast.Load):
            yield node


def _bad(analysis: Analysis) -> Iterator[Finding]:
    """`bad` is wrong: it should be `good`."""
    source = analysis.source
    for node in _names(analysis, "bad"):
        span = source.span(node)
        made = [
            Related(source, source.span(other), "made here")
            for other in ast.walk(analysis.tree)
            if isinstance(other, ast.Name) and other.id == "bad" and isinstance(other.ctx, ast.Store)
        ]
        fixes = (Fix("Say worse", (Edit(source, span, "bad; worse"),)), Fix("Say good", (Edit(source, span, "good"),)))
        yield Finding(source, span, "`bad` is on cpu", Severity.ERROR, "bad-name", related=tuple(made), fixes=fixes)


def _same(analysis: Analysis) -> Iterator[Finding]:
    """The same as bad-name in weaker words."""
    for node in _names(analysis, "bad"):
        yield Finding(analysis.source, analysis.source.span(node), "perhaps", Severity.WARNING, "bad-twin")


def _worse(analysis: Analysis) -> Iterator[Finding]:
    """`worse` is as wrong as `bad`."""
    for node in _names(analysis, "worse"):
        yield Finding(analysis.source, analysis.source.span(node), "`worse` is worse", Severity.WARNING, "worse-name")


def _hint(analysis: Analysis) -> Iterator[Finding]:
    """`meh` could be better."""
    for node in _names(analysis, "meh"):
        yield Finding(analysis.source, analysis.source.span(node), "100% `meh`: a, b\nso", Severity.HINT, "meh-name")


def _raises(analysis: Analysis) -> Iterator[Finding]:
    """Fails on some files."""
    if "explode_rule" in analysis.source.text:
        raise ValueError("no such thing")
    yield from ()


RULES = (
    Rule("bad-name", Severity.ERROR, "`bad` is used.\n\n```python\nbad\n```\n\n```python fixed\ngood\n```", _bad),
    Rule("bad-twin", Severity.WARNING, "The twin of bad-name.", _same),
    Rule("meh-name", Severity.HINT, "`meh` is used.", _hint),
    Rule("raising-rule", Severity.ERROR, "Fails on some files.", _raises),
    Rule("worse-name", Severity.WARNING, "`worse` is used.", _worse),
)


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the stand-ins in place of the real ones."""
    monkeypatch.setattr(check, "analyse", analyse)
    monkeypatch.setattr(check, "all_rules", lambda: RULES)
    forget()


def forget() -> None:
    """Forgets what was remembered of rules and settings."""
    check.rules.cache_clear()
    check.rule_names.cache_clear()
    forget_settings()
