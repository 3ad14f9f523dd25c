"""Runs texts on the real PyTorch: a process of its own, so that nothing of it reaches the tests.

As a script: reads {name: text} as JSON from stdin, prints {name: {status, line, error}}; each text gets a process.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import subprocess
import sys
import traceback
from typing import Any

Verdict = dict[str, Any]
"""`status` ("ok", "raised", "timeout"), `line` of the innermost frame in the text, `error` as Python prints it."""

SECONDS = 60.0
"""For one text."""


def verdicts(texts: dict[str, str]) -> dict[str, Verdict]:
    """What PyTorch says to each text."""
    done = subprocess.run(
        [sys.executable, __file__], input=json.dumps(texts), capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return dict(json.loads(done.stdout))


def main() -> None:
    """Answer on stdout; torch is imported once, before the processes are forked where the system can fork."""
    texts = json.loads(sys.stdin.read())
    how = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    if how == "fork":
        import torch
        import torch._dynamo  # optimizers import it at their first step, which takes as long as all the rest

        torch.set_num_threads(1)
    context = multiprocessing.get_context(how)
    json.dump({name: _apart(context, text) for name, text in texts.items()}, sys.stdout)


def _apart(context: Any, text: str) -> Verdict:
    """The verdict from a process that is ended when it takes too long."""
    receiver, sender = context.Pipe(False)
    process = context.Process(target=_send, args=(sender, text))
    process.start()
    sender.close()
    verdict: Verdict = {"status": "timeout", "line": None, "error": None}
    with contextlib.suppress(EOFError):
        if receiver.poll(SECONDS):
            verdict = receiver.recv()
    process.terminate()
    process.join()
    return verdict


def _send(sender: Any, text: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        sender.send(_verdict(text))


def _verdict(text: str) -> Verdict:
    """Run a text in this process."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    try:
        exec(compile(text, "<text>", "exec", dont_inherit=True), {"__name__": "__main__", "__file__": "text.py"})
    except SystemExit:
        return {"status": "ok", "line": None, "error": None}
    except BaseException as error:
        frames = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<text>"]
        return {"status": "raised", "line": frames[-1] if frames else None, "error": f"{type(error).__name__}: {error}"}
    return {"status": "ok", "line": None, "error": None}


if __name__ == "__main__":
    main()
