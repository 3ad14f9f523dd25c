"""The columns of the table of layers, as text and Markdown have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from samedevice.dataclass import dataclass
from samedevice.probe.report.tree import Row
from samedevice.probe.report.words import count, facet, joined, line, shape


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, and what it says of a layer."""

    title: str
    cell: Callable[[Row], str]
    number: bool = False
    dispensable: int = 0
    """Which column a narrow terminal loses first: the one with the largest number; 0 is never left out."""


def columns(rows: Iterable[Row]) -> list[Column]:
    """The columns that say something of these layers, but for the layer's own name."""
    found = list(rows)
    return [column for column in _COLUMNS if any(column.cell(row) for row in found)]


def _input(row: Row) -> str:
    """The shapes that came in."""
    return shape(*row.layer.input)


def _output(row: Row) -> str:
    """The shapes that came out, or why none did."""
    status = "" if row.layer.status in ("ok", "failed") else f"({line(row.layer.status, 20)})"
    return shape(row.layer.output) or status


def _parameters(row: Row) -> str:
    """Parameters, as torchinfo writes them: of a layer that only holds others, none."""
    own = row.layer.own_parameters if row.parents else row.layer.parameters
    return count(own) if own else "--"


def _device(row: Row) -> str:
    """The device, and that of the parameters where it is another."""
    return joined([row.device, f"weights {row.weights}" if row.weights else ""])


def _work(row: Row) -> str:
    """Multiplications and additions."""
    number = row.layer.mult_adds
    if number is None:
        return ""
    return count(number) if number else "--"


def _bytes(row: Row) -> str:
    """The most memory allocated, in MB."""
    return "" if row.layer.bytes is None else f"{row.layer.bytes / 1e6:.2f}"


def _time(row: Row) -> str:
    """The time, in ms."""
    return "" if row.layer.ms is None else f"{row.layer.ms:.3f}"


def title(row: Row) -> str:
    """A layer's name, class and number of calls: `conv1: Conv2d`."""
    calls = f" ×{row.layer.calls}" if row.layer.calls > 1 else ""
    return joined([line(row.name, 80), line(row.layer.name, 80)], ": ") + calls


_COLUMNS = (
    Column("Input Shape", _input, dispensable=5),
    Column("Output Shape", _output),
    Column("Param #", _parameters, number=True, dispensable=2),
    Column("dtype", lambda row: facet(row.layer.output, "dtype"), dispensable=1),
    Column("Device", _device),
    Column("Mult-Adds", _work, number=True, dispensable=4),
    Column("MB", _bytes, number=True, dispensable=3),
    Column("ms", _time, number=True, dispensable=2),
)
