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
    return await session.about(
        "hover", uri, uri, position(at(params, "position")), session.client.markdown, bool(session.resolving.pending)
    )


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
        # An editor that takes no requests from us runs no commands of ours either.
        "explains": client.own("explainFinding") or ("samedevice.explainFinding" if client.applies_edits else ""),
        "opens": client.own("openRule") or "samedevice.openRule",
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
    if level == "off":
        return []
    found = await session.about("inlay_hints", uri, uri, where, level, session.client.resolves_hints)
    return [*(found or []), *session.probing.hints(uri, where)]


async def resolve_hint(session: Session, params: Any) -> Any:
    """`inlayHint/resolve`: what hover says of the name before the hint."""
    uri = at(params, "data", "uri")
    if not isinstance(uri, str):
        return params
    place = position(at(params, "position"))
    place["character"] = max(place["character"] - 1, 0)
    told = await session.about("hover", uri, uri, place, session.client.markdown, bool(session.resolving.pending))
    return params if told is None else {**params, "tooltip": told["contents"]}


async def code_lens(session: Session, params: Any) -> Any:
    """`textDocument/codeLens`."""
    uri = _uri(params)
    if not session.options.code_lens:
        return []
    found = await session.about("code_lenses", uri, uri, session.client.own("probe") or "samedevice.probe")
    return session.probing.lenses(uri, found or [])


async def execute_command(session: Session, params: Any) -> Any:
    """`workspace/executeCommand`."""
    name, arguments = at(params, "command"), at(params, "arguments")
    if not isinstance(name, str):
        raise Refused(INVALID_PARAMS, "a command is wanted")
    given = arguments if isinstance(arguments, list) else []
    try:
        return await commands.run(session, name, given, at(params, "workDoneToken"))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(INVALID_PARAMS, f"not understood: {error}") from None


HANDLERS: dict[str, Callable[[Session, Any], Coroutine[Any, Any, Any]]] = {
    "textDocument/diagnostic": diagnostic,
    "textDocument/hover": hover,
    "textDocument/codeAction": code_action,
    "codeAction/resolve": resolve,
    "textDocument/inlayHint": inlay_hint,
    "inlayHint/resolve": resolve_hint,
    "textDocument/codeLens": code_lens,
    "workspace/executeCommand": execute_command,
}


def _uri(params: Any) -> str:
    uri = at(params, "textDocument", "uri")
    if not isinstance(uri, str):
        raise Refused(INVALID_PARAMS, "textDocument.uri is missing")
    return uri


def position(value: Any) -> Json:
    """A position of the protocol, whatever was sent."""
    line, character = at(value, "line"), at(value, "character")
    if type(line) is not int or type(character) is not int:
        raise Refused(INVALID_PARAMS, "a position is wanted")
    return {"line": max(line, 0), "character": max(character, 0)}


def _range(value: Any) -> Json:
    return {"start": position(at(value, "start")), "end": position(at(value, "end"))}
