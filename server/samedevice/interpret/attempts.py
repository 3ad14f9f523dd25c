"""Work that may turn out to be too large: then it is taken back, and what comes after it is followed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from samedevice.interpret.budget import ELSEWHERE, WASTED, Exhausted
from samedevice.interpret.context import Run

T = TypeVar("T")


def attempt(run: Run, steps: int, work: Callable[[], T]) -> T | None:
    """What comes of work that may cost so many steps; None where it costs more: then it has changed nothing."""
    budget, left, kept = run.budget, run.left(), run.state
    around = run.frame, run.depth, run.modes, run.importing
    lists = list(run.guards), list(run.saved), dict(run.modules)
    run.budget, run.steps, run.state = budget.share(steps), 0, kept.fork()
    try:
        return work()
    except Exhausted:
        if run.budget.expired():
            raise
        run.state = kept
        run.frame, run.depth, run.modes, run.importing = around
        run.guards, run.saved, run.modules = lists
        return None
    finally:
        budget.left = left - (steps - run.left())
        run.budget, run.steps = budget, 0


def elsewhere(run: Run, work: Callable[[], T]) -> T | None:
    """What a function of another file gives; None where it is too large: that costs nothing of what is left."""
    if run.wasted is None:
        return work()
    before = run.left()
    made = attempt(run, min(int(before * ELSEWHERE), WASTED - run.wasted), work)
    if made is None:
        spent = before - run.left()
        run.wasted += spent
        run.budget.left += spent
    return made
