"""Who does what: text, and what is asked while typing, at once; everything else by pygls, loaded when needed."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from samedevice.lsp.asked import HANDLERS
from samedevice.lsp.client import at
from samedevice.lsp.session import Session
from samedevice.lsp.wire import CANCELLED, CONTENT_MODIFIED, INTERNAL, INVALID_REQUEST, Message

if TYPE_CHECKING:
    from samedevice.lsp.server import Server

logger = logging.getLogger(__name__)

Json = dict[str, Any]


class Dispatch:
    """Hands each message to its handler."""

    def __init__(self, session: Session, hello: Message) -> None:
        self._session = session
        self._hello = hello
        self._server: Server | None = None
        self._loading: asyncio.Task[None] | None = None
        self._queue: list[tuple[Message, int]] = []
        self._shut_down = False
        self.exit_code: int | None = None
        self._notified: dict[str, Callable[[Json], None]] = {
            "textDocument/didOpen": session.opened,
            "textDocument/didChange": session.changed,
            "textDocument/didClose": session.closed,
            "textDocument/didSave": session.saved,
            "notebookDocument/didOpen": session.notebook_opened,
            "notebookDocument/didChange": session.notebook_changed,
            "notebookDocument/didClose": session.notebook_closed,
            "notebookDocument/didSave": lambda _: None,
            "initialized": self._initialized,
            "$/cancelRequest": self._cancel,
            "window/workDoneProgress/cancel": self._cancel_progress,
            "exit": self._exit,
        }

    def handle(self, message: Message) -> None:
        """Does what a message asks for; whatever it holds, the session goes on."""
        method = message.get("method")
        if not isinstance(method, str):
            if "id" in message and ("result" in message or "error" in message):
                self._session.answered(message)
            elif "id" in message:
                self._session.writer.refuse(message["id"], INVALID_REQUEST, "no method")
            return
        if "id" in message:
            self._request(message["id"], method, message)
        else:
            self._notification(method, message)

    def _notification(self, method: str, message: Message) -> None:
        handler = self._notified.get(method)
        params = message.get("params")
        try:
            if handler is not None:
                handler(params if isinstance(params, dict) else {})
            elif not method.startswith("$/"):
                self._later(message)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            logger.warning("%s is not understood: %s: %s", method, type(error).__name__, error)

    def _request(self, number: Any, method: str, message: Message) -> None:
        session, params = self._session, message.get("params")
        if self._shut_down or method == "initialize":
            session.writer.refuse(number, INVALID_REQUEST, "the server is shut down" if self._shut_down else "twice")
        elif method == "shutdown":
            self._shut_down = True
            session.writer.answer(number, None)
        elif method in HANDLERS:
            session.task(number, HANDLERS[method](session, params))
        else:
            self._later(message)

    def _initialized(self, _: Json) -> None:
        self._session.keep(self._session.initialized())

    def _cancel_progress(self, params: Json) -> None:
        progress = self._session.progress.get(params.get("token"))
        if progress is not None:
            progress.cancelled = True

    def _cancel(self, params: Json) -> None:
        number = params.get("id")
        if self._session.cancel(number):
            return
        for index, (message, _) in enumerate(self._queue):
            if message.get("id") == number:
                del self._queue[index]
                self._session.writer.refuse(number, CANCELLED, "cancelled")
                return
        if self._server is not None:
            self._server.cancel(number)

    def _exit(self, _: Json) -> None:
        self.exit_code = 0 if self._shut_down else 1

    # Everything that pygls does.

    def load_soon(self) -> None:
        """Loads pygls, if that has not begun."""
        if self._loading is None:
            self._loading = asyncio.ensure_future(self._load())

    def _later(self, message: Message) -> None:
        if self._server is not None:
            self._server.handle(message)
            return
        self._queue.append((message, self._edition(message)))
        self.load_soon()

    def _edition(self, message: Message) -> int:
        uri = at(message.get("params"), "textDocument", "uri")
        program = self._session.documents.program_of(uri) if isinstance(uri, str) else None
        return -1 if program is None else program.edition

    async def _load(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            module = await loop.run_in_executor(None, importlib.import_module, "samedevice.lsp.server")
            self._server = module.Server.begin(self._session, self._hello)
        except Exception as error:
            logger.exception("pygls could not be loaded")
            for message, _ in self._queue:
                if "id" in message:
                    self._session.writer.refuse(message["id"], INTERNAL, str(error))
            self._queue.clear()
            return
        queue, self._queue = self._queue, []
        for message, edition in queue:
            if "id" in message and edition != self._edition(message):
                self._session.writer.refuse(message["id"], CONTENT_MODIFIED, "the text has changed meanwhile")
            else:
                self._server.handle(message)
