"""Whether two things are the same in every respect, where `==` leaves out what is only told to the user."""

from __future__ import annotations

import ast
from functools import cache
from typing import Any

from samedevice.dataclass import field_names
from samedevice.syntax.source import SourceFile


def identical(one: Any, other: Any) -> bool:
    """Whether two values or objects of two runs can't be told apart."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other) or issubclass(kind, ast.AST | SourceFile):
        return False
    if kind is dict:
        return list(one) == list(other) and all(identical(value, other[key]) for key, value in one.items())
    if kind is list or kind is tuple:
        return len(one) == len(other) and all(map(identical, one, other))
    names = _fields(kind)  # type: ignore[arg-type]  # classes are hashable
    if names:
        return all(identical(getattr(one, name), getattr(other, name)) for name in names)
    return bool(one == other)


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a record or heap object, without the mark of whose it is."""
    return tuple(name for name in field_names(kind) if name != "token")
