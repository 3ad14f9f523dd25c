"""A worker as seen from the process that talks to the editor."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import logging
import os
import pickle
import signal
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from samedevice.dataclass import dataclass, field
from samedevice.lsp import streams
from samedevice.lsp.wire import Pipe

if TYPE_CHECKING:
    from samedevice.lsp.spawn import Process

logger = logging.getLogger(__name__)

_HEAD = struct.Struct(">I")
_LIMIT = 60.0
"""Seconds after which a job is given up; the engine's own budget is far smaller."""
FIRST, SOON, LATER = 0, 1, 2


class Failed(Exception):
    """The worker could not do a job."""


class TooLong(Failed):
    """The worker did not end a job in its time."""


@dataclass(order=True)
class _Ask:
    priority: int
    number: int
    name: str = field(compare=False)
    make: Callable[[], tuple[Any, ...] | None] = field(compare=False)
    future: asyncio.Future[Any] = field(compare=False)
    about: str = field(compare=False)
    """The program that it is about; its result is worth nothing once that changes."""
    tried: bool = field(default=False, compare=False)
    """Whether a worker has ended over it already."""
    stopped: bool = field(default=False, compare=False)
    """Whether the worker was told that nobody waits for it."""


class Worker:
    """Asks one thing at a time, the most urgent first; what is asked is made up when its turn comes."""

    def __init__(self, start: Callable[[], Process], limit: float = _LIMIT) -> None:
        """`start` starts a process, at the first job and whenever the last one has ended."""
        self._start = start
        self._limit = limit
        self._process: Process | None = None
        self._waiting: list[_Ask] = []
        self._numbers = itertools.count()
        self._running: _Ask | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._reading: asyncio.Task[None] | None = None
        self._closed = False
        self.restarted: Callable[[], None] = lambda: None
        """Called when another process has to be told what the last one knew."""

    def begin(self, process: Process | None = None) -> None:
        """Begins to listen to a process, a new one where none is given."""
        self._process = process or self._start()
        self._reading = asyncio.ensure_future(self._read(self._process))

    def ask(
        self, name: str, make: Callable[[], tuple[Any, ...] | None], priority: int = SOON, about: str = ""
    ) -> asyncio.Future[Any]:
        """A job's result; `make` gives its arguments at the last moment, None for never mind."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, _Ask(priority, next(self._numbers), name, make, future, about))
        if priority < LATER and self._running is not None and self._running.priority == LATER:
            self._stop(self._running)
        self._next()
        return future

    def changed(self, about: str) -> None:
        """A program's text has changed: what is being found out about the old one is given up."""
        if self._running is not None and self._running.about == about:
            self._stop(self._running)

    def _stop(self, ask: _Ask) -> None:
        if not ask.stopped:
            ask.stopped = True
            self._write((ask.number, "stop", ()))

    def rest(self) -> None:
        """Ends a process that has nothing to do; the next job starts another one."""
        if self._running is None and not self._waiting:
            self._end()

    def close(self) -> None:
        """Ends the worker."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        process, self._process = self._process, None
        if process is not None:
            _kill(process)
            process.wait()

    def _next(self) -> None:
        while self._running is None and self._waiting and not self._closed:
            if self._process is None:
                self.begin()
            ask = heapq.heappop(self._waiting)
            if ask.future.done():
                continue
            arguments = _made(ask)
            if arguments is None:
                continue
            self._running = ask
            self._timer = asyncio.get_running_loop().call_later(self._limit, self._give_up, ask)
            self._write((ask.number, ask.name, arguments))

    def _write(self, request: Any) -> None:
        body = pickle.dumps(request, protocol=5)
        data = memoryview(_HEAD.pack(len(body)) + body)
        stream = self._process.stdin if self._process is not None else None
        try:
            while data and stream is not None:
                data = data[stream.write(data) or 0 :]
        except OSError:
            logger.debug("the worker is gone")

    async def _read(self, process: Process) -> None:
        """Listens to one process until it ends; another one takes over what it did not answer."""
        assert process.stdout is not None
        reader = await streams.opened(Pipe(process.stdout.fileno()), b"")
        try:
            while True:
                (length,) = _HEAD.unpack(await reader.readexactly(_HEAD.size))
                self._answered(*pickle.loads(await reader.readexactly(length)))
        except (asyncio.IncompleteReadError, OSError, pickle.UnpicklingError, struct.error):
            pass
        if self._closed:
            return
        logger.warning("the worker ended; starting another one")
        _kill(process)
        process.wait()
        self.begin()
        ended, self._running = self._running, None
        self.restarted()
        if ended is not None and not ended.tried:
            ended.tried = True
            heapq.heappush(self._waiting, ended)
            ended = None
        self._settle(ended, Failed("the analysis ended unexpectedly"))

    def _answered(self, number: int, good: bool | None, value: Any) -> None:
        """An answer: good, bad with its reason, or neither where the job was stopped."""
        ask = self._running
        if ask is None or ask.number != number:
            return
        self._running = None
        if good is None and ask.priority == LATER:
            # Under another number: the worker still knows the old one as stopped. It also goes behind what waits.
            ask.stopped, ask.number = False, next(self._numbers)
            heapq.heappush(self._waiting, ask)
            ask = None
        self._settle(ask, Failed(str(value)) if not good else None, value)

    def _settle(self, ask: _Ask | None, failure: Failed | None, value: Any = None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if ask is not None and not ask.future.done():
            if failure is None:
                ask.future.set_result(value)
            else:
                ask.future.set_exception(failure)
        self._next()

    def _give_up(self, ask: _Ask) -> None:
        """A job takes far too long: the next process will not be asked that."""
        logger.warning("a job took more than %.0f s", self._limit)
        ask.tried = True
        if not ask.future.done():
            ask.future.set_exception(TooLong(f"this took more than {self._limit:.0f} s"))
        if self._process is not None:
            _kill(self._process)


def _made(ask: _Ask) -> tuple[Any, ...] | None:
    """The arguments of a job whose turn has come; None where it is settled without a worker."""
    try:
        arguments = ask.make()
    except Exception as error:
        logger.exception("%s can't be asked", ask.name)
        ask.future.set_exception(Failed(f"{type(error).__name__}: {error}"))
        return None
    if arguments is None:
        ask.future.set_result(None)
    return arguments


def _kill(process: Process) -> None:
    """Ends a process, with those that it started where it leads a group of its own."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg") and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
