"""The user's Python, and what its imports mean: found out beside the analysis, which is done again with the answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from samedevice.lsp import child
from samedevice.lsp.spawn import spawn
from samedevice.lsp.uris import path_of

if TYPE_CHECKING:
    from samedevice.lsp.session import Session
    from samedevice.resolve.environment import Environment
    from samedevice.resolve.outside import Question

_LIMIT = 10.0
"""Seconds for one question; the first one starts the interpreter and fills jedi's caches."""
_REST = 20.0
"""Seconds without a question after which jedi's memory is given back."""


class Resolving:
    """What is known of the user's Python, and what jedi is being asked."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._jedi = child.Worker(lambda: spawn("resolver", own_group=True), _LIMIT)
        self._sought: asyncio.Task[None] | None = None
        self._known = False
        self._ready = False
        """Whether the worker knows the environment: before, it can't tell what jedi need not be asked."""
        self._resting: asyncio.TimerHandle | None = None
        self._dead: set[str] = set()
        self._told: set[str] = set()
        self._found = False
        self.pending: set[Question] = set()
        """What jedi has not answered yet."""
        self.environment: Environment | None = None
        self.problem = ""
        """What is wrong with the interpreter, in a sentence."""

    def look(self) -> None:
        """Looks for the user's Python, at the start and when a setting has changed."""
        if self._sought is not None:
            self._sought.cancel()
        self._sought = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        from samedevice.resolve import environment

        session = self._session
        setting, folders = session.options.interpreter, list(session.folders)

        def find() -> tuple[Environment | None, str]:
            environment.forget()
            return environment.find(setting, folders)

        # A folder on the network may take its time; nobody waits for it.
        found, self.problem = await asyncio.get_running_loop().run_in_executor(None, find)
        self.environment = found
        if self.problem:
            self._tell(self.problem)
        self._known = True
        self.use()
        session.status.changed()

    def forget(self) -> None:
        """Files have come or gone: what was not found may be there now."""
        self._session.worker.ask("unlearn", tuple, child.FIRST).add_done_callback(
            lambda done: done.cancelled() or done.exception()
        )

    def use(self) -> None:
        """Tells the worker of the environment, as it must be told again when it was restarted."""
        if self._known:
            told = self.environment, self._session.options.trusted
            asked = self._session.worker.ask("use", lambda: told, child.FIRST)
            asked.add_done_callback(self._used)

    def _used(self, done: asyncio.Future[Any]) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        result = done.result()
        if result["again"]:
            self._session.check_everything_again()
        self._ready = True
        self.ask(result["questions"])

    def ask(self, questions: list[Question]) -> None:
        """Asks jedi what is not being asked already."""
        if self._ready:
            new = [question for question in questions if question not in self.pending]
            self.pending.update(new)
            for question in new:
                self._ask(question)
            self._session.status.changed()

    def _ask(self, question: Question) -> None:
        used: list[str | None] = []

        def make() -> tuple[Any, ...]:
            used.append(self._usable())
            return (used[-1], *self._arguments(question))

        asked = self._jedi.ask("module", make)
        asked.add_done_callback(lambda done: self._answered(question, used[-1], done))

    def _usable(self) -> str | None:
        """The interpreter that may be run: in a workspace that is trusted, and not where it failed before."""
        known = self.environment.interpreter if self.environment is not None else None
        return known if self._session.options.trusted and known not in self._dead else None

    def _arguments(self, question: Question) -> tuple[Any, ...]:
        session = self._session
        paths = [] if self.environment is None else [*self.environment.editable]
        opened = {path_of(uri): one for uri, one in session.documents.open.items()}
        document = opened.get(question.importer)
        text = None if document is None else str(document.text)
        return session.folder_at(question.importer), paths, question.importer, text, question.name

    def _answered(self, question: Question, interpreter: str | None, done: asyncio.Future[Any]) -> None:
        if done.cancelled():
            return
        failure = done.exception()
        result = {} if failure is not None else done.result() or {}
        why = "it does not answer" if isinstance(failure, child.TooLong) else result.get("dead")
        if why is not None and interpreter is not None:
            self._give_up(interpreter, str(why))
            self._ask(question)
            return
        self.pending.discard(question)
        self._learn(question, result.get("file"))
        if not self.pending:
            self._all_answered()

    def _learn(self, question: Question, file: str | None) -> None:
        self._found |= file is not None
        learnt = self._session.worker.ask("learn", lambda: ({question: file},), child.SOON)
        learnt.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _all_answered(self) -> None:
        """The second analysis follows; jedi may rest."""
        if self._found:
            self._found = False
            self._session.check_everything_again()
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(_REST, self._jedi.rest)
        self._session.status.changed()

    def _give_up(self, interpreter: str, why: str) -> None:
        """An interpreter can't be run: said once, and not tried again until another one is set."""
        if interpreter not in self._dead:
            self._dead.add(interpreter)
            self.problem = f"the interpreter {interpreter} can't be used to follow imports: {why}"
            self._tell(self.problem)

    def _tell(self, words: str) -> None:
        if words not in self._told:
            self._told.add(words)
            self._session.writer.notify("window/showMessage", {"type": 2, "message": f"SameDevice: {words}"})

    def close(self) -> None:
        """Ends what was started."""
        self._jedi.close()
