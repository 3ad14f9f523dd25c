"""Words for the device of a result, and for operands that must share one."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.ops.arguments import device_of, with_index
from samedevice.ops.call import CLASHED, Call, DeviceFacet, Given, decided
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import device_name
from samedevice.values.device import CPU, AnyDevice, Device, Same, SymDevice, compare
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import How

DeviceWord = Callable[[Call], DeviceFacet]


def same_device(call: Call) -> DeviceFacet:
    """All tensors on one device, 0-dim CPU tensors apart: what TensorIterator asks of element-wise ops."""
    return _iterated(call, call.tensors(name for name in call.arguments if name != "out"))


def iterated(*names: str, exempt: tuple[str, ...] | None = None) -> DeviceWord:
    """`same_device` for these arguments; only those in `exempt`, if given, may be 0-dim CPU tensors."""

    def word(call: Call) -> DeviceFacet:
        return _iterated(call, call.tensors(names), exempt)

    return word


def _iterated(call: Call, operands: list[Given], exempt: tuple[str, ...] | None = None) -> DeviceFacet:
    strict = [exempt is not None and given.label not in exempt for given in operands]
    weighty = [given for index, given in enumerate(operands) if strict[index] or not _exempt(call, given, index)]
    common = _common(weighty)
    if common is None:
        return _first(operands)
    for given in weighty:
        if given is common or _perhaps_exempt(call, given, operands, exempt):
            continue
        if _perhaps_exempt(call, common, operands, exempt):
            continue
        if call.devices_clash(common, given, lambda: _two_devices(common, given)):  # noqa: B023  # called at once
            return CLASHED, None
    if not _decides(call, common, operands):
        return Unknown(Why.NOT_MODELLED), None
    return common.device, common.tensor.device_from if common.tensor else None


def _exempt(call: Call, given: Given, index: int) -> bool:
    """Whether PyTorch reads the operand as a number: a 0-dim CPU tensor that is not written to."""
    return given.device == CPU and given.zero_dim is True and not (call.inplace and index == 0)


def _perhaps_exempt(call: Call, given: Given, operands: list[Given], exempt: tuple[str, ...] | None) -> bool:
    if exempt is not None and given.label not in exempt:
        return False
    written = call.inplace and given is operands[0]
    return given.device == CPU and given.zero_dim is None and not written


def _decides(call: Call, common: Given, operands: list[Given]) -> bool:
    """Whether the result is on the device of `common` whatever the operands not known are."""
    if len(operands) == 1 or common.device != CPU or common.zero_dim is False:
        return True
    return all(isinstance(given.device, Device) for given in operands)


def _common(operands: list[Given]) -> Given | None:
    """The operand whose device the result gets: the first on an accelerator, else the first that is known."""
    known = [given for given in operands if not isinstance(given.device, Unknown)]
    if not known:
        return operands[0] if operands else None
    return next((given for given in known if _accelerated(given.device)), known[0])


def _accelerated(device: AnyDevice) -> bool:
    return isinstance(device, SymDevice) or (isinstance(device, Device) and device.accelerator)


def _first(operands: list[Given]) -> DeviceFacet:
    if not operands:
        return Unknown(Why.NOT_MODELLED), None
    tensor = operands[0].tensor
    return operands[0].device, tensor.device_from if tensor else None


def _two_devices(first: Given, second: Given) -> str:
    return (
        "Expected all tensors to be on the same device, but found at least two devices, "
        f"{device_name(first.device)} and {device_name(second.device)}!"
    )


def checked(method: str, **schema: str) -> DeviceWord:
    """All tensors on one device without exemption: what the generated wrapper of a CUDA kernel asks.

    The keywords are the kernel's own parameters in its order, each with the argument of ours that it gets.
    """
    names = tuple(schema.values())
    kernel_names = {ours: theirs for theirs, ours in schema.items()}

    def word(call: Call) -> DeviceFacet:
        return _checked(call, method, kernel_names, call.tensors(names))

    return word


def checked_unless_empty(method: str, **schema: str) -> DeviceWord:
    """`checked` for kernels that are not reached without elements."""
    check, names = checked(method, **schema), tuple(schema.values())

    def word(call: Call) -> DeviceFacet:
        operands = call.tensors(names)
        if any(given.tensor is not None and given.tensor.shape and 0 in given.tensor.shape for given in operands):
            return _first(operands)
        return check(call)

    return word


def _checked(call: Call, method: str, kernel_names: dict[str, str], operands: list[Given]) -> DeviceFacet:
    known = [given for given in operands if not isinstance(given.device, Unknown)]
    if not known:
        return _first(operands)
    common = known[0]
    if call.inplace and not method.endswith("_"):
        method += "_"
    for given in known[1:]:
        if compare(common.device, given.device) in (Same.YES, Same.UNKNOWN):
            continue
        name = kernel_names.get(given.label.partition("[")[0], given.label)
        call.devices_clash(common, given, lambda: _wrapper_text(name, given, common, method))  # noqa: B023  # called at once
        return CLASHED, None
    return common.device, common.tensor.device_from if common.tensor else None


def _wrapper_text(name: str, given: Given, common: Given, method: str) -> str:
    return (
        f"Expected all tensors to be on the same device, but got {name} is on {device_name(given.device)}, "
        f"different from other tensors on {device_name(common.device)} "
        f"(when checking argument in method wrapper_CUDA_{method})"
    )


def following(name: str = "input") -> DeviceWord:
    """The device of one argument; the others are not looked at."""

    def word(call: Call) -> DeviceFacet:
        operands = call.tensors((name,))
        if operands and operands[0].tensor is not None:
            return operands[0].device, operands[0].tensor.device_from
        return Unknown(Why.NOT_MODELLED), None

    return word


def on_cpu(call: Call) -> DeviceFacet:
    """Always on the CPU."""
    return CPU, decided(How.FIXED, f"the result of {call.name}")


def given_device(call: Call) -> DeviceFacet:
    """The `device=` argument of a factory, else the default device."""
    if call.absent("device"):
        return with_index(call.context.default_device), decided(How.DEFAULT, f"the default of {call.name}")
    return device_of(call.value("device")), decided(How.GIVEN, f"given to {call.name}")


def given_or_following(name: str = "input") -> DeviceWord:
    """The `device=` argument, else the device of a tensor: the `*_like` and `new_*` families."""
    follow = following(name)

    def word(call: Call) -> DeviceFacet:
        return follow(call) if call.absent("device") else given_device(call)

    return word


def refused_text(kind: Refusal, text: str, *names: str) -> DeviceWord:
    """All tensors on one device, refused in the op's own words.

    {0} and {1} are the two devices, {name} that of each argument.
    """

    def word(call: Call) -> DeviceFacet:
        operands = call.tensors(names)
        known = [given for given in operands if not isinstance(given.device, Unknown)]
        for given in known[1:]:
            devices = dict.fromkeys(names, "?") | {
                given.label: device_name(given.device) for given in operands if given.tensor is not None
            }
            filled = text.format(device_name(known[0].device), device_name(given.device), **devices)
            if call.devices_clash(known[0], given, lambda: filled, kind):  # noqa: B023  # called at once
                return CLASHED, None
        return _first(known or operands)

    return word
