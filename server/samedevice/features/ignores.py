"""A suppression that suppresses nothing, or that is not understood.

A comment such as `# samedevice: ignore[device-mismatch]` silences that rule for the findings that start on its line, or
on the first line of its statement. When there is no such finding the comment only misleads: the bug was mended, the
line moved, or the name of the rule is wrong.

```python
import torch

x = torch.zeros(3)
y = x + x  # samedevice: ignore[device-mismatch]
```

```python fixed
import torch

x = torch.zeros(3)
y = x + x
```
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from samedevice.findings import Edit, Finding, Fix, Severity
from samedevice.rules import Rule
from samedevice.settings import Settings, suggestion
from samedevice.syntax.comments import Name, Reach, Suppression
from samedevice.syntax.source import SourceFile, Span

NAME = "unused-ignore"
RULE = Rule(NAME, Severity.INFORMATION, (__doc__ or "").strip(), lambda _: ())
"""Speaks after all others, from what they said; its page and name are those of a rule."""


class Ignores:
    """The suppressions of a file, and which of them were of use."""

    def __init__(self, source: SourceFile, found: tuple[Suppression, ...]) -> None:
        self.source = source
        self._found = found
        self._used: set[tuple[int, str]] = set()

    def silences(self, finding: Finding) -> bool:
        """Whether a finding is suppressed; remembers by what."""
        # A comment that ignores everything does not speak of itself.
        covering = [
            number
            for number, item in enumerate(self._found)
            if item.covers(finding.span.line, finding.rule) and (item.named or finding.rule != NAME)
        ]
        self._used.update((number, finding.rule) for number in covering)
        return bool(covering)

    def findings(self, settings: Settings, known: Collection[str], *, complete: bool) -> Iterator[Finding]:
        """What is wrong with the suppressions; of no use are they only where everything was `complete`ly looked at."""
        for number, item in enumerate(self._found):
            used = {rule for at, rule in self._used if at == number}
            yield from self._wrong_words(item, known)
            if complete and item.reach is not Reach.NOTHING:
                yield from self._unused(item, used, settings, known)

    def _wrong_words(self, item: Suppression, known: Collection[str]) -> Iterator[Finding]:
        """A suppression that says something else than it should."""
        if item.reach is Reach.NOTHING:
            text = self.source.text_at(item.span)
            if "ignore-file" in text:
                yield self._finding(item.span, "`ignore-file` counts only above the first statement of a file")
            else:
                yield self._finding(
                    item.span, f"`{text.lstrip('# ')}` is not understood: write `samedevice: ignore[rule]`"
                )
            return
        for name in item.names:
            if name.rule not in known:
                close = suggestion(name.rule, known)
                yield self._finding(name.span, f"there is no rule `{name.rule}`{close}", self._without(item, {name}))

    def _unused(
        self, item: Suppression, used: set[str], settings: Settings, known: Collection[str]
    ) -> Iterator[Finding]:
        """A suppression, or names in it, that no finding needed."""
        if not item.named:
            if not used and item.reach is Reach.STATEMENT and not (settings.select or settings.ignore):
                yield self._finding(item.span, "this suppresses nothing", self._without(item, set()))
            return
        idle = {name for name in item.names if name.rule not in used and name.rule in known}
        idle = {name for name in idle if settings.enabled(name.rule) and name.rule != NAME}
        if idle and len(idle) == len(item.names):
            yield self._finding(
                item.span, f"this suppresses nothing: no finding of {_words(idle)}", self._without(item, idle)
            )
        elif idle:
            for name in sorted(idle, key=lambda name: name.span):
                yield self._finding(
                    name.span, f"this suppresses nothing: no finding of `{name.rule}`", self._without(item, {name})
                )

    def _finding(self, span: Span, message: str, fix: Fix | None = None) -> Finding:
        """A finding of this rule."""
        fixes = () if fix is None else (fix,)
        return Finding(self.source, span, message, RULE.severity, NAME, fixes=fixes)

    def _without(self, item: Suppression, names: set[Name]) -> Fix:
        """Takes names, or all of a suppression, out of the text."""
        rest = [name.rule for name in item.names if name not in names]
        if rest:
            start = self.source.text_at(item.span).partition("[")[0]
            return Fix("Remove the unused name", (Edit(self.source, item.span, f"{start}[{', '.join(rest)}]"),))
        return Fix("Remove the unused comment", (Edit(self.source, self._whole(item.span), ""),))

    def _whole(self, span: Span) -> Span:
        """The comment with the space before it and the reason behind it; a line of its own goes entirely."""
        line = self.source.line(span.line)
        before, after = line[: span.column - 1], line[span.end_column - 1 :]
        if "#" in after:
            kept = after.index("#")
            return Span(span.line, span.column, span.line, span.end_column + kept)
        if before.strip() or span.line == len(self.source.lines):
            return Span(span.line, len(before.rstrip()) + 1, span.line, len(line) + 1)
        return Span(span.line, 1, span.line + 1, 1)


def _words(names: set[Name]) -> str:
    """The names in a sentence."""
    return ", ".join(f"`{name.rule}`" for name in sorted(names, key=lambda name: name.span))
