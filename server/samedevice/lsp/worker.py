"""The process that analyses, so that the one that talks to the editor never waits, whatever a file does."""

from __future__ import annotations

import gc
import os
import pickle
import queue
import struct
import sys
import threading
from typing import TYPE_CHECKING, Any, BinaryIO

from samedevice.faults import report

if TYPE_CHECKING:
    from samedevice.lsp.jobs import State

_HEAD = struct.Struct(">I")
_PAUSE = 0.5
"""Seconds without a request after which memory is given back."""
_CHECKS = 32
"""Analyses after which it is given back though nobody pauses: trees know their parents, and don't go by themselves."""
_YOUNG = 20_000
"""New objects after which those that nobody needs are given back, unless somebody waits."""
_WARM = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 4)

    def forward(self, x):
        return self.fc(x).relu()

Net()(torch.ones(2, 3))
"""


class _Turn:
    """Which job runs, and which one nobody waits for any more; the second is set by the thread that listens."""

    running = -1
    stopped = -2

    @classmethod
    def overtaken(cls) -> bool:
        return cls.running == cls.stopped


def packed(message: Any) -> bytes:
    """A message between the two processes."""
    body = pickle.dumps(message, protocol=5)
    return _HEAD.pack(len(body)) + body


def unpacked(stream: BinaryIO) -> Any:
    """The next message; None at the end."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (length,) = _HEAD.unpack(head)
    body = stream.read(length)
    return pickle.loads(body) if len(body) == length else None


def main() -> int:
    """Answers requests one after the other until its parent is gone."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, waiting), name="requests", daemon=True).start()
    gc.disable()
    from samedevice.interpret import budget
    from samedevice.lsp import jobs

    budget.stop_when(_Turn.overtaken)
    state = jobs.State()
    for _ in state.warm_up(_WARM):
        if not waiting.empty():
            break
    else:
        gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 5, 5)
    gc.enable()
    done = 0
    while (request := _next(waiting, state)) is not None:
        number, name, arguments = request
        _Turn.running = number
        reply: tuple[int, bool | None, Any]
        try:
            reply = (number, True, jobs.run(state, name, arguments))
        except budget.Overtaken:
            reply = (number, None, None)
        except Exception as error:
            report(__name__, "samedevice worker: %s failed", name)
            reply = (number, False, f"{type(error).__name__}: {error}")
        try:
            out.write(packed(reply))
            out.flush()
        except OSError:
            break
        if name in ("check", "verify"):
            done += 1
            if done % _CHECKS == 0:
                _rest(state)
            elif gc.get_count()[0] > _YOUNG and waiting.empty():
                gc.collect(1)
    return 0


def _next(waiting: queue.SimpleQueue[Any], state: State) -> Any:
    """The next request; a pause is used to let go of what the last ones left behind."""
    try:
        return waiting.get(timeout=_PAUSE)
    except queue.Empty:
        from samedevice.lsp import jobs

        jobs.load_answers()
        _rest(state)
        return waiting.get()


def _rest(state: State) -> None:
    """Gives back what the text as it is does not need."""
    state.units.rest()
    gc.collect()


def _listen(stream: BinaryIO, waiting: queue.SimpleQueue[Any]) -> None:
    """Reads requests; the end of them ends the process, whatever it is doing."""
    while (message := unpacked(stream)) is not None:
        number, name, _ = message
        if name == "stop":
            _Turn.stopped = number
        else:
            waiting.put(message)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
