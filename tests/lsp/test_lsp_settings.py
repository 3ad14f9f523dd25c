"""Settings come from the editor and from pyproject.toml, change while the server runs, and are never fatal."""

from __future__ import annotations

from pathlib import Path

from lsp.client import Client
from lsp.recorded_clients import VS_CODE

BROKEN = 'import torch\ny = torch.zeros(3) + torch.ones(3, device="cuda")\n'


def test_pyproject_is_followed_and_its_errors_are_shown_where_they_are(tmp_path: Path) -> None:
    file, project = tmp_path / "a.py", tmp_path / "pyproject.toml"
    file.write_text(BROKEN, encoding="utf-8")
    project.write_text('[tool.samedevice]\nignore = ["device-mismatch"]\n', encoding="utf-8")
    changed = {"changes": [{"uri": project.as_uri(), "type": 2}]}
    with Client({}, tmp_path) as client:
        client.open(file.as_uri(), BROKEN)
        assert client.published(file.as_uri(), 1) == []
        project.write_text('[tool.samedevice]\n\nmachin = "cuda"\n', encoding="utf-8")
        client.notify("workspace/didChangeWatchedFiles", changed)
        (wrong,) = client.published(project.as_uri())
        assert wrong["range"]["start"]["line"] == 2
        assert "did you mean `machine`" in wrong["message"]
        client.until(lambda: client.published(file.as_uri()) != [])
        project.write_text('[tool.samedevice]\nmachine = "cpu"\n', encoding="utf-8")
        client.notify("workspace/didChangeWatchedFiles", changed)
        client.until(lambda: client.published(project.as_uri()) == [])
        assert client.messages() == []


def test_the_editors_settings_hold_where_the_project_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.samedevice]\ndevices = 1\n", encoding="utf-8")
    uri = (tmp_path / "a.py").as_uri()
    with Client(VS_CODE, tmp_path) as client:
        assert any(one["method"] == "client/registerCapability" for one in client.requests) or client.until(
            lambda: any(one["method"] == "client/registerCapability" for one in client.requests)
        )
        client.open(uri, BROKEN)
        pull = {"textDocument": {"uri": uri}}
        assert len(client.ask("textDocument/diagnostic", pull)["items"]) == 1
        client.settings = {"ignore": ["device-mismatch"], "torchVersion": None}
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        client.until(lambda: any(one["method"] == "workspace/diagnostic/refresh" for one in client.requests))
        assert client.ask("textDocument/diagnostic", pull)["items"] == []


def test_wrong_settings_of_the_editor_are_said_once() -> None:
    with Client({}, initializationOptions={"settings": {"machine": "tpu", "inlayHints": 7}}) as client:
        client.open("file:///nowhere/a.py", BROKEN)
        assert len(client.published("file:///nowhere/a.py", 1)) == 1
        client.change("file:///nowhere/a.py", 2, {"text": "# new\n" + BROKEN})
        assert len(client.published("file:///nowhere/a.py", 2)) == 1
        assert len(client.messages()) == 2
        assert any("machine" in text for text in client.messages())


def test_a_changed_module_is_seen_by_who_imports_it(tmp_path: Path) -> None:
    module, file = tmp_path / "where.py", tmp_path / "a.py"
    module.write_text('import torch\nPLACE = "cpu"\n', encoding="utf-8")
    text = "import torch\nfrom where import PLACE\ny = torch.zeros(3, device=PLACE) + torch.ones(3)\n"
    with Client({}, tmp_path) as client:
        client.open(file.as_uri(), text)
        assert client.published(file.as_uri(), 1) == []
        module.write_text('import torch\nPLACE = "cuda"\n', encoding="utf-8")
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": module.as_uri(), "type": 2}]})
        client.until(lambda: client.published(file.as_uri()) != [])
