"""Starting a worker."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

_PIPE_SIZE = 1031
"""F_SETPIPE_SZ, which Python names only on Linux: a whole text fits, so that writing it never waits."""


def spawn(module: str = "worker", *, own_group: bool = False) -> subprocess.Popen[bytes]:
    """Starts a worker; one that starts others leads a group, so that they end with it."""
    folder = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    # Our own path and no other: `-c` alone would import from the current folder, which may be the project's.
    found = [folder, *(path for path in sys.path if path and os.path.abspath(path) != os.getcwd())]
    # It leaves at once: its thread may still wait for its parent, which Python would not forgive on the way out.
    begin = f"import os, sys; sys.path[:] = {found!r}; from samedevice.lsp.{module} import main; os._exit(main())"
    command = [sys.executable, *_flags(), "-c", begin]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        start_new_session=own_group and os.name == "posix",
    )
    if sys.platform == "linux" and process.stdin is not None:
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(process.stdin.fileno(), _PIPE_SIZE, 1 << 20)
    return process


def _flags() -> list[str]:
    """What this Python was started with, as far as it decides where files are found and written."""
    alone = ["-E", "-s"] if sys.flags.ignore_environment else []
    alone += ["-S"] if sys.flags.no_site else []
    return [*alone, "-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else alone
