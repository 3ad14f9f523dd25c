"""Runs a network by itself, and then as its program calls it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from samedevice.dataclass import replace
from samedevice.probe import launch
from samedevice.probe.result import CLEAN, MISMATCH, UNCERTAIN, Result

ITSELF = "the network itself runs"
_TOLD = ("cuda", "virtual", "xpu", "mps")
"""Devices on which it matters what the program moves."""


def run(
    requests: Sequence[Mapping[str, Any]],
    interpreter: str,
    on_event: Callable[[Mapping[str, Any]], None] | None = None,
    cancelled: threading.Event | None = None,
) -> Result:
    """The answer to the first request; a network that runs is also tried as the program calls it."""
    first = requests[0]
    end = time.monotonic() + first["seconds"]

    def one(request: Mapping[str, Any], seconds: float) -> Result:
        limit = first["memory_mb"]
        return launch.run(
            request, interpreter=interpreter, seconds=seconds, memory_mb=limit, on_event=on_event, cancelled=cancelled
        )

    result = _assuming(one(first, first["seconds"]), first.get("assumed", ""))
    if result.verdict not in (CLEAN, UNCERTAIN) or not str(result.environment.get("on")).startswith(_TOLD):
        return result
    left_out: dict[int, str] = dict.fromkeys(first.get("left_out", ()), "it could not be cut out")
    for request in requests[1:]:
        left, line = end - time.monotonic(), request["line"]
        if left < 1 or (cancelled is not None and cancelled.is_set()):
            left_out[line] = "there was no time left"
            continue
        found = one(request, left)
        if found.verdict == MISMATCH and found.runs:
            why = f"the network runs when it is moved, but the call on line {line} does not: {found.why}"
            return replace(result, verdict=MISMATCH, why=why, runs=(*found.runs, *result.runs), failure=found.failure)
        if found.verdict != CLEAN:
            # It was not reached, or went wrong: the program's mistake, or that of what was cut out of it.
            left_out[line] = found.why
    return _with_left_out(result, left_out)


def _assuming(result: Result, words: str) -> Result:
    """A result that says what was assumed."""
    if not words:
        return result
    if not result.runs:
        return replace(result, why=f"{result.why} ({words})")
    own = result.runs[0]
    return replace(result, runs=(replace(own, notes=(words, *own.notes)), *result.runs[1:]))


def _with_left_out(result: Result, left_out: Mapping[int, str]) -> Result:
    """A network that runs is not known to run in its program where a call of it did not."""
    if not left_out:
        return result
    lines = sorted(left_out)
    more = f", nor were those on lines {', '.join(map(str, lines[1:]))}" if lines[1:] else ""
    said = f"the call on line {lines[0]} was not run as the program makes it ({left_out[lines[0]]}){more}"
    why = f"{ITSELF if result.verdict == CLEAN else result.why}; {said}"
    return replace(result, verdict=UNCERTAIN, why=why, left_out=tuple(lines))
