"""What the worker can be asked; plain data in, plain data out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from samedevice import rules
from samedevice.features.check import check
from samedevice.interpret import natives
from samedevice.lsp import scope
from samedevice.lsp.places import Json
from samedevice.lsp.unit import Units, settings_for
from samedevice.resolve import editable, modules, outside
from samedevice.resolve.environment import Environment
from samedevice.settings import Settings
from samedevice.syntax.parse import parse
from samedevice.syntax.source import SourceFile


class State:
    """What the worker keeps between requests."""

    def __init__(self) -> None:
        self.units = Units()
        self.python: tuple[Environment | None, bool] | None = None
        """The project's interpreter, and whether it may be run, once that is known."""
        # Imports that no path explains are asked about from the first analysis on.
        outside.use(None)

    def warm_up(self, text: str) -> Iterator[None]:
        """Loads what every program needs, piece by piece."""
        natives.load()
        yield
        for _ in rules.one_by_one():
            yield
        check(SourceFile("<warm-up>", text), Settings())
        yield
        parse(SourceFile("<warm-up>", "broken = ("))

    def forget(self) -> None:
        """Imports may mean something else than before."""
        modules.forget()
        self.units.forget()


def load_answers() -> Mapping[str, Callable[..., Any]]:
    """The jobs that nobody needs for diagnostics."""
    from samedevice.lsp.answers import JOBS

    return JOBS


def run(state: State, name: str, arguments: tuple[Any, ...]) -> Any:
    """Does one job; what it brings of open files is noted first."""
    job = arguments[0] if arguments else None
    if isinstance(job, dict) and "opened" in job:
        _note(state, job)
    known = _JOBS.get(name) or load_answers()[name]
    return known(state, *arguments)


def _note(state: State, job: Json) -> None:
    """Takes over the texts of a job: its own, and those of other files that it may read."""
    modules.opened[job["path"]] = job["text"]
    for path, text in job["opened"].items():
        if text is None:
            modules.opened.pop(path, None)
        else:
            modules.opened[path] = text
    if job["opened"]:
        state.forget()


def _check(state: State, job: Json) -> Json:
    settings, wrong = settings_for(job)
    modules.entered.clear()
    found = {} if scope.left_out(job) else state.units.diagnostics(job)
    return {
        "diagnostics": found,
        "wrong": wrong,
        "machine": settings.machine,
        "read": [*modules.entered],
        "questions": [*outside.questions],
    }


def _forget(state: State) -> None:
    state.forget()


def _use(state: State, environment: Environment | None, trusted: bool) -> Json:
    """The project is run with this Python; what another one would import may be something else."""
    before, state.python = state.python, (environment, trusted)
    editable.forget()
    outside.use(environment)
    again = modules.settle()
    if before is not None and before != state.python:
        outside.unlearn()
        again = True
    if again:
        state.forget()
    return {"again": again, "questions": [*outside.questions]}


def _learn(state: State, answers: dict[outside.Question, str | None]) -> None:
    """jedi has answered."""
    outside.learn(answers)
    if any(answers.values()):
        state.forget()


def _unlearn(state: State) -> None:
    outside.unlearn()
    state.forget()


def _files(state: State, folders: list[str], editor: Json) -> list[str]:
    return scope.listed(folders, editor)


def _file(state: State, job: Json) -> Json:
    """The findings of a file that is not open."""
    return scope.checked(job)


def _verify(state: State, job: Json) -> bool:
    """Tries one more fix; whether there is another."""
    return state.units.unit(job).try_next()


_JOBS: dict[str, Callable[..., Any]] = {
    "check": _check,
    "forget": _forget,
    "use": _use,
    "learn": _learn,
    "unlearn": _unlearn,
    "files": _files,
    "file": _file,
    "verify": _verify,
}
