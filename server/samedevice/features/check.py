"""All that is to be said of one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from samedevice.dataclass import dataclass, replace
from samedevice.faults import report
from samedevice.features import ignores
from samedevice.features.ignores import Ignores
from samedevice.findings import Finding, Severity
from samedevice.interpret import budget
from samedevice.interpret.analysis import Analysis
from samedevice.interpret.run import Memory, analyse
from samedevice.rules import Rule, all_rules
from samedevice.settings import Settings
from samedevice.syntax.comments import skips_file, suppressions
from samedevice.syntax.parse import Problem, parse
from samedevice.syntax.source import SourceFile, Span

_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one file, in its order."""

    source: SourceFile
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Syntax errors; what stands outside them was checked."""
    notes: tuple[str, ...] = ()
    """What was cut short and why."""
    everything: tuple[Finding, ...] = ()
    """The findings with those that say the same of the same place."""


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule that can speak, with the one about suppressions."""
    return (*all_rules(), ignores.RULE)


@cache
def rule_names() -> frozenset[str]:
    """The names that settings and suppressions may use."""
    return frozenset(rule.name for rule in rules())


def check(source: SourceFile, settings: Settings, memory: Memory | None = None) -> Checked:
    """Analyse a file, let the rules speak, and leave out what the user does not want to hear."""
    if skips_file(suppressions(source)):
        return Checked(source)
    return examine(source, settings, memory)[0]


def examine(source: SourceFile, settings: Settings, memory: Memory | None = None) -> tuple[Checked, Analysis | None]:
    """`check`, with the analysis behind it for those who show more than findings; None where there is none."""
    try:
        analysis = analyse(source, settings, memory)
        source = analysis.source
    except Exception as error:
        report(__name__, "the analysis of %s failed", source.path)
        note = f"could not be analysed: {type(error).__name__}: {error}"
        return Checked(source, problems=parse(source).errors, notes=(note,)), None
    found, problems = suppressions(source), parse(source).errors
    if skips_file(found):
        return Checked(source), analysis
    spoken = [finding for rule in all_rules() if settings.enabled(rule.name) for finding in _said(rule, analysis)]
    here = Ignores(source, found)
    kept = list(_unsuppressed(spoken, here))
    if settings.enabled(ignores.NAME):
        complete = not problems and not analysis.notes
        own = here.findings(settings, rule_names(), complete=complete)
        kept += [finding for finding in own if not here.silences(finding)]
    weighed = sorted((_weighed(finding, settings) for finding in kept), key=_order(source))
    return Checked(source, tuple(_once(weighed)), problems, tuple(analysis.notes), tuple(weighed)), analysis


def _said(rule: Rule, analysis: Analysis) -> list[Finding]:
    """The findings of one rule; a rule that raises is logged and says nothing."""
    budget.go_on()
    try:
        return list(rule.run(analysis))
    except Exception:
        report(__name__, "rule %s failed on %s", rule.name, analysis.source.path)
        return []


def _unsuppressed(spoken: Iterable[Finding], here: Ignores) -> Iterator[Finding]:
    """The findings that no comment silences, in whichever file they stand."""
    others: dict[int, Ignores] = {id(here.source): here}
    for finding in spoken:
        of = others.get(id(finding.source))
        if of is None:
            of = others[id(finding.source)] = Ignores(finding.source, suppressions(finding.source))
        if not of.silences(finding):
            yield finding


def _weighed(finding: Finding, settings: Settings) -> Finding:
    """A finding with the severity that the user wants."""
    word = settings.severity.get(finding.rule)
    return replace(finding, severity=Severity(word)) if word else finding


def _order(source: SourceFile) -> Callable[[Finding], tuple[bool, str, Span, int, str, str]]:
    """Sorts findings: this file first, then by place, then the weightiest, then by rule."""

    def key(finding: Finding) -> tuple[bool, str, Span, int, str, str]:
        elsewhere = finding.source is not source
        weight = _WEIGHT[finding.severity]
        return elsewhere, finding.source.path, finding.span, weight, finding.rule, finding.message

    return key


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """One finding for each span: the weightiest, which comes first."""
    seen = set()
    for finding in findings:
        key = (finding.source.path, finding.span)
        if key not in seen:
            seen.add(key)
            yield finding
