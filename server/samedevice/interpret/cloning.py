"""Copies of values: copy.copy and copy.deepcopy."""

from __future__ import annotations

from samedevice.dataclass import replace
from samedevice.interpret.context import Run
from samedevice.interpret.heap import (
    BoundMethod,
    Cell,
    ClassObject,
    DictObject,
    FunctionObject,
    Instance,
    ListObject,
    NativeFunction,
    Super,
)
from samedevice.values.condition import Choice
from samedevice.values.device import AnyDevice
from samedevice.values.value import How, Many, Origin, Ref, Tensor, Tuple, Value


def clone(run: Run, value: Value, deep: bool) -> Value:
    """A copy; a shallow one shares what is inside."""
    if not deep:
        found = run.object(value) if isinstance(value, Ref) else None
        if isinstance(found, ListObject | DictObject | Instance):
            return run.new(found.copy())
        return value
    return _deep(run, value, {})


def _deep(run: Run, value: Value, done: dict[int, int]) -> Value:
    match value:
        case Tensor():
            return _tensor(run, run.fresh(value), done)
        case Tuple():
            return Tuple(tuple(_deep(run, item, done) for item in value.items), value.fields, value.type)
        case Many():
            return Many(_deep(run, value.item, done), value.type)
        case Choice():
            return Choice(value.key, _deep(run, value.yes, done), _deep(run, value.no, done))
        case Ref():
            return _object(run, value, done)
    return value


def _tensor(run: Run, value: Value, done: dict[int, int]) -> Value:
    if not isinstance(value, Tensor) or value.cell is None:
        return value
    address = done.get(value.cell)
    if address is None:
        cell = run.new(Cell(value))
        address = done[value.cell] = cell.address
        run.state.writable(address).tensor = replace(value, cell=address, slot=None)
    return replace(value, cell=address)


def _object(run: Run, ref: Ref, done: dict[int, int]) -> Value:
    if ref.address in done:
        return Ref(done[ref.address])
    found = run.object(ref)
    if found is None or isinstance(found, ClassObject | FunctionObject | NativeFunction | Super):
        return ref
    made = run.new(found.copy())
    done[ref.address] = made.address
    copied = run.state.writable(made.address)
    match copied:
        case ListObject():
            copied.items = None if copied.items is None else [_deep(run, item, done) for item in copied.items]
            copied.each = None if copied.each is None else _deep(run, copied.each, done)
        case DictObject():
            copied.items = {k: (label, _deep(run, item, done)) for k, (label, item) in copied.items.items()}
            copied.rest = None if copied.rest is None else _deep(run, copied.rest, done)
        case Instance():
            copied.attributes = {name: _deep(run, item, done) for name, item in copied.attributes.items()}
        case BoundMethod():
            copied.receiver = _deep(run, copied.receiver, done)
    return made


def moved(run: Run, value: Value, device: AnyDevice, depth: int = 0) -> Value:
    """A fresh copy with every tensor in it on a device: what `map_location` does."""
    match value:
        case Tensor():
            return replace(value, device=device, device_from=Origin(How.LOADED, "map_location"))
        case Tuple():
            items = tuple(moved(run, item, device, depth + 1) for item in value.items)
            return Tuple(items, value.fields, value.type)
        case Ref() if depth < 8:
            found = run.state.writable(value.address) if run.object(value) is not None else None
            if isinstance(found, DictObject):
                found.items = {
                    k: (label, moved(run, item, device, depth + 1)) for k, (label, item) in found.items.items()
                }
            elif isinstance(found, ListObject) and found.items is not None:
                found.items = [moved(run, item, device, depth + 1) for item in found.items]
            elif isinstance(found, Instance):
                found.attributes = {n: moved(run, item, device, depth + 1) for n, item in found.attributes.items()}
            elif isinstance(found, Cell):
                found.tensor = replace(found.tensor, device=device)
    return value
