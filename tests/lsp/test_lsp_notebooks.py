"""Notebooks: the cells in their order are one program, and findings land in their cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lsp.client import Client, Json
from lsp.recorded_clients import VS_CODE

BOOK = "file:///nowhere/book.ipynb"
CELLS = [
    "%matplotlib inline\nimport torch\nx = torch.zeros(3)",
    "Words, not code",
    'w = torch.ones(3, device="cuda")',
    "!ls\ny = x + w",
]
KINDS = [2, 1, 2, 2]


def _uri(number: int) -> str:
    return f"vscode-notebook-cell:/nowhere/book.ipynb#{number}"


def _document(number: int, text: str, kind: int = 2) -> Json:
    return {"uri": _uri(number), "languageId": "python" if kind == 2 else "markdown", "version": 1, "text": text}


def _open(client: Client, book: str = BOOK) -> None:
    cells = [{"kind": kind, "document": _uri(number)} for number, kind in enumerate(KINDS)]
    documents = [_document(number, text, KINDS[number]) for number, text in enumerate(CELLS)]
    notebook = {"uri": book, "notebookType": "jupyter-notebook", "version": 1, "cells": cells}
    client.notify("notebookDocument/didOpen", {"notebookDocument": notebook, "cellTextDocuments": documents})


def _change(client: Client, cells: Json) -> None:
    identity = {"uri": BOOK, "version": 2}
    client.notify("notebookDocument/didChange", {"notebookDocument": identity, "change": {"cells": cells}})


def test_findings_land_in_their_cell() -> None:
    with Client({}) as client:
        _open(client)
        (item,) = client.published(_uri(3), 1)
        assert item["range"] == {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 9}}
        assert client.published(_uri(0), 1) == client.published(_uri(2), 1) == []
        where = {"textDocument": {"uri": _uri(3)}, "position": {"line": 1, "character": 4}}
        assert f"{_uri(0)}#L3" in client.ask("textDocument/hover", where)["contents"]["value"]
        actions = client.ask(
            "textDocument/codeAction", {**where, "range": item["range"], "context": {"diagnostics": []}}
        )
        assert list(actions[0]["edit"]["changes"]) == [_uri(3)] or list(actions[0]["edit"]["changes"]) == [_uri(0)]


def test_cells_move_change_and_go() -> None:
    with Client({}) as client:
        _open(client)
        assert len(client.published(_uri(3), 1)) == 1
        end = {"line": 0, "character": 32}
        edit = {"range": {"start": end, "end": end}, "text": ".cpu()"}
        _change(client, {"textContent": [{"document": {"uri": _uri(2), "version": 2}, "changes": [edit]}]})
        client.until(lambda: client._published(_uri(2), 2))
        client.until(lambda: client.published(_uri(3)) == [])
        new = {"start": 3, "deleteCount": 0, "cells": [{"kind": 2, "document": _uri(4)}]}
        opened = [_document(4, 'w = w.to("cuda:1")')]
        _change(client, {"structure": {"array": new, "didOpen": opened}})
        client.until(lambda: client.published(_uri(3)) != [])
        gone = {"start": 3, "deleteCount": 1}
        _change(client, {"structure": {"array": gone, "didClose": [{"uri": _uri(4)}]}})
        client.until(lambda: client.published(_uri(3)) == [])
        client.notify("notebookDocument/didClose", {"notebookDocument": {"uri": BOOK}, "cellTextDocuments": []})


@pytest.mark.parametrize("number", [0, 3])
def test_cells_can_be_pulled(number: int) -> None:
    with Client(VS_CODE) as client:
        _open(client)
        report = client.ask("textDocument/diagnostic", {"textDocument": {"uri": _uri(number)}})
        assert len(report["items"]) == (number == 3)
        (edit,) = client.ask(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": _uri(3)},
                "range": {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 9}},
                "context": {"diagnostics": [], "only": ["source.fixAll"]},
            },
        )
        resolved = client.ask("codeAction/resolve", edit)["edit"]["documentChanges"]
        assert all(change["textDocument"]["version"] == 1 for change in resolved)
        assert "!ls" not in str(resolved)


def test_the_other_cells_are_asked_for_again_when_one_changes() -> None:
    pull = {"textDocument": {"uri": _uri(3)}}
    with Client(VS_CODE) as client:
        _open(client)
        client.until(lambda: len(client.ask("textDocument/diagnostic", pull)["items"]) == 1)
        before = [one["method"] for one in client.requests].count("workspace/diagnostic/refresh")
        end = {"line": 0, "character": 32}
        edit = {"range": {"start": end, "end": end}, "text": ".cpu()"}
        _change(client, {"textContent": [{"document": {"uri": _uri(2), "version": 2}, "changes": [edit]}]})
        client.until(lambda: [one["method"] for one in client.requests].count("workspace/diagnostic/refresh") > before)
        assert client.ask("textDocument/diagnostic", pull)["items"] == []


def test_a_closed_notebook_is_checked_with_the_workspace(tmp_path: Path) -> None:
    """An editor has no names for its cells then, so their numbers are said; once it is open, its cells speak."""
    file = tmp_path / "book.ipynb"
    kinds = {1: "markdown", 2: "code"}
    cells = [
        {"cell_type": kinds[kind], "metadata": {}, "source": text} for kind, text in zip(KINDS, CELLS, strict=True)
    ]
    file.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    capabilities = {"textDocument": {"publishDiagnostics": {"relatedInformation": True}}}
    with Client(capabilities, tmp_path) as client:

        def check() -> Json:
            told: Json = client.ask(
                "workspace/executeCommand", {"command": "samedevice.checkWorkspace", "arguments": []}
            )
            return told

        assert (check()["files"], check()["findings"]) == (1, 1)
        (item,) = client.published(file.as_uri())
        assert item["range"] == {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 9}}
        assert item["message"].startswith("Cell 3, line 2: `x` is on cpu")
        (made, _) = item["relatedInformation"]
        assert made["message"].startswith("Cell 1, line 3: `x`")
        assert made["location"]["range"]["start"]["line"] == 2
        _open(client, file.as_uri())
        client.until(lambda: client.published(file.as_uri()) == [] and len(client.published(_uri(3))) == 1)
        assert check()["findings"] == 1
        uris = [{"uri": _uri(number)} for number in range(len(CELLS))]
        client.notify(
            "notebookDocument/didClose", {"notebookDocument": {"uri": file.as_uri()}, "cellTextDocuments": uris}
        )
        client.until(lambda: len(client.published(file.as_uri())) == 1 and client.published(_uri(3)) == [])
