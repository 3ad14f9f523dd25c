"""Worker processes that can die or hang without taking the run with them."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic

from samedevice.cli.record import FileReport
from samedevice.cli.work import Task, given_up, guarded_report
from samedevice.dataclass import dataclass, field

_CHUNK_BYTES = 60_000
_GRACE = 5
"""Seconds between a worker's own alarm and its end by us."""


@dataclass
class _Worker:
    """A process and the tasks it has been given, in their order."""

    process: BaseProcess
    pipe: Connection
    tasks: list[Task] = field(default_factory=list)
    since: float = 0.0

    @property
    def deadline(self) -> float:
        """When its present file has taken too long."""
        return self.since + self.tasks[0].limit + _GRACE


def reports(tasks: list[tuple[Task, int]], jobs: int) -> Iterator[FileReport]:
    """The report of each task (given with its size), in the order in which they are done."""
    chunks = _chunks(tasks)
    count = min(jobs, len(chunks))
    workers: list[_Worker] = []
    try:
        workers += [_started() for _ in range(count)]
        for worker in workers:
            _feed(worker, chunks)
        while any(worker.tasks for worker in workers):
            busy = [worker for worker in workers if worker.tasks]
            ready = wait([worker.pipe for worker in busy], max(0.0, min(w.deadline for w in busy) - monotonic()))
            for worker in busy:
                if worker.pipe in ready:
                    yield from _received(worker, workers, chunks)
                elif monotonic() > worker.deadline:
                    yield given_up(worker.tasks[0])
                    _replace(worker, workers, chunks)
    finally:
        for worker in workers:
            _end(worker)


def _chunks(tasks: list[tuple[Task, int]]) -> list[list[Task]]:
    """Tasks in groups of some size, the smallest files first, because groups are taken from the end."""
    chunks: list[list[Task]] = []
    size = _CHUNK_BYTES
    for task, length in sorted(tasks, key=lambda pair: pair[1], reverse=True):
        if size >= _CHUNK_BYTES:
            chunks.append([])
            size = 0
        chunks[-1].append(task)
        size += length
    chunks.reverse()
    return chunks


def _started() -> _Worker:
    """A new worker. Forks share what is already imported; where forking is not safe the worker imports anew."""
    fork = sys.platform == "linux"
    context = multiprocessing.get_context("fork") if fork else multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, ours), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _serve(pipe: Connection, other_end: Connection) -> None:
    """The life of a worker: tasks in, a report for each out."""
    other_end.close()
    try:
        while _called(pipe) and (tasks := pipe.recv()):
            for task in tasks:
                pipe.send(guarded_report(task))
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _called(pipe: Connection) -> bool:
    """Waits for work; False when the process that gives it is gone, which siblings' copies of the pipe would hide."""
    while not pipe.poll(_GRACE):
        parent = multiprocessing.parent_process()
        if parent is None or not parent.is_alive():
            return False
    return True


def _feed(worker: _Worker, chunks: list[list[Task]]) -> None:
    """Gives a worker its next group of files."""
    if chunks:
        worker.tasks = chunks.pop()
        worker.since = monotonic()
        # Should it be dead already, its pipe is found closed when its answer is waited for.
        with suppress(OSError):
            worker.pipe.send(worker.tasks)


def _received(worker: _Worker, workers: list[_Worker], chunks: list[list[Task]]) -> Iterator[FileReport]:
    """What a worker sends: a report, or its death."""
    try:
        report: FileReport = worker.pipe.recv()
    except (EOFError, OSError):
        yield FileReport(worker.tasks[0].path, notes=["the process that checked it died"])
        _replace(worker, workers, chunks)
        return
    worker.tasks = worker.tasks[1:]
    worker.since = monotonic()
    yield report
    if not worker.tasks:
        _feed(worker, chunks)


def _replace(worker: _Worker, workers: list[_Worker], chunks: list[list[Task]]) -> None:
    """Ends a worker; a new one goes on behind the file that it failed at."""
    rest = worker.tasks[1:]
    _end(worker)
    workers.remove(worker)
    if rest:
        chunks.append(rest)
    if chunks:
        fresh = _started()
        workers.append(fresh)
        _feed(fresh, chunks)


def _end(worker: _Worker) -> None:
    """Ends a process: an idle one by an empty group, a busy one by force."""
    if worker.tasks:
        worker.process.kill()
    else:
        with suppress(OSError):
            worker.pipe.send([])
    worker.process.join(timeout=_GRACE)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.pipe.close()
