"""What the client can do, read from its `initialize` request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from samedevice.lsp.positions import UTF16, chosen

Json = dict[str, Any]


def at(value: Any, *keys: str) -> Any:
    """A part of nested objects; None where any of them is missing or is no object."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


@dataclass(frozen=True)
class Client:
    """The capabilities that change what we send."""

    encoding: str = UTF16
    pull: bool = False
    refresh: bool = False
    refresh_hints: bool = False
    refresh_lenses: bool = False
    markdown: bool = True
    resolves_edits: bool = False
    document_changes: bool = False
    preferred: bool = False
    applies_edits: bool = False
    shows_documents: bool = False
    configuration: bool = False
    registers_configuration: bool = False
    registers_watchers: bool = False
    progress: bool = False
    lens_command: str = ""
    """The client's own command behind a lens; "" for the server's."""
    marks: Json = field(default_factory=dict)
    """What of a diagnostic the client shows."""


def read(params: Json) -> Client:
    """The capabilities in an `initialize` request."""
    told = params.get("capabilities")
    options = params.get("initializationOptions")
    text, workspace, window = at(told, "textDocument"), at(told, "workspace"), at(told, "window")
    publish, pull = at(text, "publishDiagnostics"), at(text, "diagnostic")
    actions = at(text, "codeAction")
    formats = at(text, "hover", "contentFormat")
    either = [publish, pull]
    resolved = at(actions, "resolveSupport", "properties")
    commands = at(options, "commands")
    return Client(
        encoding=chosen(at(told, "general", "positionEncodings")),
        pull=isinstance(pull, dict),
        refresh=at(workspace, "diagnostics", "refreshSupport") is True,
        refresh_hints=at(workspace, "inlayHint", "refreshSupport") is True,
        refresh_lenses=at(workspace, "codeLens", "refreshSupport") is True,
        markdown=not isinstance(formats, list) or not formats or formats[0] == "markdown",
        resolves_edits=isinstance(resolved, list) and "edit" in resolved,
        document_changes=at(workspace, "workspaceEdit", "documentChanges") is True,
        preferred=at(actions, "isPreferredSupport") is True,
        applies_edits=at(workspace, "applyEdit") is True,
        shows_documents=at(window, "showDocument", "support") is True,
        configuration=at(workspace, "configuration") is True,
        registers_configuration=at(workspace, "didChangeConfiguration", "dynamicRegistration") is True,
        registers_watchers=at(workspace, "didChangeWatchedFiles", "dynamicRegistration") is True,
        progress=at(window, "workDoneProgress") is True,
        lens_command=_own_command(commands, "probe"),
        marks={
            "description": any(at(one, "codeDescriptionSupport") is True for one in either),
            "related": any(at(one, "relatedInformation") is True for one in either),
            "tags": any(isinstance(at(one, "tagSupport"), dict) for one in either),
            "data": any(at(one, "dataSupport") is True for one in either),
            "pages": at(options, "rulePages") if isinstance(at(options, "rulePages"), str) else None,
        },
    )


def _own_command(commands: Any, name: str) -> str:
    """The client's command for something, where it named one."""
    value = at(commands, name)
    return value if isinstance(value, str) else ""
