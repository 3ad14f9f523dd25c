"""What is known after two ways through the program meet."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from samedevice.interpret.budget import CHOICES, MERGED
from samedevice.interpret.heap import (
    Cell,
    ClassObject,
    DictObject,
    Heap,
    Instance,
    ListObject,
    Object,
    Scope,
    State,
)
from samedevice.values.condition import Choice, Key, Path, chosen, restricted
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Kept,
    Many,
    Ref,
    Scalar,
    Shape,
    Tensor,
    Tuple,
    Value,
)

DISAGREE = Unknown(Why.DISAGREE)
F = TypeVar("F")


Merge = Callable[[Ref, Ref], Value]
"""What two containers or objects that a loop made have in common, where both heaps are at hand."""


def join_values(key: Key | None, yes: Value, no: Value, merge: Merge | None = None) -> Value:
    """`yes` under `key`, `no` otherwise; without a key (after loops) only what both have in common."""
    if yes is no or yes == no:
        return yes
    if key is None and merge is not None and isinstance(yes, Ref) and isinstance(no, Ref):
        return merge(yes, no)
    match yes, no:
        case Tensor(), Tensor():
            if key is not None and key.optional and yes.device != no.device:
                return Choice(key, yes, no)  # what stands in for an argument left out keeps its own rank
            return _tensors(key, yes, no)
        case Array(), Array():
            return Array(
                _facet(key, yes.dtype, no.dtype), _shapes(yes.shape, no.shape), yes.scalar and no.scalar, yes.dtype_from
            )
        case Tuple(), Tuple() if len(yes.items) == len(no.items) and yes.type == no.type:
            items = tuple(join_values(key, one, other, merge) for one, other in zip(yes.items, no.items, strict=True))
            return Tuple(items, yes.fields, yes.type)
        case Many(), Many():
            return Many(join_values(key, yes.item, no.item, merge), yes.type)
        case DeviceValue(), DeviceValue():
            return DeviceValue(_facet(key, yes.device, no.device), yes.origin)
        case DTypeValue(), DTypeValue():
            return DTypeValue(_facet(key, yes.dtype, no.dtype), yes.numpy)
        case Unknown(), Unknown():
            return DISAGREE
    if key is None:
        return _common(yes, no)
    return _choice(key, yes, no)


def _common(yes: Value, no: Value) -> Value:
    kinds = {_python_type(yes), _python_type(no)}
    if len(kinds) == 1 and None not in kinds:
        return Scalar(str(kinds.pop()))
    if kinds == {"int", "float"}:
        return Scalar("float")
    if isinstance(yes, Tuple | Many) and isinstance(no, Tuple | Many):
        items = [*_items(yes), *_items(no)]
        if items:
            joined = items[0]
            for item in items[1:]:
                joined = join_values(None, joined, item)
            return Many(joined)
    for one, other in ((yes, no), (no, yes)):
        if one == Const(None) and not isinstance(other, Unknown | Choice):
            return Choice(Key(f"none:{hash(other)}", "it is set", False), other, one)
        if isinstance(one, Choice) and other in (one.yes, one.no):
            return one
    return DISAGREE


def _items(value: Tuple | Many) -> tuple[Value, ...]:
    return value.items if isinstance(value, Tuple) else (value.item,)


def _python_type(value: Value) -> str | None:
    match value:
        case Const(value=inner) if inner is not None and isinstance(inner, bool | int | float | str):
            return type(inner).__name__
        case Scalar():
            return value.type
    return None


def _choice(key: Key, yes: Value, no: Value) -> Value:
    if isinstance(yes, Choice):
        yes = restricted(yes, ((key, True),))
    if isinstance(no, Choice):
        no = restricted(no, ((key, False),))
    if _depth(yes) + _depth(no) >= CHOICES:
        return _common(yes, no) if not isinstance(yes, Choice) and not isinstance(no, Choice) else DISAGREE
    return chosen(key, yes, no)


def _depth(value: object) -> int:
    return 1 + _depth(value.yes) + _depth(value.no) if isinstance(value, Choice) else 0


def _facet(key: Key | None, yes: F, no: F) -> F:
    """A device or dtype after two ways meet; both have Unknown among their kinds."""
    if yes == no:
        return yes
    if (isinstance(yes, Unknown) or isinstance(no, Unknown)) and (key is None or not key.named):
        return yes if isinstance(yes, Unknown) else no
    disagree: Any = DISAGREE
    if key is None:
        return disagree  # type: ignore[no-any-return]  # Unknown is an F, see above
    yes, no = restricted(yes, ((key, True),)), restricted(no, ((key, False),))
    if _depth(yes) + _depth(no) >= CHOICES:
        return disagree  # type: ignore[no-any-return]  # as above
    return chosen(key, yes, no)


def _tensors(key: Key | None, yes: Tensor, no: Tensor) -> Tensor:
    device, dtype = _facet(key, yes.device, no.device), _facet(key, yes.dtype, no.dtype)
    if isinstance(device, Choice):
        device = Choice(device.key, device.yes, device.no, (yes.device_from, no.device_from))
    return Tensor(
        device,
        dtype,
        _shapes(yes.shape, no.shape),
        yes.requires_grad if yes.requires_grad == no.requires_grad else None,
        yes.leaf if yes.leaf == no.leaf else None,
        yes.parameter and no.parameter,
        yes.cell if yes.cell == no.cell else None,
        yes.pinned and no.pinned,
        yes.data if yes.data == no.data else None,
        no.device_from if device == no.device else yes.device_from,
        no.dtype_from if dtype == no.dtype else yes.dtype_from,
        yes.slot if yes.slot == no.slot else None,
    )


def _shapes(yes: Shape | None, no: Shape | None) -> Shape | None:
    if yes is None or no is None or len(yes) != len(no):
        return None
    return tuple(one if one == other else None for one, other in zip(yes, no, strict=True))


def join_states(path: Path, key: Key | None, yes: State, no: State) -> State:
    """The state after a branch that began under `path`; a side that ended (return, raise) does not count."""
    if not yes.alive or not no.alive:
        return yes if yes.alive else no
    joined = State(yes.heap, path)
    joined.written = yes.written | no.written
    Joining(key, joined, no.heap).run()
    return joined


class Joining:
    """The join of two heaps, into the first."""

    def __init__(self, key: Key | None, joined: State, other: Heap) -> None:
        self.key = key
        self.joined = joined
        self.heap, self.other = joined.heap, other
        self.before: dict[int, Object] = {}
        """What was joined already, as the first side had it."""
        self.merged: dict[tuple[int, int], None] = {}
        """Objects that a loop made anew in each round, by their addresses: the first stands for both."""

    def run(self) -> None:
        """Joins what either side wrote."""
        for address in self.joined.written:
            one, two = self.heap.find(address), self.other.find(address)
            if one is two or two is None:
                continue
            if one is not None:
                self.before[address] = one
            self.heap[address] = two if one is None else self._objects(one, two)
        self.key = None
        done = 0
        while done < len(self.merged):
            for first, second in list(self.merged)[done:]:
                done += 1
                one, two = self._yes(first), self._no(second)
                if one is not None and two is not None:
                    self.heap[first] = self._objects(one, two)
                    self.joined.written.add(first)

    # What the one side calls by an address may have gone on changing on the other side.

    def _yes(self, address: int) -> Object | None:
        return self.before.get(address) or self.heap.find(address) or self.other.find(address)

    def _no(self, address: int) -> Object | None:
        return self.other.find(address) or self.heap.find(address)

    def merge(self, yes: Ref, no: Ref) -> Value:
        """One object that stands for two, where they are of a kind."""
        one, two = self._yes(yes.address), self._no(no.address)
        if not _of_a_kind(one, two) or len(self.merged) >= MERGED:
            return DISAGREE
        self.merged.setdefault((yes.address, no.address))
        return yes

    def _values(self, yes: Value, no: Value) -> Value:
        return join_values(self.key, yes, no, self.merge)

    def _objects(self, one: Object, two: Object) -> Object:
        match one, two:
            case Scope(), Scope():
                return Scope(self._names(one.names, two.names), one.parent, one.captured or two.captured)
            case ListObject(), ListObject():
                return self._lists(one, two)
            case DictObject(), DictObject():
                return self._dicts(one, two)
            case Instance(), Instance():
                return self._instances(one, two)
            case Cell(), Cell():
                joined = join_values(self.key, one.tensor, two.tensor)
                return Cell(joined) if isinstance(joined, Tensor) else one
            case ClassObject(), ClassObject():
                merged = one.copy()
                merged.attributes = self._names(one.attributes, two.attributes)
                return merged
        return one

    def _names(self, one: dict[str, Value], two: dict[str, Value]) -> dict[str, Value]:
        """A name bound on one side only is taken as bound: a program that runs does not read it otherwise."""
        joined = dict(two)
        for name, value in one.items():
            other = two.get(name)
            joined[name] = value if other is None else self._values(value, other)
        return joined

    def _instances(self, one: Instance, two: Instance) -> Instance:
        joined = one.copy()
        joined.attributes = self._names(one.attributes, two.attributes)
        joined.kept = {**two.kept, **one.kept}
        for name, kept in two.kept.items():
            if joined.kept[name] is Kept.PLAIN:
                joined.kept[name] = kept  # None on one side, a layer on the other
        joined.places = {**two.places, **one.places}
        joined.open = one.open or two.open
        joined.more = one.more or two.more or any(name.isdigit() for name in one.kept.keys() ^ two.kept.keys())
        joined.maybe = one.maybe | two.maybe | (one.attributes.keys() ^ two.attributes.keys())
        joined.moved = one.moved or two.moved
        joined.training = one.training if one.training == two.training else None
        return joined

    def _lists(self, one: ListObject, two: ListObject) -> ListObject:
        if one.items is not None and two.items is not None and len(one.items) == len(two.items):
            items = [self._values(a, b) for a, b in zip(one.items, two.items, strict=True)]
            return ListObject(items, None, one.type)
        values: list[Value] = []
        for found in (one, two):
            values += found.items if found.items is not None else [found.each] if found.each is not None else []
        return ListObject(None, common(values, self.merge), one.type)

    def _dicts(self, one: DictObject, two: DictObject) -> DictObject:
        items: dict[Hashable, tuple[Value, Value]] = dict(two.items)
        for name, (label, value) in one.items.items():
            other = two.items.get(name)
            items[name] = (label, value if other is None else self._values(value, other[1]))
        rest = one.rest if two.rest is None else two.rest if one.rest is None else self._values(one.rest, two.rest)
        maybe = one.maybe | two.maybe | (one.items.keys() ^ two.items.keys())
        return DictObject(items, rest, one.default, one.type, maybe)


def _of_a_kind(one: Object | None, two: Object | None) -> bool:
    """Whether one object may stand for two: containers, and plain instances of one class."""
    match one, two:
        case ListObject(), ListObject():
            return one.type == two.type
        case DictObject(), DictObject():
            return one.type == two.type
        case Instance(), Instance():
            return one.cls == two.cls and not one.kept and not two.kept
    return False


def common(values: list[Value], merge: Merge | None = None) -> Value | None:
    """What all values have in common; None for no values."""
    if not values:
        return None
    joined = values[0]
    for value in values[1:]:
        joined = join_values(None, joined, value, merge)
    return joined
