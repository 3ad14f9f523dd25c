"""The entry: from a file's text to all that is known of it."""

from __future__ import annotations

import sys
from typing import Protocol

from samedevice.interpret import contract, natives, registration, statements
from samedevice.interpret.analysis import Analysis
from samedevice.interpret.budget import PROGRAM_STEPS, STEPS, STEPS_PER_LINE, Budget, Exhausted
from samedevice.interpret.context import Frame, Run
from samedevice.interpret.heap import Scope
from samedevice.syntax.parse import parse
from samedevice.syntax.source import SourceFile
from samedevice.values.value import Const

_RECURSION = 6_000


class Options(Protocol):
    """What of the settings the interpreter reads."""

    @property
    def machine(self) -> str: ...
    @property
    def devices(self) -> int: ...
    @property
    def max_seconds(self) -> float: ...


def analyse(source: SourceFile, settings: Options) -> Analysis:
    """Runs a file on abstract values; never raises, and ends within the budget."""
    parsed = parse(source)
    analysis = Analysis(source, parsed.tree)
    if "torch" not in source.text:
        return analysis
    natives.load()
    run = Run(analysis, Budget(PROGRAM_STEPS, 0.6 * settings.max_seconds), settings.machine, settings.devices)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        _run(run)
    except Exhausted:
        analysis.notes.append("the file is too large to follow everything: some functions were not analysed")
    except RecursionError:
        analysis.notes.append("the program is nested too deep to follow everything")
    finally:
        sys.setrecursionlimit(limit)
    return analysis


def _run(run: Run) -> None:
    analysis = run.analysis
    run.state.heap[0] = Scope({}, None)
    names = {"__name__": Const("__main__"), "__file__": Const(analysis.source.path), "__doc__": Const("")}
    top = run.new(Scope(dict(names), None, captured=True))
    run.frame = Frame(top.address, analysis.source)
    try:
        statements.block(run, analysis.tree.body)
    except Exhausted:
        if run.budget.expired():
            raise
        analysis.notes.append("the program's main part is too large to follow to its end")
    run.state.alive = True
    run.frame = Frame(top.address, analysis.source)
    registration.check(run)
    run.steps = 0
    run.budget.left = STEPS + STEPS_PER_LINE * len(analysis.source.lines)
    contract.run_uncalled(run)
