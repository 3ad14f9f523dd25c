"""Where a tensor lives: a device, a symbol for one, or what is not known."""

from __future__ import annotations

from enum import Enum

from samedevice.dataclass import dataclass
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown

ACCELERATORS = frozenset({"cuda", "mps", "xpu", "hpu", "npu", "xla", "mtia", "privateuseone"})


@dataclass(frozen=True, slots=True)
class Device:
    """One device, as a tensor's `.device` prints: `cuda` without an index is `cuda:0`."""

    kind: str
    index: int | None = None

    @property
    def accelerator(self) -> bool:
        return self.kind in ACCELERATORS

    def __str__(self) -> str:
        return self.kind if self.index is None else f"{self.kind}:{self.index}"


@dataclass(frozen=True, slots=True)
class SymDevice:
    """A device known only by name: "whatever `args.device` is". Equal ids are one device."""

    id: str
    text: str
    accelerator: bool = True
    """Whether the user means it to be an accelerator some day (false: no evidence for that)."""

    def __str__(self) -> str:
        return self.text


AnyDevice = Device | SymDevice | Choice["AnyDevice"] | Unknown

CPU = Device("cpu")
META = Device("meta")


class Same(Enum):
    """What is known of two devices."""

    YES = "the same"
    NO = "different"
    UNLESS_CPU = "different unless a symbol is cpu"
    UNKNOWN = "not known"


def compare(first: AnyDevice, second: AnyDevice) -> Same:
    """What is known of two plain devices."""
    if isinstance(first, Unknown) or isinstance(second, Unknown):
        return Same.UNKNOWN
    if first == second:
        return Same.YES
    match first, second:
        case Device(), Device():
            return Same.NO
        case (SymDevice() as symbol, Device() as plain) | (Device() as plain, SymDevice() as symbol):
            if plain.kind == "cpu" and symbol.accelerator:
                return Same.UNLESS_CPU
    return Same.UNKNOWN
