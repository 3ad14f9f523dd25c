"""No knowledge, and the reason."""

from __future__ import annotations

from enum import Enum

from samedevice.dataclass import dataclass


class Why(Enum):
    """Reasons for not knowing, as hover shows them."""

    NOT_MODELLED = "this kind of expression is not followed"
    NO_ROW = "this operation has no row in the table"
    NOT_FOUND = "the name was not found"
    NOT_RESOLVED = "the import was not followed"
    CALLER = "it depends on the caller"
    DISAGREE = "the branches disagree"
    TOO_DEEP = "the calls are nested too deep"
    BUDGET = "the file is too large to follow everything"
    DATA = "it depends on data"
    CLASH = "PyTorch refuses the operation that makes it"
    OUTSIDE = "it comes from a library that is not followed"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value or facet that is not known; `symbol` names it where two readings surely agree."""

    why: Why
    symbol: str = ""
    text: str = ""
    """The symbol as the user wrote it."""
