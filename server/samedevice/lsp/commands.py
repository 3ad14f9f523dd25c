"""The commands a client can run, and the edits that are worked out when an action is chosen."""

from __future__ import annotations

from typing import Any

from samedevice import __version__
from samedevice.lsp import child
from samedevice.lsp.client import at
from samedevice.lsp.session import Session
from samedevice.lsp.wire import CONTENT_MODIFIED, FAILED, INVALID_PARAMS, Refused

Json = dict[str, Any]


def versions(session: Session, uri: str) -> Json:
    """The version of each document that edits of a document's program may touch."""
    program = session.documents.program_of(uri)
    if program is None:
        return {}
    opened = session.documents.open
    return {one: opened[one].version for one in session.documents.uris(program) if one in opened}


async def resolved(session: Session, action: Json) -> Json:
    """A code action with its edit."""
    data = action.get("data")
    uri = at(data, "uri")
    if action.get("edit") is not None or not isinstance(uri, str):
        return action
    if versions(session, uri) != at(data, "versions"):
        raise Refused(CONTENT_MODIFIED, "the text has changed since this was offered")
    edit = await session.about("fix_all", uri, versions(session, uri), session.client.document_changes)
    return {**action, "edit": edit or {"changes": {}}}


async def run(session: Session, name: str, arguments: list[Any], token: Any = None) -> Any:
    """Runs one command; `token` is where the client shows its progress."""
    first = arguments[0] if arguments else None
    match name:
        case "samedevice.fixAll":
            return await _fix_all(session, _uri(first))
        case "samedevice.explain":
            return await _explain(session, _text(first))
        case "samedevice.explainFinding":
            return await _explain_finding(session, arguments)
        case "samedevice.why":
            uri = _uri(first)
            return await session.about("why", uri, uri, _place(arguments))
        case "samedevice.checkWorkspace":
            return await session.everything.check(token)
        case "samedevice.rule":
            return await _page(session, _text(first))
        case "samedevice.openRule":
            return await _open(session, _text(first))
        case "samedevice.status":
            return _status(session)
        case "samedevice.probe":
            return await session.probing.run(arguments, token)
        case _:
            raise Refused(INVALID_PARAMS, f"there is no command {name}")


def _status(session: Session) -> Json:
    """What is open, as the server has it: for reports of bugs, and for tests."""
    from hashlib import sha256

    opened = [
        {"uri": one.uri, "version": one.version, "sha256": sha256(str(one.text).encode(errors="replace")).hexdigest()}
        for one in session.documents.open.values()
    ]
    return {"version": __version__, "encoding": session.client.encoding, "documents": opened}


def _uri(value: Any) -> str:
    uri = value if isinstance(value, str) else at(value, "uri")
    return _text(uri)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Refused(INVALID_PARAMS, "a string is wanted")
    return value


async def _fix_all(session: Session, uri: str) -> Json:
    """Mends a whole document through the client."""
    if not session.client.applies_edits:
        raise Refused(FAILED, "the editor can't apply edits; choose the action `Fix all` instead")
    edit = await session.about("fix_all", uri, versions(session, uri), session.client.document_changes)
    if not edit:
        return {"applied": False, "failureReason": "nothing can be fixed"}
    told = await session.request("workspace/applyEdit", {"label": "SameDevice: fix all", "edit": edit})
    return told if isinstance(told, dict) else {"applied": False}


async def _explain(session: Session, text: str) -> Any:
    opened = {one.uri: str(one.text) for one in session.documents.open.values() if one.uri.startswith("file:")}
    return await _asked(session, "explain", text, list(session.folders), opened, session.client.encoding)


async def _explain_finding(session: Session, arguments: list[Any]) -> Any:
    """What a finding means; told to the user here, where the editor has no command of its own for it."""
    uri = _uri(arguments[0] if arguments else None)
    rule = arguments[2] if len(arguments) > 2 and isinstance(arguments[2], str) else ""
    found = await session.about("explain_finding", uri, uri, _place(arguments), rule)
    if found is not None and not session.client.own("explainFinding"):
        session.writer.notify("window/showMessage", {"type": 3, "message": found["text"]})
    return found


def _place(arguments: list[Any]) -> Json:
    """The position in the second argument of a command."""
    value = arguments[1] if len(arguments) > 1 else None
    line, character = at(value, "line"), at(value, "character")
    if type(line) is not int or type(character) is not int:
        raise Refused(INVALID_PARAMS, "a position is wanted")
    return {"line": max(line, 0), "character": max(character, 0)}


async def _page(session: Session, rule: str) -> Any:
    return await _asked(session, "page", rule)


async def _open(session: Session, uri: str) -> Any:
    if not session.client.shows_documents:
        raise Refused(FAILED, "the editor can't show documents")
    await session.request("window/showDocument", {"uri": uri, "external": uri.startswith("http"), "takeFocus": True})
    return None


async def _asked(session: Session, name: str, *arguments: Any) -> Any:
    """A worker's answer that belongs to no document."""
    try:
        return await session.worker.ask(name, lambda: arguments, child.SOON)
    except child.Failed as error:
        raise Refused(FAILED, str(error)) from None
