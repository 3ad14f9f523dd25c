"""Candidates for fixes: built lazily, without those whose text has no fit shape, each only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from samedevice.findings import Edit, Fix, Offers
from samedevice.rules._edits import Uneditable

_MOST = 10
"""Each candidate is checked by running the file again, so only so many are worth trying."""


def offer(title: str, build: Callable[..., tuple[Edit, ...]], *arguments: object) -> Iterator[Fix]:
    """A fix, unless its text does not have the shape that the edit needs."""
    try:
        edits = build(*arguments)
    except Uneditable:
        return
    if edits:
        yield Fix(title, edits)


def together(*builds: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Several edits as those of one fix."""
    return tuple(edit for build in builds for edit in build)


def offered(candidates: Iterable[Fix]) -> Sequence[Fix]:
    """The first few different fixes, made up when they are asked for."""

    def different() -> Iterator[Fix]:
        seen: set[tuple[Edit, ...]] = set()
        for fix in candidates:
            if fix.edits not in seen:
                seen.add(fix.edits)
                yield fix

    return Offers(islice(different(), _MOST))
