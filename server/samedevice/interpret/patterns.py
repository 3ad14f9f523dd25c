"""`match`: every case that may be taken is run."""

from __future__ import annotations

import ast
from collections.abc import Callable

from samedevice.interpret import assignment, expressions
from samedevice.interpret.context import Run
from samedevice.interpret.truth import Decision, decide, equal
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, Value


def run_match(run: Run, node: ast.Match, block: Callable[[list[ast.stmt]], None]) -> None:
    """Runs a match statement."""
    _cases(run, expressions.evaluate(run, node.subject), node.cases, block)


def _cases(run: Run, subject: Value, cases: list[ast.match_case], block: Callable[[list[ast.stmt]], None]) -> None:
    if not cases:
        return
    first = cases[0]
    decision = _matches(run, subject, first.pattern)
    if first.guard is not None and decision is not False:
        _bind(run, subject, first.pattern)
        decision = decide(run, expressions.evaluate(run, first.guard), first.guard)

    def taken() -> None:
        _bind(run, subject, first.pattern)
        block(first.body)

    if decision is True:
        taken()
    elif decision is False:
        _cases(run, subject, cases[1:], block)
    else:
        run.branch(decision[0], decision[1], taken, lambda: _cases(run, subject, cases[1:], block))


def _matches(run: Run, subject: Value, pattern: ast.pattern) -> Decision:
    text = "the pattern matches"
    match pattern:
        case ast.MatchAs(pattern=None):
            return True
        case ast.MatchAs(pattern=inner) if inner is not None:
            return _matches(run, subject, inner)
        case ast.MatchValue(value=value):
            return decide(run, equal(run, subject, expressions.evaluate(run, value)), text)
        case ast.MatchSingleton(value=constant):
            return decide(run, equal(run, subject, Const(constant)), text)
        case ast.MatchOr(patterns=patterns):
            decisions = [_matches(run, subject, inner) for inner in patterns]
            if True in decisions:
                return True
            open_ones = [decision for decision in decisions if decision is not False]
            return open_ones[0] if len(open_ones) == 1 else (run.opaque(text), True) if open_ones else False
    return run.opaque(text), True


def _bind(run: Run, subject: Value, pattern: ast.pattern) -> None:
    if isinstance(pattern, ast.MatchAs) and pattern.name:
        assignment.bind_name(run, pattern.name, subject)
        if pattern.pattern is None:
            return
    for inner in ast.walk(pattern):
        name = getattr(inner, "name", None) or getattr(inner, "rest", None)
        if isinstance(name, str) and inner is not pattern:
            assignment.bind_name(run, name, Unknown(Why.NOT_MODELLED))
