"""What is known after two ways through the program meet."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from samedevice.interpret.budget import CHOICES
from samedevice.interpret.heap import (
    Cell,
    ClassObject,
    DictObject,
    FunctionObject,
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


def join_values(key: Key | None, yes: Value, no: Value) -> Value:
    """`yes` under `key`, `no` otherwise; without a key (after loops) only what both have in common."""
    if yes is no or yes == no:
        return yes
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
            items = tuple(join_values(key, one, other) for one, other in zip(yes.items, no.items, strict=True))
            return Tuple(items, yes.fields, yes.type)
        case Many(), Many():
            return Many(join_values(key, yes.item, no.item), yes.type)
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
    heap, other = yes.heap, no.heap
    for address in yes.written | no.written:
        one, two = heap.find(address), other.find(address)
        if one is two or two is None:
            continue
        heap[address] = two if one is None else _objects(key, one, two, lambda at: heap.find(at) or other.find(at))
    return joined


Lookup = Callable[[int], Object | None]


def _objects(key: Key | None, one: Object, two: Object, lookup: Lookup) -> Object:
    match one, two:
        case Scope(), Scope():
            return Scope(_names(key, one.names, two.names), one.parent, one.captured or two.captured)
        case ListObject(), ListObject():
            return _lists(key, one, two, lookup)
        case DictObject(), DictObject():
            return _dicts(key, one, two)
        case Instance(), Instance():
            return _instances(key, one, two)
        case Cell(), Cell():
            joined = join_values(key, one.tensor, two.tensor)
            return Cell(joined) if isinstance(joined, Tensor) else one
        case ClassObject(), ClassObject():
            merged = one.copy()
            merged.attributes = _names(key, one.attributes, two.attributes)
            return merged
        case FunctionObject(), FunctionObject():
            return one
    return one


def _names(key: Key | None, one: dict[str, Value], two: dict[str, Value]) -> dict[str, Value]:
    """A name bound on one side only is taken as bound: a program that runs does not read it otherwise."""
    joined = dict(two)
    for name, value in one.items():
        other = two.get(name)
        joined[name] = value if other is None else join_values(key, value, other)
    return joined


def _instances(key: Key | None, one: Instance, two: Instance) -> Instance:
    joined = one.copy()
    joined.attributes = _names(key, one.attributes, two.attributes)
    joined.kept = {**two.kept, **one.kept}
    for name, kept in two.kept.items():
        if joined.kept[name] is Kept.PLAIN:
            joined.kept[name] = kept  # None on one side, a layer on the other
    joined.places = {**two.places, **one.places}
    joined.open = one.open or two.open
    joined.moved = one.moved or two.moved
    joined.training = one.training if one.training == two.training else None
    return joined


def _lists(key: Key | None, one: ListObject, two: ListObject, lookup: Lookup) -> ListObject:
    if one.items is not None and two.items is not None and len(one.items) == len(two.items):
        items = [join_values(key, a, b) for a, b in zip(one.items, two.items, strict=True)]
        return ListObject(items, None, one.type)
    return ListObject(None, _all_items([one, two], lookup), one.type)


def _all_items(lists: list[ListObject], lookup: Lookup) -> Value | None:
    values: list[Value] = []
    for found in lists:
        values += found.items if found.items is not None else [found.each] if found.each is not None else []
    return _alike(values, lookup) or common(values)


def _alike(values: list[Value], lookup: Lookup) -> Value | None:
    """One of several lists that hold the same, to stand for all."""
    found = [lookup(value.address) if isinstance(value, Ref) else None for value in values]
    first = found[0] if found else None
    if not isinstance(first, ListObject) or first.items is None:
        return None
    same = all(isinstance(other, ListObject) and other.items == first.items for other in found)
    return values[0] if same else None


def common(values: list[Value]) -> Value | None:
    """What all values have in common; None for no values."""
    if not values:
        return None
    joined = values[0]
    for value in values[1:]:
        joined = join_values(None, joined, value)
    return joined


def _dicts(key: Key | None, one: DictObject, two: DictObject) -> DictObject:
    items: dict[Hashable, tuple[Value, Value]] = dict(two.items)
    for name, (label, value) in one.items.items():
        other = two.items.get(name)
        items[name] = (label, value if other is None else join_values(key, value, other[1]))
    rest = one.rest if two.rest is None else two.rest if one.rest is None else join_values(key, one.rest, two.rest)
    return DictObject(items, rest, one.default, one.type)
