"""Other holders of a tensor that was changed behind their backs: `b = a; b.data = b.data.cuda()`."""

from __future__ import annotations

from samedevice.dataclass import replace
from samedevice.interpret.context import Run
from samedevice.interpret.heap import DictObject, Instance, ListObject, Scope
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Tensor, Tuple, Value


def forget(run: Run, old: Tensor, new: Tensor) -> None:
    """Whoever holds what may be the same tensor does not know any more what it has become."""
    if (old.device, old.dtype, old.shape) == (new.device, new.dtype, new.shape):
        return

    def lost(value: Value) -> Value:
        if isinstance(value, Tuple) and any(lost(item) is not item for item in value.items):
            return replace(value, items=tuple(map(lost, value.items)))
        if not isinstance(value, Tensor) or value.cell is not None or not _alike(value, old):
            return value
        unknown = Unknown(Why.NOT_MODELLED)
        return replace(
            value,
            device=value.device if old.device == new.device else unknown,
            dtype=value.dtype if old.dtype == new.dtype else unknown,
            shape=value.shape if old.shape == new.shape else None,
        )

    for address, found in list(run.state.heap.items()):
        match found:
            case Scope(names=held) | Instance(attributes=held):
                changed = {name: after for name, value in held.items() if (after := lost(value)) is not value}
                if changed and isinstance(found, Scope):
                    run.state.writable(address).names.update(changed)
                elif changed:
                    run.state.writable(address).attributes.update(changed)
            case DictObject(items=items):
                pairs = {key: (label, lost(value)) for key, (label, value) in items.items()}
                if any(pairs[key][1] is not value for key, (_, value) in items.items()):
                    run.state.writable(address).items = pairs
            case ListObject(items=list() as values):
                after_all = [lost(value) for value in values]
                if any(one is not other for one, other in zip(after_all, values, strict=True)):
                    run.state.writable(address).items = after_all


def _alike(one: Tensor, other: Tensor) -> bool:
    """Whether two may be one: made in the same place, and alike in all that is known."""
    same = (one.device, one.dtype, one.shape) == (other.device, other.dtype, other.shape)
    return same and one.device_from == other.device_from
