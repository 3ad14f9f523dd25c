"""Functions run on their own, each with what it looked at, so that it is run again only when that has changed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Hashable

from samedevice.dataclass import dataclass, field
from samedevice.interpret import budget
from samedevice.interpret.analysis import Records
from samedevice.interpret.budget import FUNCTION_STEPS, Exhausted
from samedevice.interpret.context import Before, Run, Surroundings
from samedevice.interpret.heap import TOP, Ground, Object, Scope
from samedevice.interpret.same import identical
from samedevice.syntax.nodes import revision
from samedevice.values.value import Ref, Value

_SETTLED, _LAST = 1 << 60, 1 << 61
"""Where the numbers of receivers begin, and those of all other parts: after those of the main part."""
_KEPT = 3
"""Results of one function that are kept: texts come back when a change is undone or a fix is tried."""
_GONE = 16
"""Functions whose results are kept though they are gone."""


@dataclass(slots=True)
class Part:
    """One function's run."""

    records: Records
    called: Collection[ast.AST]
    steps: int
    entered: list[tuple[ast.AST, int]]
    """The user's functions that were run, each with the revision of its text."""
    read: dict[int, Object]
    """What was looked at, as it was found."""
    names: dict[str, Value | None]
    """The names of the file's top level that were looked up, with what they meant."""
    answers: dict[tuple[str, Hashable], bool]
    on: tuple[Surroundings, Part | None]
    """What it is known to be true of: what the main part left, and the part with the receiver."""
    run: Run | None = None
    """Of a receiver: how its run ended, for its methods to go on from."""
    receiver: Ref | None = None
    made: dict[int, Object] = field(default_factory=dict)
    """Of a receiver: the objects that its methods find."""


class Parts:
    """The parts of one file, by what they ran."""

    def __init__(self) -> None:
        self._known: dict[Hashable, list[Part]] = {}
        self._used: Collection[Hashable] = ()

    def get(
        self,
        key: Hashable,
        main: Run,
        under: Part | None,
        before: Before,
        share: int,
        work: Callable[[Run], Ref | None],
    ) -> Part:
        """The part of a key: one that is still true, else run now."""
        budget.go_on()
        known = self._known[key] = self._known.pop(key, [])  # the last one used comes last
        for part in known:
            if share >= FUNCTION_STEPS and _holds(part, main, under, before):
                return part
        part = _ran(main, under, before, min(share, FUNCTION_STEPS), work)
        if share >= FUNCTION_STEPS:
            known.insert(0, part)
            del known[_KEPT:]
        return part

    def keep(self, keys: Collection[Hashable]) -> None:
        """Forgets the parts of functions that are gone, but for the last ones: they may come back."""
        self._used = keys
        while len(self._known) > len(keys) + _GONE:
            del self._known[next(iter(self._known))]

    def rest(self) -> None:
        """Forgets what only earlier texts need."""
        self._known = {key: self._known[key][:1] for key in self._used if key in self._known}


def _ran(main: Run, under: Part | None, before: Before, share: int, work: Callable[[Run], Ref | None]) -> Part:
    start = under.run if under is not None and under.run is not None else main
    number = _SETTLED if under is None else _LAST
    run = start.apart(number, main.budget.share(share), before, *_layers(main, under))
    counts = dict(run.entries)
    receiver: Ref | None = None
    try:
        receiver = work(run)
    except Exhausted:
        if run.budget.expired():
            raise
        run.note("some functions are too large to be followed to their end")
    except RecursionError:
        run.note("a function is nested too deep to be followed")
    ground = run.state.heap.ground
    read = {address: found for address, found in ground.read.items() if address != TOP}
    entered = [(node, revision(node)) for node, count in run.entries.items() if counts.get(node) != count]
    part = Part(
        run.records,
        run.called,
        share - run.left(),
        entered,
        read,
        {name: _top(main).get(name) for name in run.outer},
        run.answers,
        (main.surroundings, under),
    )
    if receiver is not None:
        part.run, part.receiver = run, receiver
        found = ground.read
        part.made = {at: thing for at, thing in run.state.heap.items() if at >= 0 and thing is not found.get(at)}
        run.finish()
    return part


def _top(main: Run) -> dict[str, Value]:
    scope = main.state.heap[TOP]
    assert isinstance(scope, Scope)
    return scope.names


def _holds(part: Part, main: Run, under: Part | None, before: Before) -> bool:
    """Whether a part would come out the same now."""
    if any(revision(node) != then for node, then in part.entered):
        return False
    if any((item in before.of(question)) is not answer for (question, item), answer in part.answers.items()):
        return False
    surroundings, receiver = part.on
    if surroundings is main.surroundings and receiver is under:
        return True
    if not _same_ground(part, main, under):
        return False
    part.on = (main.surroundings, under)
    return True


def _same_ground(part: Part, main: Run, under: Part | None) -> bool:
    """Whether another main part left behind all that a part looked at."""
    if not part.on[0].alike(main.surroundings, [node for node, _ in part.entered]):
        return False
    names = _top(main)
    if not all(identical(value, names.get(name)) for name, value in part.names.items()):
        return False
    ground = Ground(main.shelf.find, *_layers(main, under))
    return all(identical(found, ground.find(address)) for address, found in part.read.items())


def _layers(main: Run, under: Part | None) -> tuple[dict[int, Object], ...]:
    """What a part finds on the heap: what its receiver's run made, and below it what the main part left."""
    return (main.state.heap,) if under is None else (under.made, main.state.heap)
