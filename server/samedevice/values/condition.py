"""Conditions that could not be decided, and what depends on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from samedevice.dataclass import dataclass, field

T = TypeVar("T")

Path = tuple[tuple["Key", bool], ...]
"""The undecided conditions that were taken on the way to a place, outermost first."""


@dataclass(frozen=True, slots=True)
class Key:
    """A condition that could not be decided; equal keys always agree."""

    id: str
    text: str
    """How the user wrote it."""
    named: bool
    """Whether it is a flag that other places may test again (`args.cuda`), or a one-off test."""
    optional: bool = False
    """Whether callers surely take both sides: a parameter that may be left out, or be of two types."""


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """`yes` where `key` holds, `no` where it does not. Used for whole values and for their facets."""

    key: Key
    yes: T
    no: T
    origins: tuple[object, object] | None = field(default=None, compare=False)
    """For a facet of a tensor: the origins of both sides."""


def origin_under(facet: object, path: Path) -> object:
    """The origin of the side that `path` decides; None where it decides none."""
    found: object = None
    while isinstance(facet, Choice):
        side = next((taken for key, taken in path if key.id == facet.key.id), None)
        if side is None:
            return found
        if facet.origins is not None:
            found = facet.origins[0 if side else 1]
        facet = facet.yes if side else facet.no
    return found


def restricted(facet: T, path: Path) -> T:
    """`facet` under the conditions of `path`."""
    found: Any = facet
    while isinstance(found, Choice):
        wanted = found.key.id
        for key, taken in path:
            if key.id == wanted:
                found = found.yes if taken else found.no
                break
        else:
            yes = restricted(found.yes, (*path, (found.key, True)))
            no = restricted(found.no, (*path, (found.key, False)))
            found = chosen(found.key, yes, no)
            break
    return found  # type: ignore[no-any-return]  # a Choice of facets is a facet


def chosen(key: Key, yes: T, no: T) -> T:
    """The facet that is `yes` under `key` and `no` otherwise; plain when both agree."""
    if yes is no or yes == no:
        return yes
    return Choice(key, yes, no)  # type: ignore[return-value]  # a facet may always be a Choice of itself


def cases(facet: T, path: Path = ()) -> list[tuple[Path, T]]:
    """Every plain facet inside `facet`, each with the further conditions that lead to it."""
    if not isinstance(facet, Choice):
        return [((), facet)]
    found: list[tuple[Path, T]] = []
    for taken in (True, False):
        step = ((facet.key, taken),)
        inner = restricted(facet, (*path, *step))
        found += [(step + rest, plain) for rest, plain in cases(inner, (*path, *step))]
    return found


def mapped(facet: T, function: Callable[[T], T]) -> T:
    """`function` applied to every plain facet."""
    if isinstance(facet, Choice):
        found: T = chosen(facet.key, mapped(facet.yes, function), mapped(facet.no, function))
        return found
    return function(facet)
