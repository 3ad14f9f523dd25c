"""The entry: from a file's text to all that is known of it."""

from __future__ import annotations

import ast
import sys
from typing import Protocol

from samedevice.interpret import contract, natives, prelude, registration, statements
from samedevice.interpret.analysis import Analysis
from samedevice.interpret.budget import PROGRAM_STEPS, STEPS, STEPS_PER_LINE, Budget, Exhausted
from samedevice.interpret.context import Frame, Run, Shelf
from samedevice.interpret.heap import TOP, Scope
from samedevice.interpret.parts import Parts
from samedevice.ops.versions import parsed
from samedevice.syntax.living import Living
from samedevice.syntax.nodes import revision
from samedevice.syntax.source import SourceFile
from samedevice.values.value import Const

_RECURSION = 6_000
_KEPT = 2
"""Runs of the main part that are kept: of the text, and of one with a fix that is tried."""


class Options(Protocol):
    """What of the settings the interpreter reads."""

    @property
    def machine(self) -> str: ...
    @property
    def devices(self) -> int: ...
    @property
    def torch_version(self) -> str | None: ...
    @property
    def max_seconds(self) -> float: ...


def analyse(source: SourceFile, settings: Options, memory: Memory | None = None) -> Analysis:
    """Runs a file on abstract values; never raises, and ends within the budget.

    With a memory of the file, what an edit does not touch is not done again; all that was said of earlier texts ends.
    """
    return (memory or Memory(source)).analyse(source.text, settings)


class Main:
    """A run of a file's main part, and what it was a run of."""

    def __init__(self, run: Run, statements: list[ast.stmt]) -> None:
        self.run = run
        self.statements = statements
        self.entered = [(node, revision(node)) for node in run.entries]
        self.plan = contract.plan(run)

    def holds(self, statements: list[ast.stmt]) -> bool:
        """Whether the same statements would do the same now."""
        return self.statements == statements and all(revision(node) == then for node, then in self.entered)


class Memory:
    """What is kept of a file while it is edited, so that only what a change touches is done again."""

    def __init__(self, source: SourceFile) -> None:
        self._living = Living(source)
        self._parts = Parts()
        self._mains: list[Main] = []
        self._shelf: Shelf | None = None

    def analyse(self, text: str, settings: Options) -> Analysis:
        """All that is known of a text of the file. What was known of earlier texts may no longer be used."""
        living = self._living
        living.become(text)
        source = living.source
        if "torch" not in text:
            return Analysis(source, living.tree)
        natives.load()
        shelf = prelude.shelf(settings.machine, settings.devices, parsed(settings.torch_version))
        if self._shelf is not shelf:
            self._shelf, self._parts, self._mains = shelf, Parts(), []
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _RECURSION))
        notes: dict[str, None] = {}
        analysis = Analysis(source, living.tree, torch=settings.torch_version)
        budget = Budget(PROGRAM_STEPS, 0.6 * settings.max_seconds)
        try:
            main = self._main(analysis, budget, shelf)
            budget.left = STEPS + STEPS_PER_LINE * len(source.lines)
            contract.run_uncalled(main.run, main.plan, self._parts, living.called_names(), budget, analysis.parts)
        except Exhausted:
            notes["the file is too large to follow everything: some functions were not analysed"] = None
        except RecursionError:
            notes["the program is nested too deep to follow everything"] = None
        finally:
            sys.setrecursionlimit(limit)
        for records in (analysis.main, *analysis.parts):
            notes |= records.notes
        analysis.notes += notes
        return analysis

    def rest(self) -> None:
        """Forgets what only earlier texts need: nobody types."""
        self._living.rest()
        self._parts.rest()
        del self._mains[1:]

    def _main(self, analysis: Analysis, budget: Budget, shelf: Shelf) -> Main:
        """The run of the main part: the last one where nothing that it ran has changed."""
        for known in self._mains:
            if known.holds(analysis.tree.body):
                analysis.main = known.run.records
                known.run.budget = budget
                return known
        run = Run(analysis.source, budget, shelf)
        analysis.main = run.records
        _run(run, analysis.tree.body, self._living.order)
        main = Main(run, analysis.tree.body)
        self._mains.insert(0, main)
        del self._mains[_KEPT:]
        return main


def _run(run: Run, body: list[ast.stmt], order: dict[ast.stmt, int]) -> None:
    """Runs the main part, each statement with numbers of its own."""
    names = {"__name__": Const("__main__"), "__file__": Const(run.source.path), "__doc__": Const("")}
    run.state.heap[0] = Scope({}, None)
    top = run.new(Scope(dict(names), None, captured=True))
    assert top.address == TOP
    run.frame = Frame(TOP, run.source)
    try:
        for statement in body:
            run.number(order[statement])
            statements.block(run, [statement])
    except Exhausted:
        if run.budget.expired():
            raise
        run.note("the program's main part is too large to follow to its end")
    run.state.alive = True
    run.frame = Frame(TOP, run.source)
    registration.check(run)
