"""Values as the table takes them: no heap, symbols instead of unknown devices."""

from __future__ import annotations

from samedevice.interpret.context import Run
from samedevice.interpret.heap import ClassObject, Instance, ListObject
from samedevice.ops.arguments import PYTHON_DTYPES
from samedevice.values.condition import Choice
from samedevice.values.device import SymDevice
from samedevice.values.dtype import SymDType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Library,
    Many,
    Ref,
    Scalar,
    Tensor,
    Tuple,
    Value,
)

_DEVICE_WORDS = ("device", "rank", "gpu", "cuda", "dev")
_MOVES = ("torch.Tensor.to", "torch.Tensor.cuda", "torch.nn.Module.to", "torch.nn.Module.cuda", "torch.device")


def given(run: Run, value: Value, op: str, at: int | str, depth: int = 0) -> Value:
    """An argument for the table; `at` is its position or name."""
    match value:
        case Tensor() | Choice():
            value = run.fresh(value)
            return value if not isinstance(value, Choice) else _choice(run, value, op, at, depth)
        case Tuple() if depth < 4:
            items = tuple(given(run, item, op, "", depth + 1) for item in value.items)
            return Tuple(items, value.fields, value.type)
        case Many() if depth < 4:
            return Many(given(run, value.item, op, "", depth + 1), value.type)
        case Ref():
            return _object(run, value, op, depth)
        case Unknown() | Scalar():
            return _symbol(value, op, at)
        case Library(name=name) if name.startswith("torch.") and name.endswith("Tensor"):
            return Const(name)  # x.type(torch.cuda.FloatTensor)
        case Const(value="cuda") if run.modes.current is not None and (at == "device" or op in _MOVES):
            return DeviceValue(run.modes.current)
        case Library(name=name) if name in PYTHON_DTYPES:
            return DTypeValue(PYTHON_DTYPES[name])  # torch.zeros(3, dtype=float)
        case Library():
            return _symbol(Unknown(Why.OUTSIDE, value.name, value.name), op, at)
        case Array() | _:
            return value


def _choice(run: Run, value: Choice[Value], op: str, at: int | str, depth: int) -> Value:
    yes, no = given(run, value.yes, op, at, depth), given(run, value.no, op, at, depth)
    return Choice(value.key, yes, no)


def _object(run: Run, ref: Ref, op: str, depth: int) -> Value:
    match run.object(ref):
        case ListObject() as found if depth < 4:
            if found.items is not None:
                items = tuple(given(run, run.fresh(item), op, "", depth + 1) for item in found.items)
                return Tuple(items, (), "list" if found.type != "set" else "set")
            each = given(run, run.fresh(found.each), op, "", depth + 1) if found.each is not None else None
            return Many(each if each is not None else Unknown(Why.NOT_MODELLED), "list")
        case Instance() as instance:
            cls = run.state.heap.find(instance.cls)
            if isinstance(cls, ClassObject) and cls.name == "Generator" and cls.module == "torch":
                device = instance.attributes.get("device")
                return device if device is not None else Unknown(Why.NOT_MODELLED)
    return Unknown(Why.NOT_MODELLED)


def _symbol(value: Unknown | Scalar, op: str, at: int | str) -> Value:
    if not value.symbol:
        return value
    last = (value.text or value.symbol).lower().rsplit(".", 1)[-1]
    if at == "device" or (at in (1, "device") and op in _MOVES) or (op == "torch.device" and at == 0):
        if "dtype" in last or (isinstance(value, Scalar) and value.type not in ("str", "int")):
            return _dtype(value) if "dtype" in last else value
        if isinstance(value, Scalar) or at == "device" or any(word in last for word in _DEVICE_WORDS):
            return DeviceValue(_device(value))
    if at == "dtype" or "dtype" in last:
        return _dtype(value)
    if isinstance(value, Unknown) and last == "device":
        return DeviceValue(_device(value))
    return value


_HOLDERS = frozenset(
    [
        "self",
        "args",
        "cfg",
        "config",
        "opt",
        "opts",
        "options",
        "hparams",
        "params",
        "conf",
        "flags",
        "settings",
        "ctx",
        "context",
    ]
)


def _device(value: Unknown | Scalar) -> SymDevice:
    """A device by its name; what only says `x.device` may as well be the CPU."""
    text = value.text or value.symbol
    holder = text.rpartition(".")[0].split(".")[-1].lower()
    return SymDevice(value.symbol, text, accelerator=not holder or holder in _HOLDERS)


def _dtype(value: Unknown | Scalar) -> Value:
    return DTypeValue(SymDType(value.symbol, value.text or value.symbol))
