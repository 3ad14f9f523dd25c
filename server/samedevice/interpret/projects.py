"""Modules of the user's own project."""

from __future__ import annotations

from samedevice.interpret.context import Run
from samedevice.values.value import Value


def module(run: Run, name: str, level: int) -> Value | None:
    """The project's module of that name, run once; None where it was not followed."""
    return None


def member(run: Run, base: str, level: int, name: str) -> Value | None:
    """A name of a project's module."""
    return None


def star(run: Run, base: str, level: int) -> None:
    """Every public name of a project's module."""
