"""Dtypes that an op has no kernel for."""

from __future__ import annotations

from functools import cache

from samedevice.ops.call import Call, Given
from samedevice.ops.outcome import NEWEST, Refusal, Version
from samedevice.ops.words_check import fill
from samedevice.ops.words_dtype import promoted_type
from samedevice.values.device import Device
from samedevice.values.dtype import Category, DType, category

_FILE = __file__.removesuffix("py") + "txt"
_NEVER_ELEMENTS = frozenset({"index", "indices", "mask", "attn_mask", "condition", "out", "generator"})
"""Parameters whose dtype is not the one that is computed in."""


@cache
def _texts() -> dict[tuple[str, str], dict[str, str]]:
    """What is refused, by op and device (`cpu*`: without elements too): a text for each dtype."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for op, kind, dtypes, text in _lines():
        for one in {kind, kind.rstrip("*")}:
            found.setdefault((op, one), {}).update(dict.fromkeys(dtypes.split(), text))
    return found


@cache
def _older() -> dict[tuple[str, str], tuple[str, Version, str]]:
    """What only older versions refuse, by op and device: the dtypes, the first version that takes them, the text."""
    found: dict[tuple[str, str], tuple[str, Version, str]] = {}
    for op, kind, dtypes, text in _lines():
        device, _, before = kind.partition("<")
        if before:
            major, minor = before.split(".")
            found[op, device] = dtypes, (int(major), int(minor)), text
    return found


@cache
def _lines() -> list[list[str]]:
    # `pathlib` alone would cost a quarter of what the whole table does.
    with open(_FILE, encoding="utf-8") as file:
        lines = file.read().splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _refused(name: str, kind: str) -> dict[str, str] | None:
    """The dtypes that an op refuses; `torch.softmax` answers for `torch.nn.functional.softmax`."""
    found = _texts().get((name, kind))
    if found is None and name.startswith("torch.linalg.") and not kind.startswith("cpu"):
        checked = _texts().get((name, "cpu"), {})  # these checks come before a device is chosen
        found = {dtype: text for dtype, text in checked.items() if ": linalg." in text} or None
    return found if found is not None else _texts().get((f"torch.{name.rpartition('.')[2]}", kind))


def check_kernel(call: Call) -> None:
    """Refuse a dtype that the op has no kernel for on the device."""
    first = next(iter(call.tensors(call.arguments)), None)
    if first is None or first.tensor is None or not isinstance(first.device, Device) or not call.absent("dtype"):
        return
    empty = first.tensor.shape is not None and 0 in first.tensor.shape
    refused = _refused(call.signature.name, f"{first.device.kind}*" if empty else first.device.kind)
    if call.context.torch < NEWEST and not empty:
        dtypes, before, text = _older().get((call.signature.name, first.device.kind), ("", NEWEST, ""))
        if call.context.torch < before:
            refused = (refused or {}) | dict.fromkeys(dtypes.split(), text)
    dtype = _computed_in(call, first) if refused else None
    if not refused or dtype is None or dtype.name not in refused:
        return
    found = category(dtype)
    kind = Refusal.FLOAT_NEEDED if found is not None and found < Category.FLOAT else Refusal.NO_KERNEL
    error, _, text = refused[dtype.name].partition(": ")
    call.clash(kind, (first.label,), fill(text, (dtype,)), error=error)


def _computed_in(call: Call, first: Given) -> DType | None:
    """The one dtype that the op computes in; None where that is not sure."""
    if "other" in call.arguments or "exponent" in call.arguments:
        dtype = promoted_type(call, "input", "other", "exponent")
        return dtype if isinstance(dtype, DType) else None
    own = first.dtype
    if not isinstance(own, DType):
        return None
    floating = (category(own) or Category.BOOL) >= Category.FLOAT
    for given in call.tensors(name for name in call.arguments if name not in _NEVER_ELEMENTS):
        other = category(given.dtype)
        if other is None or (given.dtype != own and not (floating and other < Category.FLOAT)):
            return None
    return own
