"""One client, one server: documents, diagnostics, fixes, hovers, commands."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import converters, types

from lsp.client import Client, Json
from lsp.recorded_clients import ALE, CLIENTS, EGLOT, NEOVIM_11, VS_CODE

BROKEN = """import torch
x = torch.zeros(3)
w = torch.ones(3, device="cuda")
y = torch.add(x, w)
"""
MENDED = BROKEN.replace("torch.add(x, w)", "torch.add(x.to(w.device), w)")
URI = "file:///nowhere/a.py"
ALL_LINES = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}


@pytest.fixture(scope="module")
def push() -> Iterator[Client]:
    """A plain client that is pushed to; one server for many tests."""
    with Client({}) as client:
        yield client


def _at(line: int, character: int, end: int | None = None) -> Json:
    last = character if end is None else end
    return {"start": {"line": line, "character": character}, "end": {"line": line, "character": last}}


def _actions(client: Client, uri: str, where: Json, only: list[str] | None = None) -> list[Json]:
    context: Json = {"diagnostics": [], **({} if only is None else {"only": only})}
    found = client.ask("textDocument/codeAction", {"textDocument": {"uri": uri}, "range": where, "context": context})
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", CLIENTS)
def test_every_client_gets_the_diagnostic_and_the_fix(name: str) -> None:
    capabilities = CLIENTS[name]
    converter = converters.get_converter()
    uri = f"file:///nowhere/{name}.py"
    with Client(capabilities) as client:
        said = converter.structure(client.hello, types.InitializeResult)
        assert isinstance(said.capabilities.text_document_sync, types.TextDocumentSyncOptions)
        assert said.capabilities.text_document_sync.change is types.TextDocumentSyncKind.Incremental
        client.open(uri, '"é😀"; ' + BROKEN.replace("y = ", '"é😀"; y = '), 7)
        if said.capabilities.diagnostic_provider is not None:
            report = client.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
            converter.structure(report, types.RelatedFullDocumentDiagnosticReport)
            items = report["items"]
        else:
            items = client.published(uri, 7)
        assert [item["code"] for item in items] == ["device-mismatch"]
        converter.structure(items, list[types.Diagnostic])
        start = items[0]["range"]["start"]
        assert (start["line"], start["character"]) == (3, 14 if said.capabilities.position_encoding == "utf-8" else 11)
        actions = _actions(client, uri, items[0]["range"])
        converter.structure(actions, list[types.CodeAction])
        edit = next(action for action in actions if action["title"] == "Use `x.to(w.device)`")["edit"]
        assert ("documentChanges" in edit) == (name in ("vs-code", "eglot"))
        if "documentChanges" in edit:
            assert edit["documentChanges"][0]["textDocument"] == {"uri": uri, "version": 7}


def test_what_is_announced_is_what_pygls_would_announce() -> None:
    """The answer to `initialize` is fixed text; pygls, asked the same, must agree on all that both of them serve."""
    from pygls.capabilities import ServerCapabilitiesBuilder

    from samedevice.lsp import client, hello

    converter = converters.get_converter()
    for capabilities in CLIENTS.values():
        ours = hello.answer(client.read({"capabilities": capabilities}))["capabilities"]
        told = converter.structure(capabilities, types.ClientCapabilities)
        assert ours["positionEncoding"] == ServerCapabilitiesBuilder.choose_position_encoding(told)
        assert ("diagnosticProvider" in ours) == (told.text_document.diagnostic is not None)  # type: ignore[union-attr]  # all have it


def test_push_follows_the_text(push: Client) -> None:
    push.open(URI, BROKEN)
    assert [item["code"] for item in push.published(URI, 1)] == ["device-mismatch"]
    push.change(URI, 2, {"range": _at(3, 14, 15), "text": "x.to(w.device)"})
    assert push.published(URI, 2) == []
    push.change(URI, 3, {"text": "# é\n" + BROKEN})
    assert push.published(URI, 3)[0]["range"]["start"] == {"line": 4, "character": 4}
    push.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    push.until(lambda: push._published(URI, None) == {"uri": URI, "diagnostics": []})


def test_overtaken_texts_are_not_answered(push: Client) -> None:
    uri = "file:///nowhere/fast.py"
    push.open(uri, "# 0\n" + BROKEN, 1)
    for version in range(2, 40):
        push.change(uri, version, {"range": _at(0, 2, len(str(version - 2)) + 2), "text": str(version - 1)})
    assert len(push.published(uri, 39)) == 1
    answered = [
        one["params"]["version"]
        for one in push.notifications
        if one["method"] == "textDocument/publishDiagnostics" and one["params"]["uri"] == uri
    ]
    assert answered == sorted(set(answered))
    assert len(answered) < 39


def test_hover_says_what_and_why(push: Client) -> None:
    uri = "file:///nowhere/hover.py"
    push.open(uri, BROKEN + "z = y.cpu()\n")

    def hover(line: int, character: int) -> Any:
        position = {"line": line, "character": character}
        return push.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": position})

    value = hover(3, 17)["contents"]["value"]
    assert "w: Tensor[float32, cuda:0, [3]]" in value
    assert "given to torch.ones" in value
    assert "[line 3](file:///nowhere/hover.py#L3)" in value
    assert "z: Tensor" in hover(4, 0)["contents"]["value"]
    assert hover(4, 7)["contents"]["value"].startswith("```python\ny.cpu(): Tensor")
    assert hover(0, 0) is None
    assert hover(900, 900) is None


def test_fixes_are_preferred_ignored_and_applied_in_one_go() -> None:
    with Client(VS_CODE) as client:
        client.open(URI, BROKEN, 4)
        actions = _actions(client, URI, _at(3, 0))
        assert [action.get("isPreferred") for action in actions][:2] == [True, None]
        ignore = next(action for action in actions if action["title"].startswith("Ignore"))
        new = ignore["edit"]["documentChanges"][0]["edits"][0]
        assert new == {"range": _at(3, 19), "newText": "  # samedevice: ignore[device-mismatch]"}
        assert any(action.get("command", {}).get("command") == "samedevice.openRule" for action in actions)
        (everything,) = _actions(client, URI, ALL_LINES, ["source.fixAll"])
        assert everything["kind"] == "source.fixAll.samedevice"
        assert "edit" not in everything
        edits = client.ask("codeAction/resolve", everything)["edit"]["documentChanges"][0]["edits"]
        assert edits == [{"range": {"start": {"line": 3, "character": 0}, "end": {"line": 4, "character": 0}},
                          "newText": MENDED.splitlines(keepends=True)[3]}]  # fmt: skip
        client.change(URI, 5, {"range": _at(0, 0), "text": "# new\n"})
        assert client.refused("codeAction/resolve", everything)["code"] == -32801


def test_a_client_without_resolve_gets_the_whole_edit() -> None:
    with Client(ALE) as client:
        client.open(URI, BROKEN)
        (everything,) = _actions(client, URI, ALL_LINES, ["source.fixAll.samedevice"])
        assert everything["edit"]["changes"][URI][0]["newText"] == MENDED.splitlines(keepends=True)[3]
        assert all("command" not in action for action in _actions(client, URI, ALL_LINES))


def test_pulled_diagnostics_say_when_nothing_changed() -> None:
    with Client(NEOVIM_11) as client:
        client.open(URI, BROKEN)
        params: Json = {"textDocument": {"uri": URI}}
        first = client.ask("textDocument/diagnostic", params)
        again = client.ask("textDocument/diagnostic", {**params, "previousResultId": first["resultId"]})
        assert again == {"kind": "unchanged", "resultId": first["resultId"]}
        client.change(URI, 2, {"text": MENDED})
        after = client.ask("textDocument/diagnostic", {**params, "previousResultId": first["resultId"]})
        assert (after["kind"], after["items"]) == ("full", [])
        assert not [one for one in client.notifications if one["method"] == "textDocument/publishDiagnostics"]
        assert client.ask("textDocument/diagnostic", {"textDocument": {"uri": "file:///closed.py"}})["items"] == []


def test_workspace_diagnostics_wait_for_news_and_can_be_cancelled() -> None:
    with Client(VS_CODE) as client:
        client.open(URI, BROKEN)
        first = client.ask("workspace/diagnostic", {"previousResultIds": []})["items"]
        assert [(item["uri"], item["version"], len(item["items"])) for item in first] == [(URI, 1, 1)]
        known = [{"uri": URI, "value": first[0]["resultId"]}]
        number = client.start("workspace/diagnostic", {"previousResultIds": known})
        client.change(URI, 2, {"text": MENDED})
        assert client.reply(number)["result"]["items"][0]["items"] == []
        last = client.reply(number)["result"]["items"][0]["resultId"]
        number = client.start("workspace/diagnostic", {"previousResultIds": [{"uri": URI, "value": last}]})
        client.notify("$/cancelRequest", {"id": number})
        assert client.reply(number)["error"]["code"] == -32800


def test_requests_can_be_cancelled(push: Client) -> None:
    uri = "file:///nowhere/cancel.py"
    push.open(uri, BROKEN + "\n".join(f"a{n} = torch.zeros({n})" for n in range(400)))
    number = push.start("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 0}})
    push.notify("$/cancelRequest", {"id": number})
    reply = push.reply(number)
    assert "result" in reply or reply["error"]["code"] == -32800
    push.notify("$/cancelRequest", {"id": "never"})


def test_hints_follow_the_setting() -> None:
    with Client(VS_CODE, initializationOptions={"settings": {"inlayHints": "all"}}) as client:
        client.open(URI, BROKEN)
        params = {"textDocument": {"uri": URI}, "range": ALL_LINES}
        labels = [hint["label"] for hint in client.ask("textDocument/inlayHint", params)]
        assert labels[:2] == [": Tensor[float32, cpu, [3]]", ": Tensor[float32, cuda:0, [3]]"]
        client.settings = {"inlayHints": "dtypes"}
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        client.until(lambda: any(one["method"] == "workspace/inlayHint/refresh" for one in client.requests))
        labels = [hint["label"] for hint in client.ask("textDocument/inlayHint", params)]
        assert labels[:2] == [": float32 · cpu", ": float32 · cuda:0"]
        hint = client.ask("textDocument/inlayHint", params)[1]
        assert "tooltip" not in hint
        told = client.ask("inlayHint/resolve", hint)["tooltip"]["value"]
        assert "w: Tensor[float32, cuda:0, [3]]" in told
        assert "given to torch.ones" in told
        assert client.ask("inlayHint/resolve", {"position": hint["position"], "label": "x"})["label"] == "x"
        client.notify("workspace/didChangeConfiguration", {"settings": {"samedevice": {"inlayHints": "off"}}})
        assert client.ask("textDocument/inlayHint", params) == []


def test_lens_names_the_clients_command() -> None:
    text = "import torch\nfrom torch import nn\n\nclass Net(nn.Module):\n    def forward(self, x):\n        return x\n"
    options = {"commands": {"probe": "client.probe"}}
    with Client(VS_CODE, initializationOptions=options) as client:
        client.open(URI, text)
        (lens,) = client.ask("textDocument/codeLens", {"textDocument": {"uri": URI}})
        assert lens["range"] == _at(3, 6, 9)
        assert lens["command"]["command"] == "client.probe"
        assert lens["command"]["arguments"] == [{"uri": URI, "name": "Net"}]
        answer = client.ask(
            "workspace/executeCommand", {"command": "samedevice.probe", "arguments": ["file:///w/closed.py"]}
        )
        assert answer["available"] is False


def test_fix_all_as_a_command() -> None:
    with Client(EGLOT) as client:
        client.open(URI, BROKEN)
        client.ask("workspace/executeCommand", {"command": "samedevice.fixAll", "arguments": [URI]})
        (asked,) = [one for one in client.requests if one["method"] == "workspace/applyEdit"]
        assert asked["params"]["edit"]["documentChanges"][0]["textDocument"]["version"] == 1


def test_explain_finds_the_file(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(BROKEN, encoding="utf-8")
    text = (
        'File "/elsewhere/proj/train.py", line 4, in <module>\nRuntimeError: Expected all tensors to be on one device'
    )
    with Client({}, tmp_path) as client:
        answer = client.ask("workspace/executeCommand", {"command": "samedevice.explain", "arguments": [text]})
        assert answer["rule"] == "device-mismatch"
        assert answer["fixes"][0] == answer["actions"][0]["title"] == "Use `x.to(w.device)`"
        (edit,) = answer["actions"][0]["edit"]["changes"][answer["uri"]]
        assert edit == {"range": _at(3, 15), "newText": ".to(w.device)"}
        assert (answer["uri"], answer["line"]) == ((tmp_path / "train.py").as_uri(), 3)
        page = client.ask("workspace/executeCommand", {"command": "samedevice.rule", "arguments": ["device-mismatch"]})
        assert page.startswith("# device-mismatch")


def test_nonsense_is_answered_and_survived(push: Client) -> None:
    assert push.refused("no/such", {})["code"] == -32601
    assert push.refused("textDocument/hover", {"textDocument": 3})["code"] == -32602
    assert push.refused("textDocument/codeAction", None)["code"] == -32602
    assert push.refused("workspace/executeCommand", {"command": "no"})["code"] == -32602
    assert push.refused("workspace/executeCommand", {"command": "samedevice.rule", "arguments": [1]})["code"] == -32602
    assert push.refused("initialize", {})["code"] == -32600
    for params in (None, [], {}, {"textDocument": {}}, {"textDocument": {"uri": "untitled:U"}, "contentChanges": [{}]}):
        push.notify("textDocument/didChange", params)
        push.notify("textDocument/didOpen", params)
        push.notify("notebookDocument/didChange", params)
    for body in (b"{", b"[]", b"7", b'{"id": 1}', b'{"jsonrpc": "2.0", "id": 9, "result": null}'):
        push.raw(body)
    push.open("untitled:Untitled-1", BROKEN)
    assert len(push.published("untitled:Untitled-1", 1)) == 1


def test_the_end_is_clean() -> None:
    client = Client({})
    client.ask("shutdown", None)
    assert client.refused("textDocument/hover", {})["code"] == -32600
    client.notify("exit", None)
    assert client.process.wait(30) == 0
    client.close()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the worker in /proc")
def test_a_worker_that_dies_is_replaced() -> None:
    with Client({}) as client:
        client.open(URI, BROKEN)
        assert len(client.published(URI, 1)) == 1
        os.kill(_children(client)[0], signal.SIGKILL)
        client.change(URI, 2, {"text": "# again\n" + BROKEN})
        assert len(client.published(URI, 2)) == 1
        assert "starting another one" in "".join(client.log)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the worker in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, None])
def test_no_worker_outlives_its_server(how: signal.Signals | None) -> None:
    client = Client({})
    client.open(URI, BROKEN)
    client.published(URI, 1)
    workers = _children(client)
    if how is not None:
        os.kill(client.process.pid, how)
        client.process.wait(30)
    client.close()
    until = time.monotonic() + 30
    while any(_runs(number) for number in workers) and time.monotonic() < until:
        time.sleep(0.02)
    assert workers
    assert not [number for number in workers if _runs(number)]


def _children(client: Client) -> list[int]:
    number = client.process.pid
    return [int(one) for one in Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii").split()]


def _runs(number: int) -> bool:
    """Whether there is such a process, one that has ended and that nobody asked about left out."""
    try:
        words = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return False
    return words[0] != "Z"
