"""Probes many networks in one process: torch is imported once, and each probe runs in a fork.

As a program, `python tests/probe/many.py` reads requests from stdin, one a line, and writes one result a line.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CHILD = Path(__file__).parents[2] / "server/samedevice/probe/child"
NAME = "_samedevice_probe"
NETWORKS = Path(__file__).parent / "networks"


class Silent:
    """Answers that nobody reads."""

    def stage(self, name: str, run: str = "") -> None:
        """Says nothing."""

    def send(self, event: str, **more: Any) -> None:
        """Says nothing."""


def child(module: str) -> Any:
    """A module of the child, loaded as the child loads it."""
    if NAME not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            NAME, CHILD / "__init__.py", submodule_search_locations=[str(CHILD)]
        )
        assert spec is not None
        sys.modules[NAME] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"{NAME}.{module}")


def examples() -> dict[str, dict[str, Any]]:
    """A request for each example network, by `file/name`."""
    found = {}
    for path in sorted(NETWORKS.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        spec = importlib.util.spec_from_file_location(f"networks_{path.stem}", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name in module.EXAMPLES:
            found[f"{path.stem}/{name}"] = {
                "file": str(path),
                "text": text,
                "build": [
                    {"code": text, "line": 1},
                    {"code": f"network, inputs = EXAMPLES[{name!r}]()", "line": text.count("\n") + 2},
                ],
                "network": "network",
                "inputs": [{"source": "the example", "call": "(inputs, {})"}],
                "on": "virtual",
                "backward": True,
                "seed": 0,
            }
    return found


OTHER_WORDS = {
    "buggy/GruHiddenOnCpu": "the products of a cell run in another order",
    "buggy/HistogramOnGpu": "a list of backends follows, which is left out",
}


def failure(result: dict[str, Any]) -> dict[str, Any]:
    """The first failure of a result."""
    return next((run["failure"] for run in result["runs"] if run["failure"]), None) or result["failure"] or {}


def unlike(name: str, found: dict[str, Any], want: dict[str, str]) -> str:
    """How a result differs from what was recorded of an example: clean or not, the exception, the first line of it."""
    if not want:
        return "" if found["verdict"] == "clean" else f"not clean: {found['why']}"
    if found["verdict"] not in ("mismatch", "error"):
        return f"{found['verdict']}: {found['why']}"
    raised = failure(found)
    if raised["error"] != want["raised"] or not raised["certain"]:
        return f"{raised['error']}, certain: {raised['certain']}"
    said = raised["message"].splitlines()[0]
    return "" if said == want["text"] or name in OTHER_WORDS else f"other words: {said}"


def probed(requests: list[dict[str, Any]], interpreter: str = sys.executable) -> list[dict[str, Any]]:
    """The results of requests, by one process."""
    lines = "".join(json.dumps(one) + "\n" for one in requests)
    done = subprocess.run(
        [interpreter, "-B", __file__], input=lines, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Reads requests, and forks for each of them."""
    probing = child("probing")
    child("virtual").install()
    for line in sys.stdin:
        with tempfile.TemporaryFile() as answer:
            pid = os.fork()
            if pid == 0:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                try:
                    found = probing.Probe(json.loads(line), Silent()).result()
                except BaseException as error:
                    found = {"verdict": "fault", "why": child("failures").printed(error)}
                answer.write(json.dumps(found, default=str).encode())
                answer.flush()
                os._exit(0)
            _, status = os.waitpid(pid, 0)
            answer.seek(0)
            text = answer.read().decode() or json.dumps({"verdict": "died", "why": f"status {status}", "runs": []})
            sys.stdout.write(text + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
