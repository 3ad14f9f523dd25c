"""Imports that no path explains are resolved by jedi, beside the analysis; the editor goes on, whatever happens."""

from __future__ import annotations

import asyncio
import os
import sys
import venv
from pathlib import Path

import pytest

from lsp.client import Client
from samedevice.lsp import child, jobs
from samedevice.lsp.spawn import spawn
from samedevice.resolve import modules, outside

HOOK = """import importlib.util, sys
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "lab":
            file, inside = {folder!r} + "/__init__.py", [{folder!r}]
            return importlib.util.spec_from_file_location(name, file, submodule_search_locations=inside)
sys.meta_path.append(Finder)
"""
USES = """import torch
from lab.places import start
x = start()
y = x + torch.ones(3)
"""
PLACES = """import torch

def start():
    return torch.zeros(3, device="cuda")
"""
pytestmark = pytest.mark.skipif(os.name != "posix", reason="makes environments as POSIX lays them out")


def _environment(folder: Path) -> Path:
    """An environment without packages; its folder for them."""
    venv.create(folder, with_pip=False)
    return folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def _hooked(tmp_path: Path) -> Path:
    """A project whose package only the hook of its own interpreter finds."""
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere" / "the-lab"
    project.mkdir()
    elsewhere.mkdir(parents=True)
    (elsewhere / "__init__.py").touch()
    (elsewhere / "places.py").write_text(PLACES, encoding="utf-8")
    packages = _environment(project / ".venv")
    (packages / "lab.pth").write_text("import _lab_hook\n", encoding="utf-8")
    (packages / "_lab_hook.py").write_text(HOOK.format(folder=str(elsewhere)), encoding="utf-8")
    return project


def _codes(client: Client, uri: str) -> list[str]:
    return [item["code"] for item in client.published(uri)]


def _states(client: Client) -> list[str]:
    return [one["params"]["state"] for one in client.notifications if one["method"] == "samedevice/status"]


def _settled(client: Client) -> None:
    """Waits until jedi was asked and has answered."""
    client.until(lambda: "resolving" in (states := _states(client)) and states[-1] == "ready")


def test_a_package_that_only_the_interpreter_finds(tmp_path: Path) -> None:
    project = _hooked(tmp_path)
    uri = (project / "train.py").as_uri()
    with Client({}, project) as client:
        client.open(uri, USES)
        assert client.published(uri, 1) == []
        position = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 0}}
        client.until(lambda: _codes(client, uri) == ["device-mismatch"])
        late = client.ask("textDocument/hover", position)["contents"]["value"]
        assert "cuda:0" in late
        assert "still resolving" not in late
        (item,) = client.published(uri)
        assert item["range"]["start"]["line"] == 3
        assert _states(client)[-1] == "ready"
        assert client.messages() == []


def test_hover_says_that_imports_are_still_being_resolved() -> None:
    uri = "file:///nowhere/a.py"
    job = {"uri": uri, "path": "/nowhere/a.py", "text": USES, "cells": None, "encoding": "utf-16"}
    job |= {"editor": {}, "folder": "/nowhere", "root": "/nowhere", "client": {}, "opened": {}}
    try:
        state = jobs.State()
        for resolving in (True, False):
            found = jobs.run(state, "hover", (job, uri, {"line": 2, "character": 0}, True, resolving))
            assert ("still resolving imports" in found["contents"]["value"]) == resolving
        assert {question.name for question in outside.questions} == {"lab.places", "lab.places.start"}
    finally:
        modules.opened.clear()
        outside.unlearn()
        outside._used.clear()


def test_nothing_of_an_untrusted_workspace_is_run(tmp_path: Path) -> None:
    project = _hooked(tmp_path)
    ran = tmp_path / "ran"
    packages = next((project / ".venv" / "lib").glob("*/site-packages"))
    (packages / "sitecustomize.py").write_text(f"open({str(ran)!r}, 'w').close()\n", encoding="utf-8")
    uri = (project / "train.py").as_uri()
    with Client({}, project, initializationOptions={"trusted": False}) as client:
        client.open(uri, USES)
        _settled(client)
        assert client.published(uri, 1) == []
        assert not ran.exists()
        client.notify("workspace/didChangeConfiguration", {"settings": {"samedevice": {"trusted": True}}})
        client.until(lambda: _codes(client, uri) == ["device-mismatch"])
        assert ran.exists()


def test_paths_that_the_program_adds_itself(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "code" / "lab").mkdir(parents=True)
    (tmp_path / "code" / "lab" / "places.py").write_text(PLACES, encoding="utf-8")
    text = 'import os, sys\nHERE = os.path.dirname(__file__)\nsys.path.insert(0, os.path.join(HERE, "..", "code"))\n'
    uri = (tmp_path / "app" / "train.py").as_uri()
    with Client({}, tmp_path, initializationOptions={"trusted": False}) as client:
        client.open(uri, text + USES)
        client.until(lambda: _codes(client, uri) == ["device-mismatch"])
        client.change(uri, 2, {"text": text.replace('"code"', '"other"') + USES})
        client.until(lambda: client._published(uri, 2) is not None)
        _settled(client)
        assert client.published(uri, 2) == []


def test_editable_installs_need_nobody(tmp_path: Path) -> None:
    """A .pth file with a folder is plain to read: the first answer after the environment is known is right."""
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere" / "src"
    (elsewhere / "lab").mkdir(parents=True)
    (elsewhere / "lab" / "places.py").write_text(PLACES, encoding="utf-8")
    packages = _environment(project / ".venv")
    (packages / "__editable__.lab.pth").write_text(f"{elsewhere}\n", encoding="utf-8")
    uri = (project / "train.py").as_uri()
    with Client({}, project) as client:
        client.open(uri, USES)
        client.until(lambda: _codes(client, uri) == ["device-mismatch"])
        assert "resolving" not in _states(client)


def test_a_dead_interpreter_is_said_once(tmp_path: Path) -> None:
    packages = _environment(tmp_path / ".venv")
    assert packages.is_dir()
    python = tmp_path / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    python.chmod(0o755)
    uri = (tmp_path / "train.py").as_uri()
    with Client({}, tmp_path) as client:
        client.open(uri, "import one, two, three\n" + USES)
        _settled(client)
        (message,) = client.messages()
        assert str(python) in message
        assert client.published(uri, 1) == []
        client.change(uri, 2, {"text": "import four\n" + USES})
        client.until(lambda: client._published(uri, 2) is not None)
        assert len(client.messages()) == 1


def test_an_interpreter_that_is_not_there_is_said(tmp_path: Path) -> None:
    with Client({}, tmp_path, initializationOptions={"settings": {"python": {"interpreter": "/no/python"}}}) as client:
        (message,) = client.until(client.messages)
        assert "`/no/python` was not found" in message
        known = client.until(lambda: [one for one in client.notifications if one["method"] == "samedevice/status"])[-1]
        assert known["params"]["interpreter"] is None
        assert "/no/python" in known["params"]["message"]


def test_an_interpreter_that_hangs_is_ended(tmp_path: Path) -> None:
    packages = _environment(tmp_path / ".venv")
    number = tmp_path / "number"
    hang = f"import os, time\nopen({str(number)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    (packages / "sitecustomize.py").write_text(hang, encoding="utf-8")
    asked = (str(tmp_path / ".venv" / "bin" / "python"), str(tmp_path), [], str(tmp_path / "a.py"), "", "lab")

    async def ask() -> None:
        worker = child.Worker(lambda: spawn("resolver", own_group=True), limit=3.0)
        with pytest.raises(child.TooLong):
            await worker.ask("module", lambda: asked)
        assert await worker.ask("module", lambda: (None, *asked[1:])) == {"file": None}
        worker.close()

    asyncio.run(ask())
    hung = int(number.read_text(encoding="ascii"))
    assert not _alive(hung)


def _alive(number: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        status = Path(f"/proc/{number}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
