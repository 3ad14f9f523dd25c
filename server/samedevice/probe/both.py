"""Runs a network by itself, and then as its program calls it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from samedevice.probe import launch
from samedevice.probe.result import CLEAN, MISMATCH, UNCERTAIN, Result

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

    result = one(first, first["seconds"])
    if result.verdict not in (CLEAN, UNCERTAIN) or not str(result.environment.get("on")).startswith(_TOLD):
        return result
    doubt = ""
    for request in requests[1:]:
        left = end - time.monotonic()
        if left < 1 or (cancelled is not None and cancelled.is_set()):
            break
        found = one(request, left)
        if found.verdict != MISMATCH:
            continue
        if found.runs:
            why = f"the network runs when it is moved, but the call on line {request['line']} does not: {found.why}"
            return replace(result, verdict=MISMATCH, why=why, runs=(*found.runs, *result.runs), failure=found.failure)
        # The call was not reached: that may be the program's mistake, or come of what was cut out of it.
        doubt = doubt or f"what the program does before the call on line {request['line']} failed: {found.why}"
    return (
        replace(result, verdict=UNCERTAIN, why=f"the network runs when it is moved, but {doubt}") if doubt else result
    )
