"""What is different from the run before, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator

from samedevice.dataclass import dataclass
from samedevice.probe.report.tree import Row, rows
from samedevice.probe.report.words import count, joined, line, percent, shape, short
from samedevice.probe.report.words import facet as facet_of
from samedevice.probe.result import Result, Run

_NOISE = 0.2
"""The part by which two times of one layer may differ by chance; with `_LEAST` it keeps noise out of the list."""
_LEAST = 0.05
"""Milliseconds below which a difference of times says nothing."""
_SAME_BYTES = 4096
"""Bytes by which the memory of a layer may differ by chance."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of one layer that is not as it was."""

    path: str
    what: str
    before: str
    now: str
    change: str = ""
    """How much more or less, of a number."""
    worse: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is different from the run before."""

    before: Run
    changes: tuple[Change, ...]
    note: str
    """What makes the two runs hard to compare; empty where nothing does."""


def compare(result: Result, run: Run, previous: Result | None) -> Comparison | None:
    """The differences from the same kind of run of the previous result; None where there was none."""
    before = _counterpart(run, previous) if previous else None
    if before is None or previous is None:
        return None
    old = {row.layer.path: row for row in rows(before)}
    new = {row.layer.path: row for row in rows(run)}
    found = [change for path in new if path in old for change in _changes(old[path], new[path])]
    found += [Change(path, "layer", "", f"added: {line(new[path].layer.name, 40)}") for path in new if path not in old]
    found += [Change(path, "layer", line(old[path].layer.name, 40), "gone") for path in old if path not in new]
    # What it is comes before what it costs.
    found.sort(key=lambda change: change.what in ("time", "memory", "FLOPs"))
    return Comparison(before, tuple(found), _note(result, previous))


def _counterpart(run: Run, previous: Result) -> Run | None:
    """The run of a previous result that was made the same way."""
    key = (run.dtype, run.autocast, run.batch)
    return next((one for one in previous.runs if (one.dtype, one.autocast, one.batch) == key), None)


def _note(result: Result, previous: Result) -> str:
    """The differences of the machines and inputs, which explain differences of numbers."""
    names = {"on": "device", "gpu": "GPU", "torch": "PyTorch", "python": "Python"}
    then, now = previous.environment, result.environment
    parts = [
        f"{words} {line(str(then.get(name)), 60)} before, {line(str(now.get(name)), 60)} now"
        for name, words in names.items()
        if then.get(name) != now.get(name)
    ]
    if previous.input.get("args") != result.input.get("args") or previous.input.get("kwargs") != result.input.get(
        "kwargs"
    ):
        parts.append("other inputs")
    return joined(parts)


def _changes(old: Row, new: Row) -> Iterator[Change]:
    """What one layer has in another way."""
    before, now = old.layer, new.layer
    path = now.path
    if before.status != now.status:
        yield Change(path, "status", before.status, now.status, worse=now.status == "failed")
    texts = [
        ("class", before.name, now.name),
        ("output shape", shape(before.output), shape(now.output)),
        ("output dtype", facet_of(before.output, "dtype"), facet_of(now.output, "dtype")),
        ("device", old.device, new.device),
        ("weights on", old.weights or "the same device", new.weights or "the same device"),
    ]
    for what, was, is_now in texts:
        # A layer that was not reached has no output; its status says so already.
        if was != is_now and was and is_now:
            yield Change(path, what, line(was, 80), line(is_now, 80))
    yield from _numbers(old, new)


def _numbers(old: Row, new: Row) -> Iterator[Change]:
    """The numbers of one layer that are clearly others."""
    before, now = old.layer, new.layer
    path = now.path
    if before.parameters != now.parameters:
        yield _number(path, "parameters", before.parameters, now.parameters, "")
    if before.flops is not None and now.flops is not None and before.flops != now.flops:
        yield _number(path, "FLOPs", before.flops, now.flops, "")
    if before.bytes is not None and now.bytes is not None and abs(before.bytes - now.bytes) > _SAME_BYTES:
        yield _number(path, "memory", before.bytes, now.bytes, "B")
    if before.ms is not None and now.ms is not None and _slower_or_faster(before.ms, now.ms):
        times = (f"{before.ms:.3f} ms", f"{now.ms:.3f} ms")
        yield Change(path, "time", *times, percent(now.ms, before.ms), worse=now.ms > before.ms)


def _number(path: str, what: str, before: int, now: int, unit: str) -> Change:
    """A number that changed, with the percentage."""
    shown = (short(before, unit), short(now, unit))
    if shown[0] == shown[1]:
        shown = (f"{count(before)} {unit}".strip(), f"{count(now)} {unit}".strip())
    return Change(path, what, *shown, percent(now, before), worse=now > before)


def _slower_or_faster(before: float, now: float) -> bool:
    """Whether two times differ by more than chance makes them."""
    return abs(now - before) > max(_LEAST, _NOISE * before)
