"""The worker as seen from the process that talks to the editor."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import logging
import pickle
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from samedevice.lsp import streams
from samedevice.lsp.spawn import spawn

logger = logging.getLogger(__name__)

_HEAD = struct.Struct(">I")
_LIMIT = 60.0
"""Seconds after which a job is given up; the engine's own budget is far smaller."""
FIRST, SOON, LATER = 0, 1, 2


class Failed(Exception):
    """The worker could not do a job."""


@dataclass(order=True)
class _Ask:
    priority: int
    number: int
    name: str = field(compare=False)
    make: Callable[[], tuple[Any, ...] | None] = field(compare=False)
    future: asyncio.Future[Any] = field(compare=False)
    tried: bool = field(default=False, compare=False)
    """Whether a worker has ended over it already."""


class Worker:
    """Asks one thing at a time, the most urgent first; what is asked is made up when its turn comes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._waiting: list[_Ask] = []
        self._numbers = itertools.count()
        self._running: _Ask | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._reading: asyncio.Task[None] | None = None
        self._closed = False

    def start(self) -> None:
        """Begins to listen."""
        self._reading = asyncio.ensure_future(self._read(self._process))

    def ask(self, name: str, make: Callable[[], tuple[Any, ...] | None], priority: int = SOON) -> asyncio.Future[Any]:
        """A job's result; `make` gives its arguments at the last moment, None for never mind."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, _Ask(priority, next(self._numbers), name, make, future))
        self._next()
        return future

    def close(self) -> None:
        """Ends the worker."""
        self._closed = True
        if self._reading is not None:
            self._reading.cancel()
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()

    def _next(self) -> None:
        while self._running is None and self._waiting and not self._closed:
            ask = heapq.heappop(self._waiting)
            if ask.future.done():
                continue
            arguments = ask.make()
            if arguments is None:
                ask.future.set_result(None)
                continue
            self._running = ask
            self._timer = asyncio.get_running_loop().call_later(_LIMIT, self._give_up)
            self._write((ask.number, ask.name, arguments))

    def _write(self, request: Any) -> None:
        body = pickle.dumps(request, protocol=5)
        data = memoryview(_HEAD.pack(len(body)) + body)
        stream = self._process.stdin
        assert stream is not None
        try:
            while data:
                data = data[stream.write(data) or 0 :]
        except OSError:
            logger.debug("the worker is gone")

    async def _read(self, process: subprocess.Popen[bytes]) -> None:
        """Listens to one worker until it ends, then starts another one."""
        assert process.stdout is not None
        reader = await streams.opened(process.stdout.fileno(), b"")
        try:
            while True:
                (length,) = _HEAD.unpack(await reader.readexactly(_HEAD.size))
                self._answered(*pickle.loads(await reader.readexactly(length)))
        except (asyncio.IncompleteReadError, OSError, pickle.UnpicklingError, struct.error):
            pass
        if self._closed:
            return
        logger.warning("the worker ended; starting another one")
        process.kill()
        process.wait()
        self._process = spawn()
        self.start()
        ended, self._running = self._running, None
        if ended is not None and not ended.tried:
            ended.tried = True
            heapq.heappush(self._waiting, ended)
            ended = None
        self._settle(ended, False, "the analysis ended unexpectedly")

    def _answered(self, number: int, good: bool, value: Any) -> None:
        ask = self._running
        if ask is not None and ask.number == number:
            self._running = None
            self._settle(ask, good, value)

    def _settle(self, ask: _Ask | None, good: bool, value: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if ask is not None and not ask.future.done():
            if good:
                ask.future.set_result(value)
            else:
                ask.future.set_exception(Failed(str(value)))
        self._next()

    def _give_up(self) -> None:
        """A job takes far too long: the next worker will not be asked that."""
        logger.warning("the analysis took more than %.0f s", _LIMIT)
        if self._running is not None:
            self._running.tried = True
        self._process.kill()
