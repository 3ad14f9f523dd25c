"""What the client can do, read from its `initialize` request."""

from __future__ import annotations

from typing import Any

from samedevice.dataclass import dataclass, field
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
    resolves_hints: bool = False
    document_changes: bool = False
    preferred: bool = False
    applies_edits: bool = False
    shows_documents: bool = False
    configuration: bool = False
    registers_configuration: bool = False
    registers_watchers: bool = False
    progress: bool = False
    status: bool = False
    """Whether it knows our notification `samedevice/status`; others would complain of it."""
    commands: Json = field(default_factory=dict)
    """The client's own commands, by the last part of their names."""
    marks: Json = field(default_factory=dict)
    """What of a diagnostic the client shows."""

    def own(self, name: str) -> str:
        """The client's own command for something; "" where the server's has to do."""
        return str(self.commands.get(name, ""))


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
    lazy = at(text, "inlayHint", "resolveSupport", "properties")
    return Client(
        encoding=chosen(at(told, "general", "positionEncodings")),
        pull=isinstance(pull, dict),
        refresh=at(workspace, "diagnostics", "refreshSupport") is True,
        refresh_hints=at(workspace, "inlayHint", "refreshSupport") is True,
        refresh_lenses=at(workspace, "codeLens", "refreshSupport") is True,
        markdown=not isinstance(formats, list) or not formats or formats[0] == "markdown",
        resolves_edits=isinstance(resolved, list) and "edit" in resolved,
        resolves_hints=isinstance(lazy, list) and "tooltip" in lazy,
        document_changes=at(workspace, "workspaceEdit", "documentChanges") is True,
        preferred=at(actions, "isPreferredSupport") is True,
        applies_edits=at(workspace, "applyEdit") is True,
        shows_documents=at(window, "showDocument", "support") is True,
        configuration=at(workspace, "configuration") is True,
        registers_configuration=at(workspace, "didChangeConfiguration", "dynamicRegistration") is True,
        registers_watchers=at(workspace, "didChangeWatchedFiles", "dynamicRegistration") is True,
        progress=at(window, "workDoneProgress") is True,
        status=at(options, "status") is True or at(options, "commands") is not None,
        commands=_own_commands(at(options, "commands")),
        marks={
            "description": any(at(one, "codeDescriptionSupport") is True for one in either),
            "related": any(at(one, "relatedInformation") is True for one in either),
            "tags": any(isinstance(at(one, "tagSupport"), dict) for one in either),
            "data": any(at(one, "dataSupport") is True for one in either),
            "pages": at(options, "rulePages") if isinstance(at(options, "rulePages"), str) else None,
        },
    )


def _own_commands(told: Any) -> Json:
    """The client's commands: a list of their names, or each under the name of what it does."""
    if isinstance(told, list):
        return {name.rpartition(".")[2]: name for name in told if isinstance(name, str)}
    return {key: value for key, value in told.items() if isinstance(value, str)} if isinstance(told, dict) else {}
