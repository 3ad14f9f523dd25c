"""The workspace as a whole: files that are not open, what is left out, the status, and the commands about values."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lsp.client import ROOT, Client, Json
from lsp.recorded_clients import NEOVIM_7, VS_CODE
from samedevice.cli import main

BROKEN = 'import torch\nx = torch.zeros(3)\nw = torch.ones(3, device="cuda")\ny = x + w\n'


def _command(client: Client, name: str, *arguments: Any, **more: Any) -> Any:
    params = {"command": f"samedevice.{name}", "arguments": list(arguments), **more}
    return client.ask("workspace/executeCommand", params)


def _project(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.samedevice]\nexclude = ["old"]\n', encoding="utf-8")
    (folder / "pkg").mkdir()
    (folder / "old").mkdir()
    for name in ("a.py", "pkg/b.py", "old/c.py"):
        (folder / name).write_text(BROKEN, encoding="utf-8")
    (folder / "pkg" / "good.py").write_text("import torch\n", encoding="utf-8")
    (folder / "pkg" / "binary.py").write_bytes(b"\0\xff\xfe")


@pytest.mark.parametrize("capabilities", [{}, NEOVIM_7], ids=["plain", "with progress"])
def test_findings_of_closed_files_are_pushed(tmp_path: Path, capabilities: Json) -> None:
    _project(tmp_path)
    uri = (tmp_path / "pkg" / "b.py").as_uri()
    with Client(capabilities, tmp_path) as client:
        client.open((tmp_path / "a.py").as_uri(), BROKEN + "z = x + w\n")
        told = _command(client, "checkWorkspace")
        assert (told["files"], told["findings"], told["cancelled"]) == (4, 3, False)
        assert [Path(one["path"]).name for one in told["errors"]] == ["binary.py"]
        assert [item["code"] for item in client.published(uri)] == ["device-mismatch"]
        kinds = [one["params"]["value"]["kind"] for one in client.notifications if one["method"] == "$/progress"]
        if capabilities:
            assert (kinds[0], kinds[-1]) == ("begin", "end")
        else:
            assert kinds == []
        (tmp_path / "pkg" / "b.py").write_text("import torch\n", encoding="utf-8")
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 2}]})
        client.until(lambda: client.published(uri) == [])


def test_findings_of_closed_files_are_pulled(tmp_path: Path) -> None:
    _project(tmp_path)
    with Client(VS_CODE, tmp_path) as client:
        waiting = client.start("workspace/diagnostic", {"previousResultIds": [], "partialResultToken": "part"})
        told = _command(client, "checkWorkspace", workDoneToken="mine")
        assert told["findings"] == 2
        assert client.reply(waiting)["result"] == {"items": []}
        values = [one["params"] for one in client.notifications if one["method"] == "$/progress"]
        parts = [one["value"]["items"] for one in values if one["token"] == "part"]
        assert parts
        assert {one["token"] for one in values} == {"part", "mine"}
        known = {item["uri"]: item["resultId"] for items in parts for item in items}
        previous = [{"uri": uri, "value": value} for uri, value in known.items()]
        if len(known) < 2:
            rest = client.ask("workspace/diagnostic", {"previousResultIds": previous})["items"]
            known.update({item["uri"]: item["resultId"] for item in rest})
        assert set(known) == {(tmp_path / name).as_uri() for name in ("a.py", "pkg/b.py")}


def test_checking_the_workspace_can_be_cancelled(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"m{number}.py").write_text(BROKEN * 20, encoding="utf-8")
    with Client(VS_CODE, tmp_path) as client:
        params = {"command": "samedevice.checkWorkspace", "workDoneToken": 7}
        number = client.start("workspace/executeCommand", params)
        client.until(lambda: any(one["method"] == "$/progress" for one in client.notifications))
        client.notify("window/workDoneProgress/cancel", {"token": 7})
        told = client.reply(number)["result"]
        assert told["cancelled"]
        assert told["files"] < 300
        ends = [one for one in client.notifications if one["params"].get("value", {}).get("kind") == "end"]
        assert len(ends) == 1


def test_what_is_excluded_has_no_diagnostics_when_it_is_open(tmp_path: Path) -> None:
    _project(tmp_path)
    uri = (tmp_path / "old" / "c.py").as_uri()
    with Client({}, tmp_path) as client:
        client.open(uri, BROKEN)
        assert client.published(uri, 1) == []
        where = {"start": {"line": 3, "character": 0}, "end": {"line": 3, "character": 0}}
        context: Json = {"diagnostics": []}
        params = {"textDocument": {"uri": uri}, "range": where, "context": context}
        assert client.ask("textDocument/codeAction", params) == []
        (tmp_path / "pyproject.toml").write_text("[tool.samedevice]\n", encoding="utf-8")
        changed = {"changes": [{"uri": (tmp_path / "pyproject.toml").as_uri(), "type": 2}]}
        client.notify("workspace/didChangeWatchedFiles", changed)
        client.until(lambda: len(client.published(uri)) == 1)


def test_the_editors_exclude_speaks_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    uri, other = (tmp_path / "old" / "c.py").as_uri(), (tmp_path / "c.py").as_uri()
    with Client({}, tmp_path, initializationOptions={"settings": {"exclude": ["/old"]}}) as client:
        client.open(uri, BROKEN)
        client.open(other, BROKEN)
        assert client.published(uri, 1) == []
        assert len(client.published(other, 1)) == 1


def test_why_is_a_tree_that_leads_back(tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    with Client({}, tmp_path) as client:
        client.open(uri, BROKEN + "z = w * 2\n")
        tree = _command(client, "why", uri, {"line": 4, "character": 0})
        assert tree["label"] == "z: Tensor[float32, cuda:0, [3]]"
        device = next(one for one in tree["children"] if one["label"] == "device: cuda:0")
        assert device["location"]["uri"] == uri
        assert device["description"] == "given to torch.ones"
        assert device["location"]["range"]["start"]["line"] == 2
        assert _command(client, "why", uri, {"line": 0, "character": 0}) is None
        assert (
            client.refused("workspace/executeCommand", {"command": "samedevice.why", "arguments": [uri]})["code"]
            == -32602
        )


def test_a_finding_is_explained(tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    with Client(VS_CODE, tmp_path) as client:
        client.open(uri, BROKEN)
        where = {"start": {"line": 3, "character": 0}, "end": {"line": 3, "character": 0}}
        context: Json = {"diagnostics": []}
        params = {"textDocument": {"uri": uri}, "range": where, "context": context}
        actions = client.ask("textDocument/codeAction", params)
        (action,) = [one for one in actions if one["title"] == "Explain `device-mismatch`"]
        told = client.ask("workspace/executeCommand", action["command"])
        assert "given to torch.ones" in told["text"]
        assert "Use `x.to(w.device)`" in told["text"]
        assert told["page"].startswith("# device-mismatch")
        assert told["text"] in "".join(client.messages())
    options = {"commands": ["samedevice.explainFinding", "client.openRule"]}
    with Client(VS_CODE, tmp_path, initializationOptions=options) as client:
        assert "samedevice.explainFinding" not in client.hello["capabilities"]["executeCommandProvider"]["commands"]
        client.open(uri, BROKEN)
        commands = [
            one["command"]["command"] for one in client.ask("textDocument/codeAction", params) if "command" in one
        ]
        assert commands == ["samedevice.explainFinding", "client.openRule"]
        client.ask("workspace/executeCommand", action["command"])
        assert client.messages() == []


def test_the_status_is_told_when_it_changes(tmp_path: Path) -> None:
    packages = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages"
    (packages / "torch-2.9.1.dist-info").mkdir(parents=True)
    (tmp_path / ".venv" / "bin").mkdir()
    (tmp_path / ".venv" / "bin" / "python").touch()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("version = 3.12.4\n", encoding="utf-8")
    with Client({}, tmp_path) as client:

        def said() -> list[Json]:
            return [one["params"] for one in client.notifications if one["method"] == "samedevice/status"]

        (first,) = client.until(said)
        assert (first["machine"], first["python"], first["torch"]) == ("cuda", "3.12", "2.9.1")
        assert first["interpreter"] == str(tmp_path / ".venv" / "bin" / "python")
        client.notify("workspace/didChangeConfiguration", {"settings": {"samedevice": {"machine": "cpu"}}})
        client.open((tmp_path / "a.py").as_uri(), BROKEN)
        client.until(lambda: said()[-1]["machine"] == "cpu")
        assert len(said()) == 2


def test_over_tcp() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "server")}
    command = [sys.executable, "-m", "samedevice", "server", "--tcp", "127.0.0.1:0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=environment)
    assert process.stderr is not None
    port = int(process.stderr.readline().rpartition(b":")[2])
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        stream = connection.makefile("rwb")

        def ask(body: bytes) -> bytes:
            stream.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            stream.flush()
            length = int(stream.readline().partition(b":")[2])
            stream.readline()
            return stream.read(length)

        hello = ask(b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}')
        assert b'"hoverProvider":true' in hello
        assert ask(b'{"jsonrpc":"2.0","id":2,"method":"shutdown"}') == b'{"jsonrpc":"2.0","id":2,"result":null}'
        stream.write(b'Content-Length: 33\r\n\r\n{"jsonrpc":"2.0","method":"exit"}')
        stream.flush()
        assert process.wait(30) == 0
    process.stderr.close()


def test_an_address_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["server", "--tcp", "nowhere"]) == 2
    assert "not HOST:PORT" in capsys.readouterr().err
