"""What the server says it can do; fixed, so that it is said before anything large is loaded."""

from __future__ import annotations

from typing import Any

from samedevice import __version__
from samedevice.lsp.client import Client

COMMANDS = (
    "samedevice.fixAll",
    "samedevice.explain",
    "samedevice.explainFinding",
    "samedevice.why",
    "samedevice.checkWorkspace",
    "samedevice.probe",
    "samedevice.rule",
    "samedevice.openRule",
    "samedevice.status",
)
KINDS = ("quickfix", "source.fixAll.samedevice")


def answer(client: Client) -> dict[str, Any]:
    """The result of `initialize`."""
    told: dict[str, Any] = {
        "positionEncoding": client.encoding,
        "textDocumentSync": {"openClose": True, "change": 2, "save": {"includeText": False}},
        "notebookDocumentSync": {
            "notebookSelector": [{"cells": [{"language": "python"}], "notebook": "*"}],
            "save": False,
        },
        "hoverProvider": True,
        "codeActionProvider": {"codeActionKinds": list(KINDS), "resolveProvider": True},
        "codeLensProvider": {"resolveProvider": False},
        "inlayHintProvider": {"resolveProvider": True},
        # A client that has a command of that name registers it itself, and calls ours by its request.
        "executeCommandProvider": {
            "commands": [name for name in COMMANDS if name not in client.commands.values()],
            "workDoneProgress": True,
        },
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
    }
    if client.pull:
        told["diagnosticProvider"] = {
            "identifier": "samedevice",
            "interFileDependencies": True,
            "workspaceDiagnostics": True,
        }
    return {"capabilities": told, "serverInfo": {"name": "SameDevice", "version": __version__}}
