"""One file from its bytes to its report."""

from __future__ import annotations

import difflib
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from samedevice.cli.record import FileReport, Recorder
from samedevice.dataclass import dataclass
from samedevice.features.check import Checked, check
from samedevice.features.fixes import fixed, with_verified_fixes
from samedevice.settings import Settings
from samedevice.syntax import notebook as notebooks
from samedevice.syntax.notebook import Notebook
from samedevice.syntax.reading import Encoded, Unreadable, decode, read_bytes
from samedevice.syntax.source import SourceFile

CHECK, FIX, DIFF = "check", "fix", "diff"
_PATIENCE = {CHECK: 4, FIX: 12, DIFF: 12}
_GRACE = 5


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read and what to do with it."""

    path: str
    settings: Settings
    mode: str = CHECK
    fixes: bool = True
    """Whether the output shows fixes, so that they have to be tried."""
    data: bytes | None = None
    """The content where it does not come from the file."""

    @property
    def limit(self) -> float:
        """The seconds after which the file is given up, should its own budget fail."""
        return self.settings.max_seconds * _PATIENCE[self.mode] + _GRACE


class TooSlow(BaseException):
    """A file passed its limit; no `except Exception` on the way may stop it."""


def report(task: Task) -> FileReport:
    """Reads, checks and, where asked, mends one file."""
    try:
        data = read_bytes(Path(task.path)) if task.data is None else task.data
        book = notebooks.load(data, task.path) if task.path.endswith(".ipynb") else None
        if book is None:
            text, encoded = decode(data)
            source = SourceFile(task.path, text)
        else:
            source, encoded = book.source, book.encoded
        return _report(task, source, encoded, book, data)
    except Unreadable as error:
        return FileReport(task.path, error=str(error))


def guarded_report(task: Task) -> FileReport:
    """`report` within the file's limit, and whatever happens inside."""
    try:
        with _alarm(task.limit):
            return report(task)
    except TooSlow:
        return given_up(task)
    except Exception as error:
        return FileReport(task.path, error=f"could not be checked: {type(error).__name__}: {error}")


def given_up(task: Task) -> FileReport:
    """The report of a file that took too long."""
    return FileReport(task.path, notes=[f"given up after {task.limit:.0f} s"])


def _report(task: Task, source: SourceFile, encoded: Encoded, book: Notebook | None, data: bytes) -> FileReport:
    """The report of a file that could be read."""
    state = check(source, task.settings)
    done = FileReport(task.path)
    if task.mode != CHECK:
        state, done.fixed = fixed(state, task.settings)
        done.text = data.decode(encoded.encoding, errors="replace") if task.data is not None else None
        if done.fixed:
            book = _mended(task, done, state.source.text, encoded, book, data)
    if task.fixes and any(finding.fixes for finding in state.findings):
        state = with_verified_fixes(state, task.settings)
    return _filled(done, state, book, task.settings.torch_version)


def _mended(
    task: Task, done: FileReport, text: str, encoded: Encoded, book: Notebook | None, old: bytes
) -> Notebook | None:
    """Writes or shows a mended text; returns the notebook as it is then."""
    new = encoded.encode(text) if book is None else book.with_program(text)
    if task.mode == DIFF:
        done.diff = _diff(task.path, old, new)
    elif task.data is None:
        _write(Path(task.path), new)
    else:
        done.text = new.decode(encoded.encoding, errors="replace")
    return None if book is None else notebooks.load(new, task.path)


def _filled(done: FileReport, state: Checked, book: Notebook | None, torch: str | None) -> FileReport:
    """A report with the findings of a check."""
    recorder = Recorder(state.source, book, torch)
    done.findings = [recorder.finding(finding) for finding in state.findings]
    done.problems = [f"{recorder.place_text(problem.span)}: {problem.message}" for problem in state.problems]
    done.notes = list(state.notes)
    done.lines = recorder.lines
    return done


def _diff(path: str, old: bytes, new: bytes) -> str:
    """A unified diff of two contents."""
    name = Path(path).as_posix()
    before = old.decode(errors="replace").splitlines(keepends=True)
    after = new.decode(errors="replace").splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _write(path: Path, data: bytes) -> None:
    """Writes a file in place, so that its owner, mode and links stay."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Unreadable(f"can't be written: {error.strerror}") from None


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raises `TooSlow` in here after some seconds, where the system can."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
