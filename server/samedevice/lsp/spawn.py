"""Starting the worker."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

_PIPE_SIZE = 1031
"""F_SETPIPE_SZ, which Python names only on Linux: a whole text fits, so that writing it never waits."""


def spawn() -> subprocess.Popen[bytes]:
    """Starts a worker; it warms up while the editor still says hello."""
    command = [sys.executable, *(["-E", "-s"] if sys.flags.ignore_environment else []), "-m", "samedevice.lsp.worker"]
    folder = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    command[-2:] = [
        "-c",
        f"import sys; sys.path.insert(0, {folder!r}); from samedevice.lsp.worker import main; sys.exit(main())",
    ]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    if sys.platform == "linux" and process.stdin is not None:
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(process.stdin.fileno(), _PIPE_SIZE, 1 << 20)
    return process
