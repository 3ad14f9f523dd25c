"""The protocol as pytest-lsp speaks it, with the capabilities that it has recorded of real editors."""

from __future__ import annotations

import os
import sys

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from lsp.client import ROOT

URI = "file:///nowhere/a.py"
BROKEN = """import torch
x = torch.zeros(3)
w = torch.ones(3, device="cuda")
"😀é"; y = torch.add(x, w)
"""
CONFIG = ClientServerConfig(
    server_command=[sys.executable, "-m", "samedevice", "server"],
    server_env={**os.environ, "PYTHONPATH": str(ROOT / "server")},
)
EDITORS = ["visual_studio_code", "neovim@v0.6.1", "neovim@v0.9.1", "neovim@v0.11.0", "emacs"]
COLUMNS = {"utf-8": 10, "utf-16": 7, "utf-32": 6}
"""Where `y` begins, in each way of counting."""


@pytest_lsp.fixture(config=CONFIG, params=EDITORS)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient):  # type: ignore[no-untyped-def]  # pytest-lsp's own form
    """A session of one editor."""
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    capabilities = client_capabilities(request.param)
    result = await lsp_client.initialize_session(types.InitializeParams(capabilities=capabilities))
    lsp_client.pulls = result.capabilities.diagnostic_provider is not None
    lsp_client.encoding = result.capabilities.position_encoding
    yield
    await lsp_client.shutdown_session()


async def _diagnostics(client: LanguageClient, count: int) -> list[types.Diagnostic]:
    """The diagnostics of the text of now, as the editor gets them."""
    if client.pulls:
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(URI))
        return list((await client.text_document_diagnostic_async(params)).items)
    while len(client.diagnostics.get(URI, [None] * 9)) != count:
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return list(client.diagnostics[URI])


@pytest.mark.asyncio
async def test_from_the_squiggle_to_the_mended_text(client: LanguageClient) -> None:
    item = types.TextDocumentItem(URI, "python", 1, BROKEN)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    (found,) = await _diagnostics(client, 1)
    assert found.range.start == types.Position(3, COLUMNS[client.encoding] + 4)
    document = types.TextDocumentIdentifier(URI)
    hover = await client.text_document_hover_async(types.HoverParams(document, types.Position(1, 0)))
    assert hover is not None
    assert "Tensor[float32, cpu, [3]]" in str(hover.contents)
    context = types.CodeActionContext(diagnostics=[found])
    params = types.CodeActionParams(document, found.range, context)
    actions = await client.text_document_code_action_async(params)
    assert actions
    edit = next(
        one.edit for one in actions if isinstance(one, types.CodeAction) and one.title == "Use `x.to(w.device)`"
    )
    assert edit is not None
    changes = edit.changes[URI] if edit.changes else edit.document_changes[0].edits  # type: ignore[index,union-attr]  # ours
    whole = [types.TextDocumentContentChangePartial(range=one.range, text=one.new_text) for one in changes]
    version = types.VersionedTextDocumentIdentifier(version=2, uri=URI)
    client.text_document_did_change(types.DidChangeTextDocumentParams(version, whole))
    assert await _diagnostics(client, 0) == []
