"""Starting a worker; the first one starts before anything else is loaded, so this loads next to nothing."""

from __future__ import annotations

import contextlib
import gc
import os
import sys

TYPE_CHECKING = False  # as `typing` has it, which the first worker need not wait for
if TYPE_CHECKING:
    import subprocess
    from typing import IO, Protocol

    class Process(Protocol):
        """What is needed of a worker's process; `subprocess.Popen` has it."""

        pid: int

        @property
        def stdin(self) -> IO[bytes] | None: ...

        @property
        def stdout(self) -> IO[bytes] | None: ...

        def kill(self) -> None: ...

        def wait(self) -> int: ...


_PIPE_SIZE = 1031
"""F_SETPIPE_SZ, which Python names only on Linux: a whole text fits, so that writing it never waits."""


def spawn(module: str = "worker", *, own_group: bool = False) -> subprocess.Popen[bytes]:
    """Starts a worker; one that starts others leads a group, so that they end with it."""
    import subprocess

    # It leaves at once: its thread may still wait for its parent, which Python would not forgive on the way out.
    begin = f"import os, sys; sys.path[:] = {_path()!r}; from samedevice.lsp.{module} import main; os._exit(main())"
    command = [sys.executable, *_flags(), "-c", begin]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        start_new_session=own_group and os.name == "posix",
    )
    if process.stdin is not None:
        _widen(process.stdin.fileno())
    return process


def first() -> Process:
    """The first worker, before there is a thread: a copy of this process where that is safe, since it runs already."""
    return _forked() if sys.platform == "linux" else spawn()


def _forked() -> Process:
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become_worker(theirs_in, theirs_out, (ours_in, ours_out))
    os.close(theirs_in)
    os.close(theirs_out)
    _widen(ours_out)
    return _Copy(pid, open(ours_out, "wb", buffering=0), open(ours_in, "rb", buffering=0))


def _become_worker(read: int, write: int, others: tuple[int, ...]) -> None:
    """What the copy does until it ends; nothing of the process that it was copied from goes on in it."""
    code = 1
    gc.disable()
    try:
        os.dup2(read, 0)
        os.dup2(write, 1)
        for number in (read, write, *others):
            os.close(number)
        sys.path[:] = _path()
        from samedevice.lsp.worker import main

        code = main()
    except Exception:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


class _Copy:
    """A process that was not started by `subprocess`."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid = pid
        self.stdin: IO[bytes] | None = stdin
        self.stdout: IO[bytes] | None = stdout
        self._code: int | None = None

    def kill(self) -> None:
        import signal

        if self._code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._code


def _widen(number: int) -> None:
    """Gives a pipe room for a whole text."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(number, _PIPE_SIZE, 1 << 20)


def _path() -> list[str]:
    """Our own path and no other: `-c` alone would import from the current folder, which may be the project's."""
    folder = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return [folder, *(path for path in sys.path if path and os.path.abspath(path) != os.getcwd())]


def _flags() -> list[str]:
    """What this Python was started with, as far as it decides where files are found and written."""
    alone = ["-E", "-s"] if sys.flags.ignore_environment else []
    alone += ["-S"] if sys.flags.no_site else []
    return [*alone, "-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else alone
