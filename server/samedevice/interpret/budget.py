"""Every limit of the interpreter, in one place."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

PROGRAM_STEPS = 150_000
"""Statements and expressions that a file's main part may cost, ..."""
STEPS = 15_000
"""... its functions that nobody calls, all together, plus ..."""
STEPS_PER_LINE = 15
FUNCTION_STEPS = 2_000
"""... and one of these."""
ELSEWHERE = 0.7
"""The part of what is left that one call of another file's function may cost, ..."""
WASTED = 2_000
"""... and what calls may cost besides that turn out to cost more."""
DEPTH = 28
"""Calls inside calls."""
RECURSION = 3
"""Calls of one function inside itself."""
ENTRIES = 100
"""Runs of one function of the user's, whoever calls it."""
FRESH_ENTRIES = 3
"""Runs that a function gets anew for each function that nobody calls."""
UNROLL = 12
"""Items of a sequence that a loop visits one by one."""
UNROLL_PARTS = 200
"""Layers and parameters of a network that a loop visits one by one, where every single one counts."""
DECORATOR_STEPS = 4_000
"""Steps of all runs of one decorator, after which it is not run again."""
LONG_ROUND = 250
"""Steps of one round of a loop, after which a function that is run on promises does not go round again."""
PASSES = 3
"""Runs of a loop body before what still changes is forgotten."""
MERGED = 64
"""Objects that stand for several after a loop."""
CHOICES = 4
"""Undecided conditions that one value may depend on."""
ITEMS = 200
"""Length of a container whose items are kept apart."""
NESTED = 2_000
"""Values inside one tuple, at any depth."""
TEXT = 2_000
"""Length of a string that is computed."""


CHUNK = 250
"""Steps between two looks at the clock."""


class Exhausted(Exception):
    """The budget is spent; what was found so far stays."""


class Overtaken(BaseException):
    """Nobody wants the result any more. No `Exception`: nothing on the way out may take it for an accident."""


_overtaken: list[Callable[[], bool]] = []


def stop_when(overtaken: Callable[[], bool]) -> None:
    """From now on an analysis ends with `Overtaken` when this says so; it is asked together with the clock."""
    _overtaken[:] = [overtaken]


def go_on() -> None:
    """Ends an analysis that nobody waits for."""
    if any(overtaken() for overtaken in _overtaken):
        raise Overtaken


class Budget:
    """Counts steps against a limit, and looks at the clock now and then."""

    def __init__(self, steps: int, seconds: float) -> None:
        self.left = steps
        self.deadline = time.monotonic() + seconds

    def share(self, steps: int) -> Budget:
        """One of its own for a part of the work, due at the same time."""
        found = Budget(steps, 0)
        found.deadline = self.deadline
        return found

    @classmethod
    def unlimited(cls) -> Budget:
        """One that is never spent."""
        return cls(1 << 60, math.inf)

    def take(self) -> int:
        """The next few steps; raises when there are none, or no time."""
        if self.deadline < math.inf:
            go_on()
        if self.left <= 0 or self.expired():
            raise Exhausted
        taken = min(CHUNK, self.left)
        self.left -= taken
        return taken

    def expired(self) -> bool:
        """Whether the time, not only the steps of one function, is over."""
        return time.monotonic() > self.deadline
