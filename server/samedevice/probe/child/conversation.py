"""One request in, events out, one result."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any

from .answers import Answers

OLDEST = (2, 4)


def main(descriptor: int) -> None:
    """Answers the request on stdin, and ends the process without waiting for what the user's code left running."""
    answers = Answers(descriptor)
    request = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    code = 0
    try:
        _as_from_the_terminal(request)
        answers.send("result", **_result(request, answers))
    except BaseException as error:
        from .failures import printed

        answers.send("fault", text=printed(error))
        code = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code)


def _as_from_the_terminal(request: dict[str, Any]) -> None:
    """The path, the arguments and the input of `python FILE < /dev/null`."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    sys.stdin = os.fdopen(0, closefd=False)
    path = [os.path.abspath(one) for one in request.get("path") or []]
    sys.path[:0] = [one for one in path if one not in sys.path]
    sys.argv = [request.get("file") or ""]
    sys.dont_write_bytecode = True
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace", line_buffering=True)


def _result(request: dict[str, Any], answers: Answers) -> dict[str, Any]:
    answers.stage("import torch")
    try:
        import torch

        version = str(torch.__version__)
    except BaseException as error:
        return _no_torch(error)
    if _number(version) < OLDEST:
        why = f"torch {version} is too old for a probe, which needs 2.4 or newer: pip install -U torch"
        return _not_run(why, {"kind": "import", "message": why, "stage": "import torch"}, torch=version)
    if request.get("whole"):
        from .whole import result

        return result(request, answers)
    from .probing import Probe

    return Probe(request, answers).result()


def _number(version: str) -> Any:
    try:
        return tuple(int(part) for part in version.split("+")[0].split(".")[:2])
    except ValueError:
        return OLDEST


def _no_torch(error: BaseException) -> dict[str, Any]:
    from .failures import failure

    found = dict(failure(error, "import torch"), kind="import")
    if isinstance(error, ModuleNotFoundError) and error.name == "torch":
        install = f"{sys.executable} -m pip install torch"
        why = f"torch is not installed in {sys.executable}: choose another interpreter, or run {install}"
    else:
        why = f"torch does not import in {sys.executable}: {type(error).__name__}: {error}"
    return _not_run(why, found)


def _not_run(why: str, failure: dict[str, Any], **environment: Any) -> dict[str, Any]:
    import platform

    environment.update(python=platform.python_version(), platform=platform.platform())
    return {"schema": 1, "verdict": "not run", "why": why, "failure": failure, "environment": environment}
