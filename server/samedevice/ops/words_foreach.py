"""Words for torch._foreach_*: one operation over lists of tensors."""

from __future__ import annotations

from samedevice.dataclass import replace
from samedevice.ops.call import CLASHED, Call
from samedevice.ops.texts import device_name
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, Many, Tensor, Tuple, Value


def foreach(call: Call) -> Value:
    """A list like the first one; tensors that meet must be on one device. In place it gives nothing."""
    lists = [name for name, value in call.arguments.items() if isinstance(value, Tuple | Many)]
    if _meet(call, lists):
        return CLASHED
    if call.short.endswith("_"):
        return NONE
    match call.value("tensors"):
        case Tuple(items=items):
            return Tuple(tuple(_fresh(item, len(lists) > 1) for item in items), type="tuple")
        case Many(item=item):
            return Many(_fresh(item, len(lists) > 1))
    return Unknown(Why.NOT_MODELLED)


def _meet(call: Call, lists: list[str]) -> bool:
    """Note tensors on different devices."""
    first, *others = (call.tensors((name,)) for name in lists)
    for other in others:
        for one, two in zip(first, other, strict=False):
            text = (
                "Expected all tensors to be on the same device, but found at least two devices, "
                f"{device_name(one.device)} and {device_name(two.device)}!"
            )
            if two.zero_dim is False and one.zero_dim is False and call.devices_clash(one, two, lambda: text):  # noqa: B023  # called at once
                return True
    return False


def _fresh(item: Value, mixed: bool) -> Value:
    """A result like an operand; with others beside it its dtype may have been promoted."""
    if not isinstance(item, Tensor):
        return Unknown(Why.NOT_MODELLED)
    result = replace(item, requires_grad=None, leaf=None, parameter=False, cell=None, data=None)
    return replace(result, dtype=Unknown(Why.NOT_MODELLED), dtype_from=None) if mixed else result
