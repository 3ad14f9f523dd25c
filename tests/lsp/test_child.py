"""The worker as the server sees it: the urgent first, what is overtaken given up, what dies replaced."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from lsp.client import ROOT
from samedevice.interpret import budget
from samedevice.interpret.run import analyse
from samedevice.lsp import child
from samedevice.lsp.spawn import spawn
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile

PROCESS = """
import os, queue, sys, threading
sys.path.insert(0, {folder!r})
from samedevice.lsp.worker import packed, unpacked

waiting, stopped = queue.Queue(), set()

def listen():
    while (message := unpacked(sys.stdin.buffer)) is not None:
        stopped.add(message[0]) if message[1] == "stop" else waiting.put(message)
    os._exit(0)

threading.Thread(target=listen, daemon=True).start()
while True:
    number, name, arguments = waiting.get()
    if name == "die":
        os._exit(1)
    end = threading.Event()
    while name == "slow" and not arguments and number not in stopped and not end.wait(0.01):
        pass
    good = None if number in stopped else True
    sys.stdout.buffer.write(packed((number, good, name)))
    sys.stdout.buffer.flush()
"""


def _spawn() -> subprocess.Popen[bytes]:
    script = PROCESS.format(folder=str(ROOT / "server"))
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe, bufsize=0)


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 30))


def _worker() -> child.Worker:
    return child.Worker(_spawn)


def test_what_a_change_overtakes_is_given_up() -> None:
    async def play() -> None:
        worker = _worker()
        slow = worker.ask("slow", tuple, child.FIRST, "a.py")
        worker.changed("b.py")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(slow), 0.5)
        worker.changed("a.py")
        with pytest.raises(child.Failed):
            await slow
        assert await worker.ask("quick", tuple) == "quick"
        worker.close()

    _run(play())


def test_what_nobody_waits_for_lets_others_pass() -> None:
    async def play() -> None:
        worker, made, done = _worker(), list[str](), list[str]()

        def make() -> tuple[Any, ...] | None:
            made.append("later")
            return () if len(made) < 3 else None

        later = worker.ask("slow", make, child.LATER)
        done += [await worker.ask(name, tuple, child.FIRST) for name in ("one", "two")]
        assert await later is None
        assert (done, len(made)) == (["one", "two"], 3)
        worker.close()

    _run(play())


def test_what_was_stopped_runs_to_its_end_the_next_time() -> None:
    async def play() -> None:
        worker, made = _worker(), list[str]()

        def make() -> tuple[Any, ...]:
            made.append("later")
            return () if len(made) == 1 else ("quick",)

        later = worker.ask("slow", make, child.LATER)
        assert await worker.ask("urgent", tuple, child.FIRST) == "urgent"
        assert (await later, len(made)) == ("slow", 2)
        worker.close()

    _run(play())


def test_a_job_that_kills_is_tried_twice() -> None:
    async def play() -> None:
        worker, restarted = _worker(), []
        worker.restarted = lambda: restarted.append(True)
        with pytest.raises(child.Failed):
            await worker.ask("die", tuple)
        assert await worker.ask("quick", tuple) == "quick"
        assert len(restarted) == 2
        worker.rest()
        assert await worker.ask("quick", tuple) == "quick"
        worker.close()

    _run(play())


@pytest.mark.parametrize("module", ["worker", "resolver"])
def test_files_of_the_workspace_are_not_our_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    for name in ("queue", "pickle", "jedi", "pathlib"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the workspace was run')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    jobs: dict[str, tuple[str, tuple[Any, ...]]] = {
        "worker": ("page", ("device-mismatch",)),
        "resolver": ("module", (None, str(tmp_path), [], str(tmp_path / "a.py"), "", "nothing")),
    }

    async def play() -> None:
        worker = child.Worker(lambda: spawn(module))
        assert await worker.ask(jobs[module][0], lambda: jobs[module][1])
        worker.close()

    _run(play())


def test_an_analysis_ends_when_nobody_wants_it() -> None:
    text = "import torch\nx = torch.zeros(3)\n" + "x = x + 1\n" * 2_000
    asked = []

    def overtaken() -> bool:
        asked.append(True)
        return len(asked) > 2

    budget.stop_when(overtaken)
    try:
        with pytest.raises(budget.Overtaken):
            analyse(SourceFile("a.py", text), Settings())
        assert len(asked) == 3
    finally:
        budget.stop_when(lambda: False)
    assert analyse(SourceFile("a.py", text), Settings()).bindings
