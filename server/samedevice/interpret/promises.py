"""What callers promise of a function that nobody in sight calls."""

from __future__ import annotations

import ast

from samedevice.dataclass import replace
from samedevice.interpret import classes, moves, networks, stated
from samedevice.interpret.context import Run
from samedevice.interpret.heap import Instance
from samedevice.interpret.usage import Usage
from samedevice.values.condition import Choice, Key
from samedevice.values.device import SymDevice
from samedevice.values.dtype import SymDType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, DeviceValue, DTypeValue, How, Kept, Origin, Place, Ref, Scalar, Tensor, Value


def promised(
    parameter: ast.arg, usage: Usage, scope: str, device: SymDevice | None, place: Place, forward: bool
) -> Value:
    """What callers promise of a parameter: by its annotation, its name and its use.

    `forward`: the parameter is one of a network's forward, where what stands in arithmetic is a tensor.
    """
    name = parameter.arg
    symbol = f"{scope}.{name}"
    annotation = ast.unparse(parameter.annotation) if parameter.annotation is not None else ""
    if name in ("device", "dev") or "torch.device" in annotation:
        return DeviceValue(SymDevice(symbol, name))
    if name == "dtype" or "torch.dtype" in annotation:
        return DTypeValue(SymDType(symbol, name))
    plain = annotation.strip("'\"")
    if _either(plain):
        number = Scalar("float" if "float" in plain else "int", f"{symbol}.number", name)
        key = Key(f"{symbol} is a tensor", f"{name} is a tensor", False, optional=True)
        return Choice(key, _tensor(name, symbol, device, place), number)
    if plain in ("int", "float", "bool", "str"):
        return Scalar(plain, symbol, name)
    calculated = usage.operands - usage.others - usage.numbers if forward else ()
    used = usage.tensor(name) or name in calculated
    is_tensor = _annotated_tensor(plain) or stated.stated(parameter.annotation) or (not plain and used)
    if is_tensor:
        tensor = stated.promise(parameter.annotation, scope, _tensor(name, symbol, device, place))
        if name in usage.optional:
            return Choice(Key(f"{symbol} is given", f"{name} is given", False, optional=True), tensor, NONE)
        return tensor
    return Unknown(Why.CALLER, symbol, name)


def anywhere(value: Value) -> Value:
    """What a constructor gets may be where the object is made or where it is used."""
    if isinstance(value, Choice):
        return Choice(value.key, anywhere(value.yes), anywhere(value.no))
    return replace(value, device=Unknown(Why.CALLER)) if isinstance(value, Tensor) else value


def _tensor(name: str, symbol: str, device: SymDevice | None, place: Place) -> Tensor:
    where = device if device is not None else SymDevice(symbol, f"the device of {name}")
    dtype = Unknown(Why.CALLER, f"{symbol}.dtype", f"the dtype of {name}")
    origin = Origin(How.CONTRACT, "what callers pass", place)
    return Tensor(where, dtype, None, None, None, device_from=origin)


def _either(annotation: str) -> bool:
    """`Union[float, Tensor]`, `float | Tensor`."""
    cleaned = annotation.replace("torch.", "").replace("Union[", "").replace("Optional[", "").replace("]", "")
    parts = {part.strip() for part in cleaned.replace("|", ",").split(",")}
    return "Tensor" in parts and bool(parts & {"float", "int"}) and parts <= {"Tensor", "float", "int", "bool", "None"}


def _annotated_tensor(annotation: str) -> bool:
    cleaned = annotation.replace("Optional[", "").replace("]", "").replace("| None", "").strip()
    return cleaned in (
        "Tensor",
        "torch.Tensor",
        "torch.FloatTensor",
        "torch.LongTensor",
        "th.Tensor",
    ) or annotation.startswith(("Float[Tensor", "Int[Tensor", "Bool[Tensor", "Float[torch.Tensor", "Shaped[Tensor"))


def place_network(run: Run, receiver: Ref, device: SymDevice, dtype_words: str) -> None:
    """A network may be anywhere, but all that it registered is there."""
    dtype = SymDType(device.id, dtype_words, floating=True)

    def promise(tensor: Tensor) -> Value:
        kept = tensor.dtype
        floating = moves.floating(tensor) and not isinstance(kept, Unknown)
        return replace(
            tensor,
            device=device,
            dtype=dtype if floating else kept,
            device_from=Origin(How.CONTRACT, "where its network is"),
        )

    moves.apply_natively(run, receiver, promise)
    for _, module in networks.tree(run, receiver):
        _forget_what_moves_itself(run, module)


def _forget_what_moves_itself(run: Run, module: Ref) -> None:
    """Where a class of the user's moves things by itself, its plain tensors may be anywhere."""
    instance = run.state.heap[module.address]
    assert isinstance(instance, Instance)
    if not any(isinstance(classes.lookup(run, instance.cls, name), Ref) for name in ("_apply", "to", "cuda")):
        return
    instance = run.state.writable(module.address)
    for name, value in list(instance.attributes.items()):
        if isinstance(value, Tensor) and instance.kept.get(name, Kept.PLAIN) is Kept.PLAIN:
            instance.attributes[name] = replace(value, device=Unknown(Why.CALLER), device_from=None)
