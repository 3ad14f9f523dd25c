"""Runs a network by itself, and then as its program calls it."""

from __future__ import annotations

import ast
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from samedevice.dataclass import replace
from samedevice.probe import launch
from samedevice.probe.result import CLEAN, MISMATCH, NOT_RUN, UNCERTAIN, Result

ITSELF = "the network itself runs"
_TOLD = ("cuda", "virtual", "xpu", "mps")
"""Devices on which it matters what the program moves."""
_PROGRAM = 40.0
"""Seconds that the program itself may take."""


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

    whole = next((request for request in requests if request.get("whole")), None)
    result = _assuming(one(first, first["seconds"]), first.get("assumed", ""))
    if not str(result.environment.get("on")).startswith(_TOLD):
        return result
    runs = result.verdict in (CLEAN, UNCERTAIN)
    if not runs and not (result.verdict == NOT_RUN and result.network):
        return result
    left_out: dict[int, str] = dict.fromkeys(first.get("left_out", ()) if runs else (), "it could not be cut out")
    for request in requests[1:] if runs else ():
        if request is whole:
            continue
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
    left = min(end - time.monotonic(), _PROGRAM)
    if whole is not None and left > 1 and (left_out or whole["doubts"] or result.verdict == NOT_RUN):
        with tempfile.TemporaryDirectory(prefix="samedevice-", ignore_cleanup_errors=True) as scratch:
            found = one({**whole, "scratch": scratch}, left)
        result = _with_program(result, found, whole, left_out)
    return result if result.verdict in (MISMATCH, NOT_RUN) else _with_left_out(result, left_out)


def _with_program(result: Result, found: Result, request: Mapping[str, Any], left_out: dict[int, str]) -> Result:
    """What a run of the program settles: it stops on a mismatch, or it runs, and with it calls of the network."""
    program = found.runs[0] if found.runs else None
    if program is None:
        return result
    by_itself = ITSELF if result.verdict in (CLEAN, UNCERTAIN) else f"by itself, {result.why}"
    if program.verdict == MISMATCH:
        why = f"{by_itself}, but the program does not run: {found.why}"
        return replace(result, verdict=MISMATCH, why=why, failure=found.failure or program.failure, program=program)
    if program.verdict != CLEAN:
        return replace(result, program=program)
    ran = {line for file, lines in program.ran.items() if os.path.abspath(file) == request["file"] for line in lines}
    for line in {*left_out} - {*request["on_several"]}:
        if any(first <= line <= last for first, last in _statements(request["text"], ran)):
            del left_out[line]
    if result.verdict == NOT_RUN and any(line in range(*request["body"]) for line in ran if request["body"]):
        why = f"the program runs, each loop that trains for two rounds; {by_itself}"
        return replace(result, verdict=CLEAN, why=why, failure=None, program=program)
    return replace(result, program=program)


def _statements(text: str, ran: set[int]) -> Iterator[tuple[int, int]]:
    """The lines of the statements that begin on some lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and node.lineno in ran:
            body = getattr(node, "body", None)  # of a compound statement, its first lines
            last = body[0].lineno - 1 if isinstance(body, list) else node.end_lineno
            yield node.lineno, max(last or 0, node.lineno)


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
