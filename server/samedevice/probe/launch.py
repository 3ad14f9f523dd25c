"""Starts a probe in the user's own Python, watches it, and ends it with all that it started."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from samedevice.dataclass import dataclass, field, replace
from samedevice.probe.result import ERROR, NOT_RUN, Failure, Result, from_json

CHILD = Path(__file__).parent / "child" / "__main__.py"
MOST_OUTPUT = 64 * 1024
"""Bytes of each stream of the user's program that are kept."""
_GRACE = 1.0
"""Seconds between asking a group to end and ending it."""
_TICK = 0.05

Event = Mapping[str, Any]


def run(
    request: Mapping[str, Any],
    *,
    interpreter: str = sys.executable,
    seconds: float = 120,
    memory_mb: float | None = None,
    on_event: Callable[[Event], None] | None = None,
    cancelled: threading.Event | None = None,
) -> Result:
    """Runs a request in a process of its own and gives its answer; every fault is one, nothing is raised."""
    try:
        child = _Child(interpreter, request, on_event or (lambda event: None))
    except (OSError, ValueError) as error:
        why = f"{interpreter} could not be started ({error}): choose another Python with --python or in the settings"
        return _stopped(NOT_RUN, why, "interpreter")
    with child:
        end = child.wait(seconds, memory_mb, cancelled)
    return child.result(end, seconds, memory_mb)


@dataclass(slots=True)
class _Stream:
    """One stream of the user's program, the beginning kept."""

    kept: bytearray = field(default_factory=bytearray)
    dropped: int = 0

    def add(self, data: bytes) -> bytes:
        """Keeps what still fits, and gives it."""
        fits = data[: max(0, MOST_OUTPUT - len(self.kept))]
        self.kept += fits
        self.dropped += len(data) - len(fits)
        return fits

    def text(self) -> str:
        """What was kept; bytes that are no UTF-8 as escapes."""
        text = bytes(self.kept).decode("utf-8", "backslashreplace")
        return f"{text}\n[{self.dropped} bytes more]" if self.dropped else text


class _Child:
    """The process, its streams and its events."""

    def __init__(self, interpreter: str, request: Mapping[str, Any], on_event: Callable[[Event], None]) -> None:
        self.interpreter = interpreter
        self.events: list[Event] = []
        self.answer: Event | None = None
        self.stage = "start"
        self.streams = {"stdout": _Stream(), "stderr": _Stream()}
        self._on_event = on_event
        self._lock = threading.Lock()
        self.process, answers = _start(interpreter, request.get("cwd"))
        self._threads = [
            threading.Thread(target=self._read_answers, args=(answers,), daemon=True),
            threading.Thread(target=self._read_output, args=("stdout", self.process.stdout), daemon=True),
            threading.Thread(target=self._read_output, args=("stderr", self.process.stderr), daemon=True),
            threading.Thread(target=self._ask, args=(request,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *exc: object) -> None:
        """Ends what is still running, and leaves nothing behind."""
        _end_group(self.process)
        for thread in self._threads:
            thread.join(2)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def wait(self, seconds: float, memory_mb: float | None, cancelled: threading.Event | None) -> str:
        """Waits for the answer, the end of the process, or a reason to end it."""
        deadline = time.monotonic() + seconds
        weighed = time.monotonic()
        while True:
            if self.answer is not None or self.process.poll() is not None:
                self._threads[0].join(1)
                return "done"
            if cancelled is not None and cancelled.is_set():
                return "cancelled"
            if time.monotonic() > deadline:
                return "timeout"
            if memory_mb is not None and time.monotonic() >= weighed:
                weighed = time.monotonic() + 0.2
                if _group_memory(self.process.pid) > memory_mb * 1024 * 1024:
                    return "memory"
            if cancelled is not None:
                cancelled.wait(_TICK)
            else:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(_TICK)

    def result(self, end: str, seconds: float, memory_mb: float | None) -> Result:
        """The answer, or what there is to say instead of one."""
        captured = {name: stream.text() for name, stream in self.streams.items()}
        if self.answer is not None and self.answer.get("event") == "result":
            return replace(from_json(self.answer), captured=captured)
        return replace(self._no_answer(end, seconds, memory_mb), captured=captured)

    def _no_answer(self, end: str, seconds: float, memory_mb: float | None) -> Result:
        stage = self.stage
        if end == "cancelled":
            return _stopped(NOT_RUN, "cancelled", "cancelled", stage)
        if end == "timeout":
            why = f"no end after {seconds:g} s in the stage {stage!r}: an endless loop, or it needs a longer limit"
            return _stopped(ERROR, why, "timeout", stage)
        if end == "memory":
            why = f"more than {memory_mb:g} MB of memory in the stage {stage!r}: try a smaller input or a higher limit"
            return _stopped(ERROR, why, "memory", stage)
        if self.answer is not None:
            why = "the probe itself failed, which is a bug of SameDevice: please report it with this text"
            return _stopped(ERROR, why, "other", stage, message=str(self.answer.get("text")))
        return self._died(stage)

    def _died(self, stage: str) -> Result:
        """What an exit without an answer means."""
        code = self.process.returncode
        said = self.streams["stderr"].text().strip()
        last = said.splitlines()[-1] if said else ""
        if stage == "start":
            more = f"{_ended(code)}: {last}" if last else _ended(code)
            why = f"{self.interpreter} is no working Python ({more}): choose another one"
            return _stopped(NOT_RUN, why, "interpreter", message=said)
        if code is not None and code < 0:
            name = _ended(code)
            if -code == getattr(signal, "SIGKILL", 9):
                advice = "mostly for want of memory: try a smaller input"
                why = f"ended from outside ({name}) in the stage {stage!r}, {advice}"
                return _stopped(ERROR, why, "memory", stage, message=said)
            why = f"Python itself crashed ({name}) in the stage {stage!r}, in native code: see the output for where"
            return _stopped(ERROR, why, "crash", stage, message=said)
        why = f"the program ended the process with exit code {code} in the stage {stage!r}, before there was an answer"
        return _stopped(ERROR, why, "exit", stage, message=said)

    def _ask(self, request: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(json.dumps(request).encode("utf-8"))
            self.process.stdin.close()

    def _read_answers(self, answers: IO[bytes]) -> None:
        with answers:
            for line in answers:
                try:
                    event = json.loads(line)
                except ValueError:
                    continue
                if event.get("event") in ("result", "fault"):
                    self.answer = event
                    return
                self.stage = str(event.get("name", self.stage)) if event.get("event") == "stage" else self.stage
                self._tell(event)

    def _read_output(self, name: str, stream: IO[bytes] | None) -> None:
        assert stream is not None
        descriptor = stream.fileno()
        with contextlib.suppress(OSError, ValueError):
            while data := os.read(descriptor, 65536):
                fits = self.streams[name].add(data)
                if fits:
                    self._tell({"event": "output", "stream": name, "text": fits.decode("utf-8", "backslashreplace")})

    def _tell(self, event: Event) -> None:
        with self._lock, contextlib.suppress(Exception):
            self._on_event(event)


def _start(interpreter: str, cwd: str | None) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """Starts the child at the head of a new group, with a pipe of its own for answers."""
    reading, writing = os.pipe()
    options: dict[str, Any] = {"start_new_session": True, "pass_fds": (writing,)}
    number = writing
    if sys.platform == "win32":
        import msvcrt

        number = msvcrt.get_osfhandle(writing)
        os.set_handle_inheritable(number, True)
        options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP, "close_fds": False}
    try:
        process = subprocess.Popen(
            [interpreter, "-B", "-X", "faulthandler", str(CHILD), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd or None,
            bufsize=0,
            **options,
        )
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return process, os.fdopen(reading, "rb")


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and all in its group: asked first, then not."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        process.wait()
        return
    if process.poll() is None:
        _signal(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
    _signal(process.pid, signal.SIGKILL)
    process.wait()


def _signal(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _group_memory(group: int) -> int:
    """Bytes of real memory of a process and its children; 0 where the system does not say."""
    total = 0
    for pid in _members(group):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{pid}/statm").read_text().split()
            total += int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
    return total


def _members(group: int) -> Iterator[int]:
    """The processes of a group, where there is a /proc."""
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError):
                    if os.getpgid(int(name)) == group:
                        yield int(name)


def _ended(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _stopped(verdict: str, why: str, kind: str, stage: str = "start", message: str = "") -> Result:
    """An answer about a probe that did not come to one."""
    return Result(verdict, why, failure=Failure(kind=kind, message=message or why, stage=stage))
