"""The rules: each file says one thing that can be wrong, in words and fixes, and infers nothing."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from samedevice.dataclass import dataclass, replace
from samedevice.faults import report
from samedevice.findings import Finding, Severity
from samedevice.interpret.analysis import Analysis

Run = Callable[[Analysis], Iterable[Finding]]
_MARK = re.compile(r"  # (?:error|warning|information|hint): (?:`+[^`]*`+ ?)?(?:\"(?P<message>.*)\")?$", re.MULTILINE)
"""What a page's examples tell the tests about a line."""
_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong. Its name is the file, the setting, the suppression and the anchor."""

    name: str
    severity: Severity
    """The most that a finding of it weighs."""
    page: str
    """Markdown: what is wrong, why it matters, an example, the text after the fix."""
    speak: Run

    @property
    def readable(self) -> str:
        """The page for people: marks for the tests are plain comments, and it says which text is the mended one."""
        text = _MARK.sub(lambda found: f"  # {found['message']}" if found["message"] else "", self.page)
        return text.replace("```python fixed", "After the fix:\n\n```python")

    def run(self, analysis: Analysis) -> list[Finding]:
        """The findings of this rule, one for a span; a rule that raises is logged and says nothing."""
        found: dict[object, Finding] = {}
        try:
            for finding in self.speak(analysis):
                key = (finding.source.path, finding.span)
                if key not in found or _WEIGHT[finding.severity] < _WEIGHT[found[key].severity]:
                    found[key] = replace(finding, rule=self.name)
        except Exception:
            report(__name__, "rule %s failed on %s", self.name, analysis.source.path)
        return list(found.values())


def rule(*, severity: Severity) -> Callable[[Run], Rule]:
    """Make a rule of a function; the page is the docstring of its file."""

    def made(speak: Run) -> Rule:
        page = (sys.modules[speak.__module__].__doc__ or "").strip()
        return Rule(speak.__name__.replace("_", "-"), severity, page, speak)

    return made


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by name. A rule is found because its file is there."""
    return tuple(one_by_one())


def one_by_one() -> Iterator[Rule]:
    """Every rule, each loaded when it is asked for."""
    ours = (name for folder in __path__ for name in os.listdir(folder))
    for name in sorted(name[:-3] for name in ours if name.endswith(".py") and not name.startswith("_")):
        yield getattr(importlib.import_module(f"{__name__}.{name}"), name)
