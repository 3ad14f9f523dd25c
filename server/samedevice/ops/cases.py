"""Calls whose arguments depend on undecided conditions: one call for each case, then the answers joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from samedevice.dataclass import replace
from samedevice.ops.outcome import Clash, Context, Outcome, Refusal
from samedevice.values.condition import Choice, Key, Path, chosen, origin_under, restricted
from samedevice.values.device import CPU
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Array, DeviceValue, DTypeValue, How, Many, Origin, Tensor, Tuple, Value

_MOST_KEYS = 3
"""Eight cases at most; beyond that, what depends on conditions is not known."""

Arguments = tuple[tuple[Value, ...], dict[str, Value]]
_ABOUT_DEVICES = frozenset({Refusal.DEVICE, Refusal.INDEX_DEVICE})
_ABOUT_DTYPES = frozenset({Refusal.DTYPE, Refusal.TARGET_DTYPE, Refusal.INPLACE, Refusal.NO_KERNEL})


class _Leaf(NamedTuple):
    """One case: the conditions that lead to it, its arguments and what came of them."""

    path: Path
    arguments: Arguments
    outcome: Outcome


def open_keys(args: Sequence[Value], kwargs: Mapping[str, Value]) -> list[Key]:
    """The conditions that arguments depend on."""
    found: list[Key] = []
    for value in args:
        _collect(value, found)
    for value in kwargs.values():
        _collect(value, found)
    return found


def _collect(value: object, found: list[Key]) -> None:
    match value:
        case Tensor(device=device, dtype=dtype):
            if isinstance(device, Choice) or isinstance(dtype, Choice):
                _collect(device, found)
                _collect(dtype, found)
        case Choice(key=key, yes=yes, no=no):
            if key not in found:
                found.append(key)
            _collect(yes, found)
            _collect(no, found)
        case DeviceValue(device=device):
            _collect(device, found)
        case DTypeValue(dtype=dtype) | Array(dtype=dtype):
            _collect(dtype, found)
        case Tuple(items=items):
            for item in items:
                _collect(item, found)
        case Many(item=item):
            _collect(item, found)


def restricted_value(value: Value, path: Path) -> Value:
    """A value and its facets under the conditions of `path`."""
    value = restricted(value, path)
    match value:
        case Tensor(device=device, dtype=dtype):
            if isinstance(device, Choice) or isinstance(dtype, Choice):
                origin = origin_under(device, path)
                return replace(
                    value,
                    device=restricted(device, path),
                    dtype=restricted(dtype, path),
                    device_from=origin if isinstance(origin, Origin) else value.device_from,
                )
        case DeviceValue(device=Choice() as device):
            return replace(value, device=restricted(device, path))
        case DTypeValue(dtype=Choice() as dtype):
            return replace(value, dtype=restricted(dtype, path))
        case Array(dtype=Choice() as dtype):
            return replace(value, dtype=restricted(dtype, path))
        case Tuple(items=items):
            return replace(value, items=tuple(restricted_value(item, path) for item in items))
        case Many(item=item):
            return replace(value, item=restricted_value(item, path))
    return value


def _restricted_arguments(arguments: Arguments, path: Path) -> Arguments:
    args, kwargs = arguments
    return (
        tuple(restricted_value(value, path) for value in args),
        {name: restricted_value(value, path) for name, value in kwargs.items()},
    )


def by_cases(
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    context: Context,
    plainly: Callable[[Sequence[Value], Mapping[str, Value], Context], Outcome],
    label: Callable[[str, Arguments], Value | None],
) -> Outcome:
    """The outcome of a call, case by case where arguments leave conditions open.

    `plainly` answers a call without choices; `label` finds the argument that a clash names.
    """
    arguments = _restricted_arguments((tuple(args), dict(kwargs)), context.path)
    keys = open_keys(*arguments)
    if not keys:
        return plainly(*arguments, context)
    if len(keys) > _MOST_KEYS:
        arguments = _forgotten(arguments)
        return plainly(*arguments, context)
    leaves: list[_Leaf] = []
    value = _split(keys, arguments, (), context, plainly, leaves)
    return Outcome(value, _judged(leaves, arguments, label))


def _split(
    keys: list[Key],
    arguments: Arguments,
    taken: Path,
    context: Context,
    plainly: Callable[[Sequence[Value], Mapping[str, Value], Context], Outcome],
    leaves: list[_Leaf],
) -> Value:
    decided = {key.id for key, _ in taken}
    still_open = open_keys(*arguments)
    open_now = [key for key in keys if key in still_open and key.id not in decided]
    if not open_now:
        outcome = plainly(*arguments, replace(context, path=(*context.path, *taken)))
        leaves.append(_Leaf(taken, arguments, outcome))
        return outcome.value
    key = open_now[0]
    sides: list[Value] = []
    for side in (True, False):
        path = (*taken, (key, side))
        inner = _restricted_arguments(arguments, (*context.path, *path))
        sides.append(_split(keys, inner, path, context, plainly, leaves))
    return joined(key, sides[0], sides[1])


def joined(key: Key, yes: Value, no: Value) -> Value:
    """One value for both sides of a condition; facets choose where that is all that differs."""
    if isinstance(yes, Tensor) and isinstance(no, Tensor) and yes == replace(no, device=yes.device, dtype=yes.dtype):
        origin = yes.device_from if yes.device != CPU else no.device_from
        return replace(
            yes,
            device=chosen(key, yes.device, no.device),
            dtype=chosen(key, yes.dtype, no.dtype),
            device_from=origin or yes.device_from,
        )
    if isinstance(yes, Tuple) and isinstance(no, Tuple) and len(yes.items) == len(no.items):
        items = tuple(joined(key, one, other) for one, other in zip(yes.items, no.items, strict=True))
        return replace(yes, items=items)
    return chosen(key, yes, no)


def _judged(
    leaves: list[_Leaf], arguments: Arguments, label: Callable[[str, Arguments], Value | None]
) -> tuple[Clash, ...]:
    """The clashes worth telling: those of every case, or those of a case that a flag of the user's switches on."""
    kinds = [{clash.kind for clash in leaf.outcome.clashes} for leaf in leaves]
    everywhere = set.intersection(*kinds) if kinds else set()
    found: dict[Refusal, Clash] = {}
    for leaf in leaves:
        for clash in leaf.outcome.clashes:
            if clash.kind in everywhere:
                before = found.get(clash.kind, clash)
                found[clash.kind] = replace(before, certain=before.certain and clash.certain)
            elif clash.kind not in found and _switched_on(clash, leaf, arguments, label):
                found[clash.kind] = replace(clash, when=(*leaf.path, *clash.when))
    return tuple(found.values())


def _switched_on(
    clash: Clash, leaf: _Leaf, arguments: Arguments, label: Callable[[str, Arguments], Value | None]
) -> bool:
    """Whether the flags of a case changed one operand and the user forgot the other."""
    if leaf.path and all(key.optional for key, _ in leaf.path):
        return clash.kind in _ABOUT_DEVICES and any(
            _by_default(label(name, leaf.arguments)) for name in clash.arguments
        )
    if not leaf.path or not all(key.named for key, _ in leaf.path):
        return False
    before = [label(name, arguments) for name in clash.arguments]
    now = [label(name, leaf.arguments) for name in clash.arguments]
    if clash.kind in _ABOUT_DTYPES:
        choices = [_open_dtype(value) for value in before]
        return any(choices) and not all(choices)
    if clash.kind in (Refusal.TO_NUMPY_DEVICE, Refusal.PIN, Refusal.LENGTHS):
        return True
    choices = [_open_device(value) for value in before]
    if not any(choices) or all(choices):
        return False
    return all(
        (_device(value) != CPU) if choice else (_device(value) == CPU)
        for value, choice in zip(now, choices, strict=True)
    )


def _by_default(value: Value | None) -> bool:
    """Whether a tensor is on the CPU because nobody said where."""
    origin = value.device_from if isinstance(value, Tensor) else None
    return _device(value) == CPU and origin is not None and origin.how is How.DEFAULT


def _open_device(value: Value | None) -> bool:
    return isinstance(value, Choice) or isinstance(_device(value), Choice)


def _open_dtype(value: Value | None) -> bool:
    return isinstance(value, Choice) or (isinstance(value, Tensor) and isinstance(value.dtype, Choice))


def _device(value: Value | None) -> object:
    return value.device if isinstance(value, Tensor | DeviceValue) else None


def _forgotten(arguments: Arguments) -> Arguments:
    args, kwargs = arguments
    return tuple(forgotten(value) for value in args), {name: forgotten(value) for name, value in kwargs.items()}


def forgotten(value: Value) -> Value:
    """A value with every choice given up."""
    unknown = Unknown(Why.DISAGREE)
    match value:
        case Choice():
            return unknown
        case Tensor(device=device, dtype=dtype):
            return replace(
                value,
                device=unknown if isinstance(device, Choice) else device,
                dtype=unknown if isinstance(dtype, Choice) else dtype,
            )
        case DeviceValue(device=Choice()):
            return replace(value, device=unknown)
        case DTypeValue(dtype=Choice()) | Array(dtype=Choice()):
            return replace(value, dtype=unknown)
        case Tuple(items=items):
            return replace(value, items=tuple(forgotten(item) for item in items))
        case Many(item=item):
            return replace(value, item=forgotten(item))
    return value
