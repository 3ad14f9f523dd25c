"""One client's session: what arrives in order is done in order, and nothing here ever waits for the analysis."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from collections.abc import Coroutine
from typing import Any

from samedevice.lsp import child, client, options
from samedevice.lsp.client import at
from samedevice.lsp.diagnostics import Diagnostics
from samedevice.lsp.documents import Documents, Program, file_of
from samedevice.lsp.everything import Everything
from samedevice.lsp.probing import Probing
from samedevice.lsp.progress import Progress
from samedevice.lsp.resolving import Resolving
from samedevice.lsp.sharing import Sharing, module_name
from samedevice.lsp.status import Status
from samedevice.lsp.uris import path_of
from samedevice.lsp.wire import CANCELLED, CONTENT_MODIFIED, FAILED, INTERNAL, Message, Refused, Writer

logger = logging.getLogger(__name__)

Json = dict[str, Any]
SECTION = "samedevice"


class Session:
    """The state that all handlers share."""

    def __init__(self, params: Json, writer: Writer, worker: child.Worker) -> None:
        self.writer = writer
        self.worker = worker
        self.client = client.read(params)
        self.documents = Documents(self.client.encoding)
        self.folders = _folders(params)
        self.trace = "off"
        self.diagnostics = Diagnostics(self)
        self._numbers = itertools.count(1)
        self._asked: dict[str, asyncio.Future[Any]] = {}
        self._tasks: dict[Any, asyncio.Future[Any]] = {}
        wrong: list[str] = []
        self.options = options.read(_given(params.get("initializationOptions")), wrong)
        self._said = list(wrong)
        self.progress: dict[Any, Progress] = {}
        """What the client may cancel, by its token."""
        self.sharing = Sharing(self)
        self.resolving = Resolving(self)
        self.everything = Everything(self)
        self.probing = Probing(self)
        self.status = Status(self)
        worker.restarted = self._restarted

    def close(self) -> None:
        """Ends what the session has started."""
        self.resolving.close()
        self.probing.close()
        self.worker.close()

    def _restarted(self) -> None:
        self.sharing.forget()
        self.resolving.use()

    def job(self, program: Program) -> Json:
        """A program as the worker wants it, to be sent at once: it holds what is new of other files."""
        text, cells = self.documents.texts(program)
        folder, path = self.folder_of(program.uri), self.path(program)
        return {
            **self.told(),
            "uri": program.uri,
            "path": path,
            "text": text,
            "cells": cells,
            "folder": os.path.dirname(path) if program.uri.startswith("file:") else folder,
            "root": folder,
            "opened": self.sharing.news(program),
            "torch": self.resolving.environment.torch if self.resolving.environment is not None else None,
        }

    def path(self, program: Program) -> str:
        """The file that a program is, or would be."""
        return file_of(program.uri, self.folder_of(program.uri))

    def told(self) -> Json:
        """What every job holds."""
        return {"encoding": self.client.encoding, "editor": self.options.analysis, "client": self.client.marks}

    def folder_of(self, uri: str) -> str:
        """The workspace folder of a document; the first one for what is in none."""
        return self.folder_at(path_of(uri))

    def folder_at(self, path: str) -> str:
        """The workspace folder of a file."""
        inside = [folder for folder in self.folders if path.startswith(folder.rstrip("/\\") + "/")]
        return max(inside, key=len) if inside else (self.folders or [os.getcwd()])[0]

    async def about(self, name: str, uri: str, *arguments: Any, priority: int = child.SOON) -> Any:
        """A worker's answer about a document as it is now; refused when the text changes before it is there."""
        program = self.documents.program_of(uri)
        if program is None:
            return None
        edition = program.edition

        def current() -> bool:
            return self.documents.program_of(uri) is program and program.edition == edition

        def make() -> tuple[Any, ...] | None:
            return (self.job(program), *arguments) if current() else None

        self.diagnostics.busy()
        try:
            result = await self.worker.ask(name, make, priority, program.uri)
        except child.Failed as error:
            if current():
                raise Refused(FAILED, str(error)) from None
        if not current():
            raise Refused(CONTENT_MODIFIED, "the text has changed meanwhile")
        return result

    def request(self, method: str, params: Any) -> asyncio.Future[Any]:
        """Asks the client; the answer is None where it refuses."""
        number = f"{SECTION}-{next(self._numbers)}"
        future = self._asked[number] = asyncio.get_running_loop().create_future()
        self.writer.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return future

    def answered(self, message: Message) -> None:
        """The client's answer to a request of ours."""
        future = self._asked.pop(str(message.get("id")), None)
        if future is not None and not future.done():
            future.set_result(message.get("result"))

    def task(self, number: Any, work: Coroutine[Any, Any, Any]) -> None:
        """Answers a request when its work is done; every request gets exactly one answer."""
        task = asyncio.ensure_future(work)
        self._tasks[number] = task
        task.add_done_callback(lambda done: self._done(number, done))

    def _done(self, number: Any, task: asyncio.Future[Any]) -> None:
        if self._tasks.get(number) is task:
            del self._tasks[number]
        try:
            self.writer.answer(number, task.result())
        except asyncio.CancelledError:
            self.writer.refuse(number, CANCELLED, "cancelled")
        except Refused as error:
            self.writer.refuse(number, error.code, str(error))
        except Exception as error:
            logger.exception("a request failed")
            self.writer.refuse(number, INTERNAL, f"{type(error).__name__}: {error}")

    def cancel(self, number: Any) -> bool:
        """Cancels a request; whether it was one of ours."""
        task = self._tasks.get(number)
        if task is None:
            return False
        task.cancel()
        return True

    # Text, in the order in which it comes.

    def opened(self, params: Json) -> None:
        """`textDocument/didOpen`."""
        self._touched(self.documents.put(params["textDocument"]))

    def changed(self, params: Json) -> None:
        """`textDocument/didChange`."""
        self._touched(self.documents.change(params))

    def closed(self, params: Json) -> None:
        """`textDocument/didClose`: from now on the text on disk counts."""
        uri = str(params["textDocument"]["uri"])
        program = self.documents.close(uri)
        self.diagnostics.closed([uri], program)
        if program is not None:
            self.sharing.changed(program)
            self.keep(self.everything.again([path_of(uri)]))

    def saved(self, params: Json) -> None:
        """`textDocument/didSave`: of what is open, the editor's text was known before."""
        uri = str(params["textDocument"]["uri"])
        if uri not in self.documents.open:
            self.files_changed([uri], others=False)

    def notebook_opened(self, params: Json) -> None:
        """`notebookDocument/didOpen`."""
        program = self.documents.open_notebook(params)
        self._touched(program)
        self.everything.opened(program.uri)

    def notebook_changed(self, params: Json) -> None:
        """`notebookDocument/didChange`."""
        closed = at(params, "change", "cells", "structure", "didClose") or []
        self._touched(self.documents.change_notebook(params))
        self.diagnostics.closed([str(item["uri"]) for item in closed], None)

    def notebook_closed(self, params: Json) -> None:
        """`notebookDocument/didClose`."""
        program = self.documents.close_notebook(params)
        if program is not None:
            self.diagnostics.closed([uri for uri, _ in program.kinds], program)
            self.keep(self.everything.again([path_of(program.uri)]))

    def files_changed(self, uris: list[str], *, others: bool = True) -> None:
        """Files on disk have changed (`others`: come or gone): who may have read them is analysed anew."""
        names = [module_name(path_of(uri)) for uri in uris]
        general = any(not uri.endswith(".py") for uri in uris)
        concerned = [
            program
            for program in self.documents.programs.values()
            if general or (program.uri not in uris and any(self.documents.mentions(program, name) for name in names))
        ]
        concerned += [one for uri in uris for one in self.sharing.readers(path_of(uri)) if one not in concerned]
        if others:
            self.resolving.forget()
        if concerned or self.everything.knows(path_of(uri) for uri in uris):
            forgotten = self.worker.ask("forget", tuple, child.FIRST)
            forgotten.add_done_callback(lambda done: done.cancelled() or done.exception())
        if concerned:
            self.check_again(concerned)
        self.keep(self.everything.again([path_of(uri) for uri in uris]))

    def check_again(self, programs: list[Program]) -> None:
        """Analyses programs anew whose text is the same, but not what it means."""
        if programs:
            self.diagnostics.check_again(programs)
            self.refresh()

    def check_everything_again(self) -> None:
        """Analyses all open programs anew."""
        self.check_again(list(self.documents.programs.values()))

    def keep(self, work: Coroutine[Any, Any, Any]) -> None:
        """Does something nobody waits for."""
        task = asyncio.ensure_future(work)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def refresh(self) -> None:
        """Has the client ask for all diagnostics again."""
        if self.client.pull and self.client.refresh:
            self.request("workspace/diagnostic/refresh", None)

    def _touched(self, program: Program | None) -> None:
        if program is not None:
            self.worker.changed(program.uri)
            self.diagnostics.check(program)
            self.sharing.changed(program)

    # Settings.

    async def configure(self, values: Any) -> None:
        """Takes over settings that the client sent, or asks for them."""
        if values is None and self.client.configuration:
            answer = await self.request("workspace/configuration", {"items": [{"section": SECTION}]})
            values = answer[0] if isinstance(answer, list) and answer else None
        if values is None:
            self._complain([])
            return
        wrong: list[str] = []
        before, self.options = self.options, options.read(values, wrong, self.options)
        self._complain(wrong)
        if before.analysis != self.options.analysis:
            self.check_everything_again()
        if (before.interpreter, before.trusted) != (self.options.interpreter, self.options.trusted):
            self.resolving.look()
        if before.inlay_hints != self.options.inlay_hints and self.client.refresh_hints:
            self.request("workspace/inlayHint/refresh", None)
        if before.code_lens != self.options.code_lens and self.client.refresh_lenses:
            self.request("workspace/codeLens/refresh", None)

    def _complain(self, wrong: list[str]) -> None:
        for text in [*self._said, *wrong]:
            self.writer.notify("window/showMessage", {"type": 2, "message": f"SameDevice: {text}"})
        self._said.clear()

    async def initialized(self) -> None:
        """Asks for what the client can tell: changed settings, changed files."""
        wanted = []
        if self.client.registers_configuration:
            wanted.append(_registration("workspace/didChangeConfiguration", {"section": SECTION}))
        if self.client.registers_watchers:
            watched = [{"globPattern": "**/pyproject.toml"}, {"globPattern": "**/*.py"}]
            wanted.append(_registration("workspace/didChangeWatchedFiles", {"watchers": watched}))
        if wanted:
            self.request("client/registerCapability", {"registrations": wanted})
        self.status.listening = True
        await self.configure(None)
        self.resolving.look()


def _given(told: Any) -> Any:
    """The settings in `initializationOptions`: below `settings`, or the whole."""
    settings = at(told, "settings")
    if not isinstance(settings, dict):
        return told
    return {**settings, **{key: told[key] for key in ("interpreter", "trusted") if key in told}}


def _registration(method: str, told: Json) -> Json:
    return {"id": f"{SECTION} {method}", "method": method, "registerOptions": told}


def _folders(params: Json) -> list[str]:
    """The folders of the workspace."""
    folders = params.get("workspaceFolders")
    if isinstance(folders, list) and folders:
        return [path_of(str(folder["uri"])) for folder in folders if isinstance(folder, dict) and "uri" in folder]
    if isinstance(params.get("rootUri"), str):
        return [path_of(params["rootUri"])]
    root = params.get("rootPath")
    return [root] if isinstance(root, str) and root else []
