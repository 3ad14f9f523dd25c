"""The layers of a run as a tree, parents before what is in them."""

from __future__ import annotations

from samedevice.dataclass import dataclass, replace
from samedevice.probe.report.words import facet, joined
from samedevice.probe.result import Layer, Run


@dataclass(frozen=True, slots=True)
class Row:
    """A layer and its place in the tree."""

    layer: Layer
    parent: int
    """The row of the layer that holds it; -1 at the top."""
    level: int
    parents: bool
    """Whether it holds others."""
    bars: tuple[bool, ...]
    """For itself and each row above it, from the top: whether a sibling follows."""
    stopped: bool
    """Whether the run stopped in it, and in nothing that it holds."""

    @property
    def name(self) -> str:
        """What its parent calls it."""
        return self.layer.path.rpartition(".")[2]

    @property
    def device(self) -> str:
        """The device of what comes out, or came in where nothing came out."""
        return facet(self.layer.output, "device") or joined(
            dict.fromkeys(facet(one, "device") for one in self.layer.input)
        )

    @property
    def weights(self) -> str:
        """The device of its parameters, where that is another one."""
        own = self.layer.parameter_device or ""
        return own if self.device and own not in self.device.split(", ") else ""


def rows(run: Run) -> list[Row]:
    """All layers, each after the one that holds it; those side by side in the order in which they ran."""
    by_path = {layer.path: layer for layer in run.layers}
    inside = _inside(by_path)
    told = _told(by_path, inside, run)
    found: list[Row] = []
    # A stack, not recursion: a network may be nested deeper than Python's own limit.
    waiting = _waiting(inside.get(None, []), -1, ())
    while waiting:
        path, parent, bars = waiting.pop()
        below = inside.get(path, [])
        stopped = told[path].status == "failed" and all(told[one].status != "failed" for one in below)
        found.append(Row(told[path], parent, len(bars) - 1, bool(below), bars, stopped))
        waiting += _waiting(below, len(found) - 1, bars)
    return found


def _waiting(paths: list[str], parent: int, bars: tuple[bool, ...]) -> list[tuple[str, int, tuple[bool, ...]]]:
    """Siblings, the first one last, as a stack wants them."""
    return [(path, parent, (*bars, place > 0)) for place, path in enumerate(reversed(paths))]


def _inside(by_path: dict[str, Layer]) -> dict[str | None, list[str]]:
    """The paths of the layers in each layer, in the order in which they ran."""
    first = _first_calls(by_path)
    found: dict[str | None, list[str]] = {}
    for path in by_path:
        found.setdefault(_holder(path, by_path), []).append(path)
    for siblings in found.values():
        # One that never ran stays behind the one that it stands behind in the program.
        keys, last = {}, -1
        for path in siblings:
            keys[path] = last = first.get(path, last)
        siblings.sort(key=keys.__getitem__)
    return found


def _first_calls(by_path: dict[str, Layer]) -> dict[str, int]:
    """When each layer, or something in it, was first called."""
    found: dict[str, int] = {}
    for path, layer in by_path.items():
        up: str | None = path
        while up is not None and layer.order is not None:
            found[up] = min(layer.order, found.get(up, layer.order))
            up = _holder(up, by_path)
    return found


def _told(by_path: dict[str, Layer], inside: dict[str | None, list[str]], run: Run) -> dict[str, Layer]:
    """The layers as they are told: one that is never called itself, as a ModuleList, stands for what is in it."""
    told = dict(by_path)
    for path in sorted(by_path, key=lambda path: (bool(path), path.count(".")), reverse=True):
        layer = by_path[path]
        if layer.status == "not reached":
            told[path] = _container(layer, [told[one] for one in inside.get(path, [])], run)
    return told


def _container(layer: Layer, below: list[Layer], run: Run) -> Layer:
    """A layer that was not called, with the sums of what is in it."""
    states = [one.status for one in below]
    status = "failed" if "failed" in states else "ok" if "ok" in states else ""
    if not status:
        return replace(layer, status="not reached" if run.failure else "not called")
    times = [one.ms for one in below if one.ms is not None]
    work = [one.flops for one in below if one.flops is not None]
    return replace(layer, status=status, ms=sum(times) if times else None, flops=sum(work) if work else None)


def _holder(path: str, known: dict[str, Layer]) -> str | None:
    """The nearest layer above a path that was noted; none for the network itself."""
    while path:
        path = path.rpartition(".")[0]
        if path in known:
            return path
    return None
