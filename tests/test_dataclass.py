"""Our `dataclass` does what the standard library's does."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from samedevice import dataclass as ours


def classes(made_by: Any) -> dict[str, Any]:
    """The same classes by one of the two makers."""

    @made_by.dataclass(frozen=True, slots=True)
    class Point:
        x: int
        y: float = 1.5
        KIND: ClassVar[str] = "point"

    @made_by.dataclass(frozen=True, slots=True)
    class Named(Point):
        name: str = "p"
        told: list[int] = made_by.field(default_factory=list, compare=False)
        y: float = 2.5

    @made_by.dataclass
    class Open:
        items: list[int] = made_by.field(default_factory=list)
        label: str = made_by.field(default="a", repr=False)
        count: int = made_by.field(init=False, default=3)

        def __post_init__(self) -> None:
            self.items = [*self.items, len(self.items)]

    @made_by.dataclass(frozen=True, slots=True, order=True)
    class Place:
        line: int
        column: int = 1

    @made_by.dataclass(slots=True, eq=False)
    class Thing:
        name: str

    @made_by.dataclass(frozen=True, slots=True)
    class Odd:
        name: str
        rest: dict[str, int] = made_by.field(default_factory=dict, hash=False)

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Odd) and self.name.lower() == other.name.lower()

    @made_by.dataclass(frozen=True, slots=True)
    class Empty:
        pass

    return locals()


SHOWN: dict[str, Callable[[dict[str, Any], Any], Any]] = {
    "positions and names": lambda c, m: [repr(c["Point"](1)), repr(c["Point"](1, y=2.0)), repr(c["Empty"]())],
    "inherited fields": lambda c, m: [repr(c["Named"](1)), c["Named"](1) == c["Point"](1), c["Named"].KIND],
    "a class variable is no field": lambda c, m: c["Point"].__match_args__,
    "equal": lambda c, m: [c["Point"](1) == c["Point"](1), c["Point"](1) == c["Point"](2), c["Point"](1) == 1],
    "not compared": lambda c, m: c["Named"](1, told=[1]) == c["Named"](1, told=[2]),
    "hash": lambda c, m: [hash(c["Point"](1)) == hash((1, 1.5)), hash(c["Empty"]()) == hash(())],
    "what may change has no hash": lambda c, m: c["Open"].__hash__,
    "only the same is equal": lambda c, m: [c["Thing"]("a") == c["Thing"]("a"), hash(c["Thing"]("a")) is not None],
    "an own comparison": lambda c, m: [c["Odd"]("A") == c["Odd"]("a"), hash(c["Odd"]("a", {"x": 1})) == hash(("a",))],
    "order": lambda c, m: [c["Place"](1) < c["Place"](1, 2), sorted([c["Place"](2), c["Place"](1)])[0].line],
    "factories": lambda c, m: [repr(c["Open"]()), repr(c["Open"]([5])), c["Open"]().items is c["Open"]().items],
    "a default is the class's": lambda c, m: [c["Open"].label, c["Open"].count],
    "replace": lambda c, m: [repr(m.replace(c["Named"](1), x=7)), m.replace(c["Place"](1), column=4).column],
    "as a dict": lambda c, m: m.asdict(c["Named"](1, told=[(c["Place"](2),), {"a": c["Place"](3)}])),
    "slots": lambda c, m: [hasattr(c["Point"](1), "__dict__"), hasattr(c["Open"](), "__dict__")],
    "copied": lambda c, m: repr(copy.deepcopy(c["Named"](1, told=[1]))),
    "the fields are those of the object": lambda c, m: [c["Named"](4).x, c["Named"](4).y, c["Open"](label="b").label],
}


@pytest.mark.parametrize("what", SHOWN)
def test_the_same_as_the_standard_library(what: str) -> None:
    show = SHOWN[what]
    assert _plain(show(classes(ours), ours)) == _plain(show(classes(dataclasses), dataclasses))


def _plain(value: object) -> str:
    return str(value).replace("test_the_same", "")


@pytest.mark.parametrize("arguments", [(), (1, 2.0, 3), {"z": 1}], ids=["too few", "too many", "an unknown name"])
def test_wrong_arguments_are_refused(arguments: Any) -> None:
    kind = classes(ours)["Point"]
    for _ in range(2):  # the first object makes the real `__init__`
        with pytest.raises(TypeError):
            kind(**arguments) if isinstance(arguments, dict) else kind(*arguments)


@ours.dataclass(frozen=True, slots=True)
class Sent:
    name: str
    inner: tuple[Sent, ...] = ()


def test_between_processes() -> None:
    sent = Sent("a", (Sent("b"),))
    assert pickle.loads(pickle.dumps(sent, protocol=5)) == sent


def test_the_names_of_fields() -> None:
    assert ours.field_names(Sent) == ("name", "inner")
    assert ours.field_names(int) == ()
