"""Diagnostics on their way to the client: pushed or pulled, only ever for the text that is open now."""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
from typing import TYPE_CHECKING, Any

from samedevice.dataclass import dataclass
from samedevice.lsp import child
from samedevice.lsp.documents import Program
from samedevice.lsp.uris import uri_of

if TYPE_CHECKING:
    from samedevice.lsp.session import Session

logger = logging.getLogger(__name__)

Json = dict[str, Any]
_QUIET = 0.3
"""Seconds without a change after which fixes are tried in advance."""
_PLACED = re.compile(r"(?P<file>.*pyproject\.toml)(?::(?P<line>\d+))?: (?P<words>.*)", re.DOTALL)


@dataclass
class _Said:
    """What a document's last answer was."""

    id: str
    items: list[Json]
    revision: int


class Diagnostics:
    """The state of all answers."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said: dict[str, _Said] = {}
        self._due: set[str] = set()
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        self._polls: list[asyncio.Future[None]] = []
        self._ids = itertools.count(1)
        self._wrong: dict[str, set[str]] = {}
        self._told: set[str] = set()
        self._quiet: dict[str, asyncio.TimerHandle] = {}
        self._asked = 0.0
        """When something was last asked for: nothing is done in advance while the user is at it."""

    def check(self, program: Program, priority: int = child.FIRST) -> None:
        """Sees to it that the text of now is analysed; many calls before its turn comes are one."""
        if program.uri in self._due:
            return
        uri = program.uri
        self._due.add(uri)
        taken: list[tuple[Program, int]] = []

        def make() -> tuple[Any, ...] | None:
            self._due.discard(uri)
            # It may have been closed and opened again meanwhile: what counts is what is open now.
            now = self._session.documents.programs.get(uri)
            if now is None:
                return None
            taken.append((now, now.revision))
            return (self._session.job(now),)

        future = self._session.worker.ask("check", make, priority, uri)
        future.add_done_callback(lambda done: self._checked(taken, done))

    def check_again(self, programs: list[Program]) -> None:
        """Analyses programs anew, as when settings or other files have changed; what is typed meanwhile goes first."""
        for program in programs:
            program.outdated()
            self.check(program, child.SOON)

    def _checked(self, taken: list[tuple[Program, int]], done: asyncio.Future[Any]) -> None:
        """A result is there: it counts if the text is still the same."""
        if done.cancelled():
            return
        failure = done.exception()
        if not taken:
            return
        program, revision = taken[0]
        if self._session.documents.programs.get(program.uri) is not program or revision != program.revision:
            return
        if failure is not None:
            logger.warning("%s could not be analysed: %s", program.uri, failure)
        result: Json = done.result() if failure is None else {"diagnostics": {}, "wrong": []}
        if failure is None:
            self._learn(program, result)
        changed = False
        for uri in self._session.documents.uris(program):
            probed = self._session.probing.diagnostics(program, uri)
            changed |= self._keep(program, uri, [*result["diagnostics"].get(uri, []), *probed])
        if changed and program.notebook:
            # An editor asks again about the cell that was edited; what is new may be in another one.
            self._session.refresh()
        self._tell(program, result["wrong"])
        self._release(program.uri)
        self._wake()
        self._later(program)

    def _learn(self, program: Program, result: Json) -> None:
        """What an analysis says besides its findings."""
        session = self._session
        session.sharing.has_read(program, result["read"])
        session.status.machine = result["machine"]
        session.status.changed()
        if result["questions"]:
            session.resolving.ask(result["questions"])

    def _wake(self) -> None:
        """There is something new to say of the workspace."""
        for poll in self._polls:
            if not poll.done():
                poll.set_result(None)
        self._polls.clear()

    def of_closed(self, uri: str, items: list[Json]) -> None:
        """The findings of a file that is not open."""
        old = self._said.get(uri)
        if (old.items if old is not None else []) == items:
            return
        self._said[uri] = _Said(str(next(self._ids)), items, 0)
        if self._session.client.pull:
            self._wake()
        else:
            self._publish(uri, items)

    def _keep(self, program: Program, uri: str, items: list[Json]) -> bool:
        """Holds an answer ready, or sends it; whether it is a new one."""
        old = self._said.get(uri)
        same = old is not None and old.items == items
        self._said[uri] = _Said(old.id if old is not None and same else str(next(self._ids)), items, program.revision)
        if not self._session.client.pull:
            self._publish(uri, items)
        return items != (old.items if old is not None else [])

    def _publish(self, uri: str, items: list[Json]) -> None:
        document = self._session.documents.open.get(uri)
        version = {} if document is None else {"version": document.version}
        params = {"uri": uri, **version, "diagnostics": items}
        self._session.writer.notify("textDocument/publishDiagnostics", params)

    def closed(self, uris: list[str], program: Program | None) -> None:
        """Documents were closed: what was said of them is taken back."""
        for uri in uris:
            if self._said.pop(uri, None) is not None and not self._session.client.pull:
                self._publish(uri, [])
        if program is not None:
            self._tell(program, [])
            self._release(program.uri)

    def _release(self, uri: str) -> None:
        for future in self._waiting.pop(uri, []):
            if not future.done():
                future.set_result(None)

    async def pull(self, uri: str, previous: Any) -> Json:
        """The answer to `textDocument/diagnostic`: for the newest text, however often it changes meanwhile."""
        while True:
            program = self._session.documents.program_of(uri)
            if program is None or uri not in self._session.documents.open:
                return {"kind": "full", "items": []}
            said = self._said.get(uri)
            if said is not None and said.revision == program.revision:
                return _report(said, previous)
            if program.notebook and uri not in self._session.documents.uris(program):
                return {"kind": "full", "items": []}
            future = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(program.uri, []).append(future)
            self.check(program)
            await future

    async def pull_all(self, previous: dict[str, str]) -> list[Json]:
        """The answer to `workspace/diagnostic`: it waits until there is something new to say."""
        while True:
            found = []
            for uri, said in list(self._said.items()):
                document = self._session.documents.open.get(uri)
                if previous.get(uri) != said.id:
                    version = None if document is None else document.version
                    found.append({"uri": uri, "version": version, **_report(said, None)})
            gone = [uri for uri in previous if uri not in self._said]
            found += [{"uri": uri, "version": None, "kind": "full", "items": []} for uri in gone]
            if found:
                return found
            poll: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._polls.append(poll)
            await poll

    def _tell(self, program: Program, wrong: list[str]) -> None:
        """Shows wrong settings once: in the file where they are, else in a message."""
        texts = {text for text in wrong if not _PLACED.fullmatch(text)}
        for text in texts - self._told:
            self._session.writer.notify("window/showMessage", {"type": 2, "message": f"SameDevice: {text}"})
        self._told |= texts
        placed = set(wrong) - texts
        before = self._wrong.get(program.uri, set())
        if placed == before:
            return
        self._wrong[program.uri] = placed
        files: dict[str, list[Json]] = {}
        for text in before:
            files.setdefault(_file(text), [])
        for text in set().union(*self._wrong.values()):
            files.setdefault(_file(text), []).append(_complaint(text))
        for file, items in files.items():
            self._session.writer.notify("textDocument/publishDiagnostics", {"uri": uri_of(file), "diagnostics": items})

    def busy(self) -> None:
        """Notes that the user is waiting for something."""
        self._asked = asyncio.get_running_loop().time()

    def _later(self, program: Program) -> None:
        """When the user pauses, fixes are tried, so that the light bulb is there at once."""
        timer = self._quiet.pop(program.uri, None)
        if timer is not None:
            timer.cancel()
        if any(self._said[uri].items for uri in self._session.documents.uris(program) if uri in self._said):
            loop = asyncio.get_running_loop()
            self._quiet[program.uri] = loop.call_later(_QUIET, self._verify, program, program.revision)

    def _verify(self, program: Program, revision: int) -> None:
        loop = asyncio.get_running_loop()
        wait = self._asked + _QUIET - loop.time()
        if wait > 0:
            self._quiet[program.uri] = loop.call_later(wait, self._verify, program, revision)
            return

        def make() -> tuple[Any, ...] | None:
            current = self._session.documents.programs.get(program.uri) is program and program.revision == revision
            return (self._session.job(program),) if current else None

        def done(future: asyncio.Future[Any]) -> None:
            if not future.cancelled() and future.exception() is None and future.result():
                self._verify(program, revision)

        self._session.worker.ask("verify", make, child.LATER, program.uri).add_done_callback(done)


def _report(said: _Said, previous: Any) -> Json:
    """A full report, or that nothing has changed."""
    if previous == said.id:
        return {"kind": "unchanged", "resultId": said.id}
    return {"kind": "full", "resultId": said.id, "items": said.items}


def _file(text: str) -> str:
    match = _PLACED.fullmatch(text)
    return match["file"] if match else ""


def _complaint(text: str) -> Json:
    """A wrong setting as a diagnostic on its line."""
    match = _PLACED.fullmatch(text)
    line = int(match["line"] or 1) - 1 if match else 0
    where = {"start": {"line": line, "character": 0}, "end": {"line": line + 1, "character": 0}}
    return {"range": where, "severity": 1, "source": "samedevice", "message": match["words"] if match else text}
