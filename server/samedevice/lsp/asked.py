"""What an editor asks for while one types: hovers, fixes, hints, lenses, and diagnostics that are pulled."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from samedevice.lsp import commands
from samedevice.lsp.client import at
from samedevice.lsp.session import Session
from samedevice.lsp.wire import INVALID_PARAMS, Refused

Json = dict[str, Any]
_AUTOMATIC = 2


async def diagnostic(session: Session, params: Any) -> Any:
    """`textDocument/diagnostic`."""
    return await session.diagnostics.pull(_uri(params), at(params, "previousResultId"))


async def hover(session: Session, params: Any) -> Any:
    """`textDocument/hover`."""
    uri = _uri(params)
    return await session.about("hover", uri, uri, _position(at(params, "position")), session.client.markdown)


async def code_action(session: Session, params: Any) -> Any:
    """`textDocument/codeAction`: from the document and the range; what the client's diagnostics hold does not count."""
    uri, only, client = _uri(params), at(params, "context", "only"), session.client
    asked = {
        "uri": uri,
        "range": _range(at(params, "range")),
        "only": [str(kind) for kind in only] if isinstance(only, list) else None,
        "automatic": at(params, "context", "triggerKind") == _AUTOMATIC,
        "versions": commands.versions(session, uri),
        "resolves": client.resolves_edits,
        "preferred": client.preferred,
        "applies": client.applies_edits,
        "marks": client.marks,
        "documents": client.document_changes,
        "shows": client.shows_documents,
    }
    return await session.about("actions", uri, asked)


async def resolve(session: Session, params: Any) -> Any:
    """`codeAction/resolve`."""
    if not isinstance(params, dict):
        raise Refused(INVALID_PARAMS, "a code action is wanted")
    return await commands.resolved(session, params)


async def inlay_hint(session: Session, params: Any) -> Any:
    """`textDocument/inlayHint`."""
    uri, where, level = _uri(params), _range(at(params, "range")), session.options.inlay_hints
    return [] if level == "off" else await session.about("inlay_hints", uri, uri, where, level)


async def code_lens(session: Session, params: Any) -> Any:
    """`textDocument/codeLens`."""
    uri = _uri(params)
    if not session.options.code_lens:
        return []
    return await session.about("code_lenses", uri, uri, session.client.lens_command or "samedevice.probe")


HANDLERS: dict[str, Callable[[Session, Any], Coroutine[Any, Any, Any]]] = {
    "textDocument/diagnostic": diagnostic,
    "textDocument/hover": hover,
    "textDocument/codeAction": code_action,
    "codeAction/resolve": resolve,
    "textDocument/inlayHint": inlay_hint,
    "textDocument/codeLens": code_lens,
}


def _uri(params: Any) -> str:
    uri = at(params, "textDocument", "uri")
    if not isinstance(uri, str):
        raise Refused(INVALID_PARAMS, "textDocument.uri is missing")
    return uri


def _position(value: Any) -> Json:
    line, character = at(value, "line"), at(value, "character")
    if type(line) is not int or type(character) is not int:
        raise Refused(INVALID_PARAMS, "a position is wanted")
    return {"line": max(line, 0), "character": max(character, 0)}


def _range(value: Any) -> Json:
    return {"start": _position(at(value, "start")), "end": _position(at(value, "end"))}
