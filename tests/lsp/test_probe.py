"""`samedevice.probe` as an editor uses it: progress, marks, hints, the lens, and what it refuses."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.client import Client
from lsp.recorded_clients import VS_CODE
from probe_programs import BROKEN, CLEAN

Json = dict[str, Any]
SLOW = CLEAN.replace("        return h.relu()", "        while True:\n            h = h + 1")


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Client]:
    """A client that shows progress, with the interpreter of the tests."""
    options = {"interpreter": sys.executable}
    with Client({**VS_CODE, "window": {"workDoneProgress": True}}, tmp_path, initializationOptions=options) as client:
        yield client


def _open(client: Client, folder: Path, text: str) -> str:
    file = folder / "net.py"
    file.write_text(text)
    uri = file.as_uri()
    client.open(uri, text)
    return uri


def _probe(client: Client, *arguments: Any, token: str | None = None) -> Json:
    params: Json = {"command": "samedevice.probe", "arguments": list(arguments)}
    if token:
        params["workDoneToken"] = token
    answer: Json = client.ask("workspace/executeCommand", params)
    return answer


def _whole(uri: str, text: str) -> Json:
    return {
        "textDocument": {"uri": uri},
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}},
    }


def test_a_clean_network_is_measured(started: Client, tmp_path: Path) -> None:
    uri = _open(started, tmp_path, CLEAN)
    answer = _probe(started, uri, "Net", {"on": "virtual"}, token="t1")
    assert answer["result"]["verdict"] == "clean", answer["summary"]
    assert answer["html"].startswith("<!") and "Net" in answer["html"]
    kinds = [one["params"]["value"]["kind"] for one in started.notifications if one["method"] == "$/progress"]
    assert kinds[0] == "begin" and kinds[-1] == "end" and "report" in kinds
    hints = started.ask("textDocument/inlayHint", _whole(uri, CLEAN))
    measured = [one for one in hints if str(one["label"]).startswith("measured: ")]
    assert [(one["position"]["line"], one["label"]) for one in measured] == [(10, "measured: float32 [2, 8] cuda:0")]
    titles = [one["command"]["title"] for one in started.ask("textDocument/codeLens", {"textDocument": {"uri": uri}})]
    assert titles[0] == "Probe model on CUDA" and titles[1].startswith("✓ 136 parameters")
    started.change(uri, 2, {"text": CLEAN + "\n"})
    assert not [
        one for one in started.ask("textDocument/inlayHint", _whole(uri, CLEAN)) if "measured" in str(one["label"])
    ]
    assert len(started.ask("textDocument/codeLens", {"textDocument": {"uri": uri}})) == 1


def test_a_mismatch_becomes_a_diagnostic(started: Client, tmp_path: Path) -> None:
    uri = _open(started, tmp_path, BROKEN)
    answer = _probe(started, {"uri": uri, "name": "Net", "on": "virtual"})
    assert answer["result"]["verdict"] == "mismatch"
    found = started.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"]
    (mine,) = [one for one in found if one["source"] == "probe"]
    assert mine["range"]["start"]["line"] == 10 and mine["severity"] == 1
    assert "same device" in mine["message"] and "reading the code says so too" in mine["message"]
    started.change(uri, 2, {"text": CLEAN})
    found = started.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"]
    assert not [one for one in found if one["source"] == "probe"]


def test_the_cursor_names_the_network(started: Client, tmp_path: Path) -> None:
    uri = _open(started, tmp_path, CLEAN)
    answer = _probe(started, uri, {"line": 10, "character": 12}, {"on": "cpu"})
    assert answer["result"]["network"]["class"] == "Net"


def test_what_is_missing_is_asked_for_and_taken(started: Client, tmp_path: Path) -> None:
    text = CLEAN.replace("width: int = 8", "thing").replace("nn.Linear(16, width)", "nn.Linear(16, thing.size())")
    uri = _open(started, tmp_path, text)
    answer = _probe(started, uri, "Net", {"on": "cpu"})
    assert [one["name"] for one in answer["missing"]] == ["thing"] and "`thing`" in answer["summary"]
    given = {"thing": "__import__('types').SimpleNamespace(size=lambda: 4)"}
    answer = _probe(started, uri, "Net", {"on": "cpu", "given": given})
    assert answer["result"]["runs"][0]["output"]["shape"] == [2, 4]


def test_what_was_not_run_and_is_wrong_has_a_question_mark(started: Client, tmp_path: Path) -> None:
    text = CLEAN + "\n\nhits = torch.zeros(2).cuda() + torch.zeros(2)\n"
    uri = _open(started, tmp_path, text)
    answer = _probe(started, uri, "Net", {"on": "virtual"})
    assert answer["result"]["verdict"] == "uncertain" and "line 15, which was not run" in answer["summary"]
    assert "uncertain" in answer["html"]
    titles = [one["command"]["title"] for one in started.ask("textDocument/codeLens", {"textDocument": {"uri": uri}})]
    assert titles[1].startswith("? 136 parameters")


def test_the_editors_limits_hold(tmp_path: Path) -> None:
    settings = {"probe": {"seconds": 4, "memory": -1}}
    with Client(
        VS_CODE, tmp_path, initializationOptions={"interpreter": sys.executable, "settings": settings}
    ) as client:
        client.settings = settings
        uri = _open(client, tmp_path, SLOW)
        answer = _probe(client, uri, "Net", {"on": "cpu"})
        assert answer["result"]["failure"]["kind"] == "timeout", answer["summary"]
        assert any("probe.memory" in text for text in client.messages())


def test_cancel_ends_it_soon(started: Client, tmp_path: Path) -> None:
    uri = _open(started, tmp_path, SLOW)
    number = started.start(
        "workspace/executeCommand",
        {"command": "samedevice.probe", "arguments": [uri, "Net", {"on": "cpu"}], "workDoneToken": "t2"},
    )
    started.until(lambda: any(one["method"] == "$/progress" for one in started.notifications))
    time.sleep(1)
    began = time.monotonic()
    started.notify("window/workDoneProgress/cancel", {"token": "t2"})
    answer = started.reply(number)["result"]
    assert time.monotonic() - began < 2
    assert answer["result"]["verdict"] == "not run" and "cancelled" in answer["summary"]


def test_nothing_runs_in_an_untrusted_workspace(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    text = f"open({str(mark)!r}, 'w').close()\n{CLEAN}"
    with Client(VS_CODE, tmp_path, initializationOptions={"trusted": False}) as client:
        uri = _open(client, tmp_path, text)
        answer = _probe(client, uri, "Net")
        assert answer["available"] is False and "trusted" in answer["summary"]
    assert not mark.exists()


def test_a_place_without_a_network(started: Client, tmp_path: Path) -> None:
    uri = _open(started, tmp_path, CLEAN)
    assert _probe(started, uri, "Other")["available"] is False
    assert _probe(started, uri, {"line": 0, "character": 0})["available"] is False
    assert (
        started.refused("workspace/executeCommand", {"command": "samedevice.probe", "arguments": []})["code"] == -32602
    )
