"""The features that pygls serves: commands, settings, the workspace, and whatever else a client may ask."""

from __future__ import annotations

import logging
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from samedevice import __version__
from samedevice.lsp.session import Session
from samedevice.lsp.uris import path_of
from samedevice.lsp.wire import INVALID_PARAMS, Message, Refused

logger = logging.getLogger(__name__)

_OURS = ("textDocument/didOpen", "textDocument/didChange", "textDocument/didClose")


class _Nowhere:
    """Takes pygls' own answer to `initialize`, which the client has had already."""

    def write(self, data: bytes) -> None:
        """Drops it."""

    def close(self) -> None:
        """Nothing to close."""


class Server(LanguageServer):
    """pygls, behind our own reading and writing."""

    session: Session

    @classmethod
    def begin(cls, session: Session, hello: Message) -> Server:
        """A server that knows what the client said at the beginning."""
        # Refusals are answers, not accidents; what does go wrong is logged by us.
        logging.getLogger("pygls").setLevel(logging.CRITICAL)
        server = cls("SameDevice", __version__)
        server.session = session
        for name in _OURS:
            server.protocol.fm.builtin_features.pop(name, None)
        _register(server)
        server.protocol.set_writer(_Nowhere())
        server.protocol.handle_message(server.protocol.structure_message(dict(hello)))
        server.protocol.set_writer(session.writer)
        return server

    def handle(self, message: Message) -> None:
        """One message from the client."""
        try:
            structured = self.protocol.structure_message(message)
        except Exception as error:
            logger.warning("%s is not understood", message.get("method"))
            if "id" in message:
                self.session.writer.refuse(message["id"], INVALID_PARAMS, f"not understood: {error}")
            return
        self.protocol.handle_message(structured)

    def cancel(self, number: Any) -> None:
        """Cancels a request that is under way."""
        self.protocol._handle_cancel_notification(number)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Errors go to the log, never to a message on the user's screen."""
        if not isinstance(error.__cause__, Refused) and not isinstance(error, JsonRpcException):
            logger.error("%s: %s", type(error).__name__, error)


def _register(server: Server) -> None:
    """Names the handler of each feature."""
    session = server.session

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def workspace_diagnostic(params: types.WorkspaceDiagnosticParams) -> Any:
        known = {item.uri: item.value for item in params.previous_result_ids}
        items = await session.diagnostics.pull_all(known)
        if params.partial_result_token is None:
            return {"items": items}
        partial = {"token": params.partial_result_token, "value": {"items": items}}
        session.writer.notify("$/progress", partial)
        return {"items": []}

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configuration(params: types.DidChangeConfigurationParams) -> None:
        settings = params.settings
        values = settings.get("samedevice") if isinstance(settings, dict) else None
        await session.configure(values)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: types.DidChangeWatchedFilesParams) -> None:
        uris = [change.uri for change in params.changes]
        changed = types.FileChangeType.Changed
        session.files_changed(uris, others=any(change.type is not changed for change in params.changes))

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        gone = {path_of(folder.uri) for folder in params.event.removed}
        session.folders[:] = [folder for folder in session.folders if folder not in gone]
        session.folders += [path_of(folder.uri) for folder in params.event.added]
        session.files_changed([folder.uri for folder in (*params.event.added, *params.event.removed)])
