"""Checks every Python file under the given folders and reports what must never be: exceptions, deaths and slow files.

    python .ci/robust.py FOLDER … [--jobs N] [--limit SECONDS] [--sample N] [--notes]

Exit code 1 if any file raised, died or took longer than the limit.
"""

from __future__ import annotations

import argparse
import collections
import gc
import logging
import multiprocessing
import multiprocessing.connection
import random
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from samedevice.features.check import check
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile

HANGS = 60.0
"""Seconds after which a file is given up."""


@dataclass
class Ran:
    """How the check of one file went."""

    path: str
    seconds: float
    lines: int = 0
    error: str = ""
    """The end of a traceback, or how the process died."""
    findings: int = 0
    notes: list[str] = field(default_factory=list)


def main() -> int:
    """Run the files, print what went wrong, and say how fast it was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=float, default=5.0, help="seconds a file may take")
    parser.add_argument("--sample", type=int, help="only so many files, chosen at random but always the same")
    parser.add_argument("--notes", action="store_true", help="also count what was cut short, and why")
    args = parser.parse_args()
    files = _files(args.folders, args.sample)
    started = time.monotonic()
    results = list(_progress(_run_all(files, args.jobs), len(files)))
    _report(results, args.limit, args.notes)
    print(f"{len(files)} files, {sum(ran.lines for ran in results)} lines in {time.monotonic() - started:.0f} s")
    return 1 if any(ran.error or ran.seconds > args.limit for ran in results) else 0


def _files(folders: list[Path], sample: int | None) -> list[str]:
    found = sorted(
        {str(path) for folder in folders for path in ([folder] if folder.is_file() else folder.rglob("*.py"))}
    )
    if sample is not None and sample < len(found):
        found = random.Random(0).sample(found, sample)
    return found


def _run_all(files: list[str], jobs: int) -> Iterator[Ran]:
    """Hand out the files one by one; a worker that dies or hangs costs its file only."""
    waiting = list(reversed(files))
    workers: dict[multiprocessing.connection.Connection, tuple[multiprocessing.Process, str, float]] = {}
    while waiting or workers:
        while waiting and len(workers) < jobs:
            pipe, process = _worker()
            workers[pipe] = (process, *_give(pipe, waiting))
        answered = multiprocessing.connection.wait(list(workers), timeout=1.0)
        for pipe in [pipe for pipe in workers if pipe in answered]:
            process, path, since = workers.pop(pipe)
            try:
                yield pipe.recv()
            except (EOFError, ConnectionResetError):
                process.join()
                yield Ran(path, time.monotonic() - since, error=f"the process died with exit code {process.exitcode}")
                continue
            if waiting:
                workers[pipe] = (process, *_give(pipe, waiting))
            else:
                pipe.send(None)
                process.join()
        for pipe, (process, path, since) in list(workers.items()):
            if time.monotonic() - since > HANGS + 10:
                process.kill()
                del workers[pipe]
                yield Ran(path, time.monotonic() - since, error="hangs, and does not answer to an alarm")


def _give(pipe: multiprocessing.connection.Connection, waiting: list[str]) -> tuple[str, float]:
    path = waiting.pop()
    pipe.send(path)
    return path, time.monotonic()


def _worker() -> tuple[multiprocessing.connection.Connection, multiprocessing.Process]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _work(pipe: multiprocessing.connection.Connection) -> None:
    logged: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(_of_record(record))  # type: ignore[method-assign]  # a handler of one line
    logging.getLogger("samedevice").addHandler(handler)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _alarm)
    # As the command line does: trees are many objects that live long.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    settings = Settings()
    while (path := pipe.recv()) is not None:
        logged.clear()
        ran = Ran(path, 0.0)
        started = time.monotonic()
        try:
            if hasattr(signal, "SIGALRM"):
                signal.setitimer(signal.ITIMER_REAL, HANGS)
            text = Path(path).read_bytes().decode("utf-8", errors="replace")
            ran.lines = text.count("\n")
            checked = check(SourceFile(path, text), settings)
            ran.findings = len(checked.findings)
            ran.notes = list(checked.notes)
        except BaseException:
            ran.error = _tail(traceback.format_exc())
        finally:
            if hasattr(signal, "SIGALRM"):
                signal.setitimer(signal.ITIMER_REAL, 0)
        ran.seconds = time.monotonic() - started
        ran.error = ran.error or "\n".join(logged[:1])
        pipe.send(ran)


def _alarm(_signal: int, _frame: object) -> None:
    raise TimeoutError(f"given up after {HANGS:.0f} s")


def _of_record(record: logging.LogRecord) -> str:
    if record.exc_info and record.exc_info[0] is not None:
        return _tail("".join(traceback.format_exception(*record.exc_info)))
    return record.getMessage()


def _tail(text: str) -> str:
    """The last two places of a traceback and the error: what makes two of them the same."""
    lines = [line.strip() for line in text.strip().splitlines() if not set(line.strip()) <= {"^", "~"}]
    places = [index for index, line in enumerate(lines) if line.startswith("File ")]
    return " | ".join(lines[places[-2] if len(places) > 1 else 0 :])[-600:]


def _progress(results: Iterator[Ran], total: int) -> Iterator[Ran]:
    for count, ran in enumerate(results, 1):
        if sys.stderr.isatty() or count % 500 == 0:
            print(f"\r{count}/{total}", end="" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
        yield ran


def _report(results: list[Ran], limit: float, with_notes: bool) -> None:
    errors: dict[str, list[Ran]] = collections.defaultdict(list)
    for ran in results:
        if ran.error:
            errors[ran.error].append(ran)
    for error, group in sorted(errors.items(), key=lambda item: -len(item[1])):
        print(f"RAISED in {len(group)} files, as {group[0].path}:\n    {error}")
    for ran in sorted((ran for ran in results if ran.seconds > limit), key=lambda ran: -ran.seconds):
        print(f"SLOW {ran.seconds:6.1f} s  {ran.path} ({ran.lines} lines)")
    if with_notes:
        notes = collections.Counter(note for ran in results for note in ran.notes)
        for note, count in notes.most_common():
            print(f"NOTE {count:5} × {note}")
    slowest = sorted(results, key=lambda ran: -ran.seconds)[:5]
    print("slowest: " + ", ".join(f"{Path(ran.path).name} {ran.seconds:.2f} s" for ran in slowest))
    print(
        f"{sum(map(len, errors.values()))} raised, {sum(ran.seconds > limit for ran in results)} over {limit:g} s, "
        f"{sum(bool(ran.notes) for ran in results)} cut short, {sum(ran.findings for ran in results)} findings"
    )


if __name__ == "__main__":
    sys.exit(main())
