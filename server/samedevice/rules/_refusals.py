"""Findings of refused operations: what most rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from samedevice.findings import Finding, Fix
from samedevice.interpret.analysis import Analysis, Operand, Refused
from samedevice.rules import _words as words
from samedevice.rules._casts import odd_dtype
from samedevice.rules._provenance import refusals, stray

Fixes = Callable[[Analysis, Refused], Sequence[Fix]]


def device_findings(analysis: Analysis, rule: str, fixes: Fixes) -> Iterator[Finding]:
    """Two operands and their devices."""
    for fact in refusals(analysis, rule):
        sides = stray(fact)
        said = _pair(fact, sides, words.device, "is on") if sides else _one(fact, words.device, "is on")
        yield finding(analysis, fact, said, fixes)


def dtype_findings(analysis: Analysis, rule: str, fixes: Fixes) -> Iterator[Finding]:
    """Two operands and their dtypes, or one."""
    for fact in refusals(analysis, rule):
        sides = odd_dtype(fact)
        said = _pair(fact, sides, words.dtype, "is") if sides else _one(fact, words.dtype, "is")
        yield finding(analysis, fact, said, fixes)


def one_findings(
    analysis: Analysis, rule: str, fixes: Fixes, *, about: str, of: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """The operand that is refused, the first or one of those parameters, with its device or dtype."""
    for fact in refusals(analysis, rule):
        said = _one(fact, words.device, "is on", of) if about == "device" else _one(fact, words.dtype, "is", of)
        yield finding(analysis, fact, said, fixes)


def finding(analysis: Analysis, fact: Refused, said: str, fixes: Fixes) -> Finding:
    """A finding at the refused call: what is the case, and what PyTorch does then."""
    severity = words.severity(fact)
    here = fact.source is analysis.source
    return Finding(
        fact.source,
        fact.source.span(fact.node),
        f"{said}: {words.consequence(fact)}" if said else words.consequence(fact),
        severity,
        machine=fact.machine,
        related=words.related(fact),
        fixes=fixes(analysis, fact) if here else (),
    )


def no_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """For what only the author can mend."""
    del analysis, fact
    return ()


Say = Callable[[Operand, Refused], str]


def _pair(fact: Refused, sides: tuple[Operand, Operand], say: Say, verb: str) -> str:
    first, second = (words.name(side, fact) for side in sides)
    second = "another" if first == second == words.UNNAMED else second
    return f"{first} {verb} {say(sides[0], fact)}, {second} {verb} {say(sides[1], fact)}"


def _one(fact: Refused, say: Say, verb: str, of: tuple[str, ...] = ()) -> str:
    first = fact.operands[0] if fact.operands else None
    operand = next((one for one in fact.operands if one.name in of), first)
    return f"{words.name(operand, fact)} {verb} {say(operand, fact)}" if operand else ""
