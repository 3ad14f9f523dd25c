"""Networks and parameters that were put into a plain container and never registered."""

from __future__ import annotations

from samedevice.interpret import classes
from samedevice.interpret.analysis import NotRegistered
from samedevice.interpret.context import Run
from samedevice.interpret.heap import DictObject, Instance, ListObject
from samedevice.values.value import Kept, Ref, Slot, Tensor, Tuple, Value


def check(run: Run) -> None:
    """Records the containers whose members no network registered by now."""
    registered = _registered(run)
    for base, name, value, place, node in run.containers:
        instance = run.object(base)
        if not isinstance(instance, Instance) or place.source is not run.source:
            continue
        members = _members(run, value)
        if not members or any(member in registered for member in members):
            continue
        if any(address < base.address for _, address in members):
            continue  # made before this network: somebody else has it
        if all(kind == "network" and _moved(run, address) for kind, address in members):
            continue  # who moves them by hand knows that they are on their own
        cls = classes.class_of(run, instance)
        if _moves_by_itself(run, instance) or instance.attributes.get(name) != value:
            continue
        slot = Slot(base.address, cls.name, name, Kept.PLAIN, True, place)
        holds = "networks" if members[0][0] == "network" else "parameters"
        container = "tuple" if isinstance(value, Tuple) else _kind(run, value)
        run.record(NotRegistered(place.source, node, slot, container, holds, place.node))  # type: ignore[arg-type]  # a statement


def _moved(run: Run, address: int) -> bool:
    found = run.state.heap.find(address)
    return isinstance(found, Instance) and found.moved is not None


def _kind(run: Run, value: Value) -> str:
    found = run.object(value) if isinstance(value, Ref) else None
    return "dict" if isinstance(found, DictObject) else "list"


def _registered(run: Run) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for thing in list(run.state.heap.values()):
        if isinstance(thing, Instance):
            for name, kept in thing.kept.items():
                value = thing.attributes.get(name)
                if kept is Kept.CHILD and isinstance(value, Ref):
                    found.add(("network", value.address))
                elif kept is Kept.PARAMETER and isinstance(value, Tensor) and value.cell is not None:
                    found.add(("parameter", value.cell))
    return found


def _members(run: Run, value: Value) -> list[tuple[str, int]]:
    items: list[Value] = []
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(value, Tuple):
        items = list(value.items)
    elif isinstance(found, ListObject):
        items = found.items if found.items is not None else [found.each] if found.each is not None else []
    elif isinstance(found, DictObject):
        items = [item for _, item in found.items.values()]
    members: list[tuple[str, int]] = []
    for item in items:
        inner = run.object(item) if isinstance(item, Ref) else None
        if isinstance(inner, Instance) and classes.is_network(run, inner):
            members.append(("network", item.address))  # type: ignore[union-attr]  # a Ref
        elif isinstance(item, Tensor) and item.cell is not None:
            members.append(("parameter", item.cell))
    return members


def _moves_by_itself(run: Run, instance: Instance) -> bool:
    """A network with its own `_apply` or `to` takes care of what it did not register."""
    for name in ("_apply", "to", "cuda", "parameters", "named_parameters"):
        found = classes.lookup(run, instance.cls, name)
        if isinstance(found, Ref):
            return True
    return False
