"""Every fault has an answer that says what to do, and leaves no process behind."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from samedevice.probe import launch
from samedevice.probe.result import Result

NETWORK = """import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(4, 2)

    def forward(self, x):
        {}
        return self.lin(x)
"""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def probe(folder: Path, text: str, network: str = "Net()", on: str = "cpu", **options: Any) -> Result:
    """Probes a network of a text."""
    request = {
        "cwd": str(folder),
        "path": [str(folder)],
        "file": str(folder / "net.py"),
        "text": text,
        "build": [{"code": text, "line": 1}],
        "network": network,
        "inputs": [{"source": "the test", "args": ["torch.randn(3, 4)"]}],
        "on": on,
    }
    return launch.run(
        request | options.pop("request", {}), **({"interpreter": sys.executable, "seconds": 120} | options)
    )


def stub(folder: Path, body: str, **options: Any) -> Result:
    """Probes where `torch` is a module of the project: the fault happens when it is imported, which costs nothing."""
    (folder / "torch.py").write_text(body, encoding="utf-8")
    return probe(folder, "import torch", **options)


def left(folder: Path) -> list[int]:
    """The processes whose working folder this is."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{name}/cwd") == str(folder):
                found.append(int(name))
        except OSError:
            continue
    return found


def test_a_clean_run(tmp_path: Path) -> None:
    """The answer, the user's prints apart from it, and no file in the project."""
    (tmp_path / "helper.py").write_text("VALUE = 1\n")
    events: list[Mapping[str, Any]] = []
    text = NETWORK.format("print('hello', __import__('helper').VALUE)")
    result = probe(tmp_path, text, on_event=events.append, request={"backward": True})
    assert (result.verdict, result.why) == ("clean", "runs clean on cpu in float32")
    assert result.captured["stdout"].count("hello 1\n") >= 1
    assert [event["name"] for event in events if event["event"] == "stage"] == [
        "import torch",
        "build",
        "inputs",
        "move",
        "forward",
        "backward",
        "measure",
    ]
    assert os.listdir(tmp_path) == ["helper.py"]
    assert result.runs[0].ms is not None and result.runs[0].ms > 0
    assert result.environment["torch"] == torch.__version__


def test_as_from_the_terminal(tmp_path: Path) -> None:
    """Working folder, path, arguments are those of `python net.py`; none of our modules is in the way."""
    check = (
        "import os, sys; assert os.getcwd() == sys.path[0] == os.path.dirname(__file__), (os.getcwd(), sys.path);"
        "assert sys.argv == [__file__] and not any('samedevice' in one for one in sys.path), sys.path;"
        "assert not {'failures', 'layers', 'values', 'program', 'virtual'} & set(sys.modules)"
    )
    assert probe(tmp_path, NETWORK.format(check)).verdict == "clean"


@pytest.mark.parametrize("name", ["python-that-is-not-there", "/", "true", "echo"])
def test_an_interpreter_that_is_none(tmp_path: Path, name: str) -> None:
    """Missing, a folder, or another program."""
    result = probe(tmp_path, "", interpreter=name)
    assert result.verdict == "not run" and result.failure is not None
    assert result.failure.kind == "interpreter" and name in result.why and "choose another" in result.why


def test_no_torch(tmp_path: Path) -> None:
    """The interpreter is named, and what to install."""
    body = "raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')"
    result = stub(tmp_path, body)
    assert result.verdict == "not run" and f"{sys.executable} -m pip install torch" in result.why


def test_a_torch_that_does_not_import(tmp_path: Path) -> None:
    """A broken installation is not a missing one."""
    result = stub(tmp_path, "raise OSError('libcudart.so.12: cannot open shared object file')")
    assert result.verdict == "not run" and "libcudart.so.12" in result.why


def test_an_old_torch(tmp_path: Path) -> None:
    """Older than 2.4."""
    result = stub(tmp_path, "__version__ = '2.3.1+cu121'")
    assert result.verdict == "not run" and "2.3.1+cu121 is too old" in result.why


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        ("import os; os._exit(3)", "exit", "exit code 3"),
        ("import sys; sys.exit(3)", "import", "SystemExit: 3"),
        ("import ctypes; ctypes.string_at(0)", "crash", "SIGSEGV"),
        ("import os; os.abort()", "crash", "SIGABRT"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "memory", "want of memory"),
    ],
)
def test_a_process_that_ends_itself(tmp_path: Path, body: str, kind: str, says: str) -> None:
    """The signal or the code, and the stage; native crashes with Python's own stack."""
    result = stub(tmp_path, body)
    failure = result.failure
    assert failure is not None and failure.kind == kind and says in result.why, result
    if kind == "crash":
        assert "torch.py" in result.captured["stderr"], "faulthandler says where"


def test_an_infinite_loop(tmp_path: Path) -> None:
    """Ended after the time limit, with the stage."""
    started = time.monotonic()
    result = stub(tmp_path, "while True: pass", seconds=1.5)
    assert result.failure is not None and result.failure.kind == "timeout"
    assert "1.5 s" in result.why and "import torch" in result.why
    assert time.monotonic() - started < 10


@LINUX
def test_cancel_ends_the_group(tmp_path: Path) -> None:
    """Within two seconds, with what ignores a polite signal and what was started in the background."""
    body = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", deaf])
if os.fork() == 0:
    time.sleep(60)
print("ready", flush=True)
time.sleep(60)
"""
    cancel, taken = threading.Event(), []

    def listen(event: Mapping[str, Any]) -> None:
        if "ready" in event.get("text", ""):
            time.sleep(0.5)
            assert len(left(tmp_path)) >= 3
            taken.append(time.monotonic())
            cancel.set()

    result = stub(tmp_path, body, on_event=listen, cancelled=cancel)
    assert time.monotonic() - taken[0] < 2
    assert result.verdict == "not run" and result.failure is not None and result.failure.kind == "cancelled"
    assert left(tmp_path) == []


@LINUX
def test_too_much_memory(tmp_path: Path) -> None:
    """The whole group is weighed."""
    result = stub(tmp_path, "import time; hoard = bytearray(300_000_000); time.sleep(60)", memory_mb=200)
    assert result.failure is not None and result.failure.kind == "memory" and "more than 200 MB" in result.why


def test_a_huge_output(tmp_path: Path) -> None:
    """The beginning is kept, the rest is counted; bytes that are no UTF-8 do no harm."""
    body = "import os\nos.write(1, b'caf\\xe9\\n')\nfor _ in range(500): os.write(1, b'x' * 20000)\nos._exit(0)"
    result = stub(tmp_path, body)
    stdout = result.captured["stdout"]
    assert stdout.startswith("caf\\xe9\n") and stdout.endswith("bytes more]") and len(stdout) < 70_000
    assert f"[{10_000_005 - launch.MOST_OUTPUT} bytes more]" in stdout


def test_faults_of_the_program(tmp_path: Path) -> None:
    """An import that fails, a syntax error, an exception while building, `sys.exit`: on the user's line."""
    for text, kind, line in [
        ("import torch\nimport not_there_at_all\n", "import", 2),
        ("import torch\nx = (\n", "syntax", 2),
        ("import torch\n\nx = 1 / 0\n", "other", 3),
        ("import torch\nimport sys; sys.exit(2)\n", "exit", 2),
    ]:
        result = probe(tmp_path, text)
        assert result.verdict == "error" and result.failure is not None
        assert (result.failure.kind, result.failure.line, result.failure.stage) == (kind, line, "build"), result


def test_out_of_memory(tmp_path: Path) -> None:
    """On the CPU, torch's own refusal."""
    result = probe(tmp_path, NETWORK.format("x = x + torch.empty(2**50)"))
    failure = result.first_failure()
    assert failure is not None and failure.kind == "memory" and failure.line == 10
    assert "smaller batch" in result.why


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_no_gpu(tmp_path: Path) -> None:
    """What to do without one."""
    result = probe(tmp_path, NETWORK.format("pass"), on="cuda")
    assert result.verdict == "not run" and "virtual" in result.why and result.environment["on"] == "cuda"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_out_of_gpu_memory(tmp_path: Path) -> None:
    """The failure names the layer, and how much is free."""
    result = probe(tmp_path, NETWORK.format("x = x + torch.empty(2**46, device='cuda')"), on="cuda")
    failure = result.first_failure()
    assert failure is not None and failure.kind == "memory" and "GiB" in result.why


def test_no_network(tmp_path: Path) -> None:
    """The expression gives something else."""
    result = probe(tmp_path, "import torch\nx = 3", network="x")
    assert result.verdict == "not run" and "`x` is a int" in result.why


def test_an_input_of_the_wrong_size_is_mended(tmp_path: Path) -> None:
    """What was tried is said."""
    result = probe(
        tmp_path, NETWORK.format("pass"), request={"inputs": [{"source": "a", "args": ["torch.randn(3, 7)"]}]}
    )
    assert result.verdict == "clean" and result.input["source"] == "a, sizes mended"
    assert result.input["args"][0]["shape"] == [3, 4] and "shapes cannot be" in result.input["tried"][0]["failed"]
