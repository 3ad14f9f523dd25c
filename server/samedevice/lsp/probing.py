"""`samedevice.probe`: runs a network on an explicit command, and shows what it did until the code changes."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any

from samedevice.dataclass import dataclass, field
from samedevice.lsp.client import at
from samedevice.lsp.documents import Program
from samedevice.lsp.progress import Progress
from samedevice.lsp.wire import CONTENT_MODIFIED, INVALID_PARAMS, Refused

if TYPE_CHECKING:
    from samedevice.lsp.session import Session

Json = dict[str, Any]
_TICK = 0.1
"""Seconds between two looks at whether the user cancels."""
_UNTRUSTED = "The probe runs the code of this workspace, so it works only where the workspace is trusted."
_STAGES = ("import torch", "build", "inputs", "move", "forward", "backward", "measure", "program")


@dataclass
class _Shown:
    """What is shown of a program's probes while its text is the same."""

    text: object
    marks: dict[str, dict[str, list[Json]]] = field(default_factory=dict)
    """Diagnostics by network and document."""
    hints: dict[str, dict[str, list[Json]]] = field(default_factory=dict)
    lenses: dict[str, str] = field(default_factory=dict)


class Probing:
    """All probes of a session; one at a time runs for each program."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._shown: dict[str, _Shown] = {}
        self._before: dict[tuple[str, str], Json] = {}
        """The last result of each network, to compare the next one with."""
        self._running: dict[object, threading.Event] = {}

    def close(self) -> None:
        """Ends what runs."""
        for event in self._running.values():
            event.set()

    async def run(self, arguments: list[Any], token: Any) -> Json:
        """Probes the network that the arguments name, and shows what it did."""
        uri, which, more = _read(arguments)
        session = self._session
        options = session.options
        more = {"seconds": options.probe_seconds, "memory_mb": options.probe_memory or None, **more}
        program = session.documents.program_of(uri)
        if not options.trusted:
            return _refusal(_UNTRUSTED)
        if program is None:
            return _refusal("the document is not open")
        asked = await session.about("probe_plan", uri, uri, which, more)
        if asked.get("why"):
            return _refusal(asked["why"])
        given = dict(more.get("given") or {})
        missing = [one for one in asked["missing"] if one["name"] not in given]
        if missing and not more.get("assume"):
            names = ", ".join(f"`{one['name']}`" for one in missing)
            return {
                **_refusal(f"{asked['name']} needs {names}: nothing in the project says what to give"),
                "missing": missing,
            }
        text = session.documents.texts(program)
        result = await self._run(asked, session.path(program), token)
        try:
            before = self._before.get((program.uri, asked["name"]))
            told: Json = await session.about("probe_shown", uri, asked["name"], result, before)
        except Refused as error:
            if error.code != CONTENT_MODIFIED:
                raise
            # The text is another one now: what was measured is told, and not marked in it.
            return {"summary": f"{asked['name']}: {result['why']}", "result": result}
        self._before[program.uri, asked["name"]] = told["result"]
        self._keep(program, text, told)
        return {"summary": told["summary"], "html": told["html"], "result": told["result"], "assumed": asked["assumed"]}

    async def _run(self, asked: Json, path: str, token: Any) -> Json:
        """Runs the child, and tells the client how far it is."""
        session, loop = self._session, asyncio.get_running_loop()
        progress, cancelled, key = Progress(session, token), threading.Event(), object()
        self._running[key] = cancelled

        def told(event: Any) -> None:
            if event.get("event") == "stage":
                loop.call_soon_threadsafe(self._report, progress, event)

        await progress.begin(f"Probing {asked['name']}")
        python = self._python()
        work = asyncio.ensure_future(asyncio.to_thread(_result, asked["requests"], path, python, told, cancelled))
        words = "cancelled"
        try:
            while not work.done():
                if progress.cancelled:
                    cancelled.set()
                await asyncio.wait([work], timeout=_TICK)
            result = work.result()
            words = result["verdict"]
            return result
        finally:
            cancelled.set()
            del self._running[key]
            progress.end(words)

    def _report(self, progress: Progress, event: Json) -> None:
        name = str(event.get("name"))
        done = _STAGES.index(name) if name in _STAGES else 0
        progress.report(done, len(_STAGES), name)

    def _python(self) -> str | None:
        """The project's Python, as far as the session knows it."""
        environment = self._session.resolving.environment
        known = environment.interpreter if environment is not None else None
        return known or self._session.options.interpreter

    def _keep(self, program: Program, text: object, told: Json) -> None:
        """Shows a result in the text."""
        session = self._session
        shown = self._shown.get(program.uri)
        if shown is None or shown.text != text:
            shown = self._shown[program.uri] = _Shown(text)
        shown.marks[told["name"]] = told["diagnostics"]
        shown.hints[told["name"]] = told["hints"]
        shown.lenses[told["name"]] = told["lens"]
        session.check_again([program])
        if session.client.refresh_hints:
            session.request("workspace/inlayHint/refresh", None)
        if session.client.refresh_lenses:
            session.request("workspace/codeLens/refresh", None)

    def _of(self, program: Program | None) -> _Shown | None:
        """What is shown of a program; nothing once its text is another one."""
        shown = self._shown.get(program.uri) if program is not None else None
        if program is None or shown is None or self._session.documents.texts(program) != shown.text:
            return None
        return shown

    def diagnostics(self, program: Program, uri: str) -> list[Json]:
        """The mismatches that probes met in a document."""
        shown = self._of(program)
        return [] if shown is None else [one for marks in shown.marks.values() for one in marks.get(uri, [])]

    def hints(self, uri: str, where: Json) -> list[Json]:
        """What probes measured on the lines of a range."""
        shown = self._of(self._session.documents.program_of(uri))
        first, last = where["start"]["line"], where["end"]["line"]
        every = [] if shown is None else [one for hints in shown.hints.values() for one in hints.get(uri, [])]
        return [one for one in every if first <= one["position"]["line"] <= last]

    def lenses(self, uri: str, found: list[Json]) -> list[Json]:
        """Lenses, with what the last probe of each network said behind it."""
        shown = self._of(self._session.documents.program_of(uri))
        if shown is None:
            return found
        every = []
        for one in found:
            every.append(one)
            summary = shown.lenses.get(one["command"]["arguments"][0]["name"])
            if summary is not None:
                every.append({**one, "command": {**one["command"], "title": summary}})
        return every


def _read(arguments: list[Any]) -> tuple[str, Json, Json]:
    """`[uri, name or position, more]`, or `[{"uri", "name", ...}]` as the lens has it."""
    first = arguments[0] if arguments else None
    if isinstance(first, dict):
        uri, second, more = first.get("uri"), first.get("name") or first.get("position"), first
    else:
        uri, second = first, arguments[1] if len(arguments) > 1 else None
        more = arguments[2] if len(arguments) > 2 and isinstance(arguments[2], dict) else {}
    if not isinstance(uri, str):
        raise Refused(INVALID_PARAMS, "the uri of a document is wanted")
    if isinstance(second, str):
        return uri, {"name": second}, more
    line, character = at(second, "line"), at(second, "character")
    if type(line) is int and type(character) is int:
        return uri, {"position": {"line": max(line, 0), "character": max(character, 0)}}, more
    return uri, {}, more


def _result(requests: Any, path: str, python: str | None, told: Any, cancelled: threading.Event) -> Json:
    """What the run of a network said; what that takes is loaded when somebody probes."""
    from samedevice.probe import both
    from samedevice.probe.interpreter import interpreter
    from samedevice.probe.result import to_json

    result = both.run(requests, interpreter(path, python), told, cancelled)
    return json.loads(json.dumps(to_json(result), default=str))  # type: ignore[no-any-return]  # an object


def _refusal(words: str) -> Json:
    """An answer without a result."""
    return {"available": False, "summary": words}
