"""What the worker can be asked; plain data in, plain data out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samedevice.features.check import check
from samedevice.lsp import actions, explained, scope, shown
from samedevice.lsp.places import Json
from samedevice.lsp.unit import Units, settings_for
from samedevice.resolve import editable, modules, outside
from samedevice.resolve.environment import Environment
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile


class State:
    """What the worker keeps between requests."""

    def __init__(self) -> None:
        self.units = Units()
        self.python: tuple[Environment | None, bool] | None = None
        """The project's interpreter, and whether it may be run, once that is known."""
        # Imports that no path explains are asked about from the first analysis on.
        outside.use(None)

    def warm_up(self, text: str) -> None:
        """Loads what every program needs."""
        check(SourceFile("<warm-up>", text), Settings())

    def forget(self) -> None:
        """Imports may mean something else than before."""
        modules.forget()
        self.units.forget()


def run(state: State, name: str, arguments: tuple[Any, ...]) -> Any:
    """Does one job; what it brings of open files is noted first."""
    job = arguments[0] if arguments else None
    if isinstance(job, dict) and "opened" in job:
        _note(state, job)
    return _JOBS[name](state, *arguments)


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


def _actions(state: State, job: Json, asked: Json) -> list[Json]:
    return [] if scope.left_out(job) else actions.actions(state.units.unit(job), asked)


def _fix_all(state: State, job: Json, versions: Json, documents: bool) -> Json | None:
    return actions.fix_all(state.units.unit(job), versions, documents)


def _hover(state: State, job: Json, uri: str, position: Json, markdown: bool, resolving: bool) -> Json | None:
    return shown.hover(state.units.unit(job), uri, position, markdown, resolving)


def _why(state: State, job: Json, uri: str, position: Json) -> Json | None:
    return explained.why(state.units.unit(job), uri, position)


def _explain_finding(state: State, job: Json, uri: str, position: Json, rule: str) -> Json | None:
    return explained.finding(state.units.unit(job), uri, position, rule)


def _inlay_hints(state: State, job: Json, uri: str, where: Json, level: str, lazily: bool) -> list[Json]:
    return shown.inlay_hints(state.units.unit(job), uri, where, level, lazily)


def _code_lenses(state: State, job: Json, uri: str, command: str) -> list[Json]:
    return shown.code_lenses(state.units.unit(job), uri, command)


def _probe_plan(state: State, job: Json, uri: str, which: Json, more: Json) -> Json:
    from samedevice.lsp import probed  # who never probes does not load what probes need

    return probed.plan(state.units.unit(job), uri, which, more)


def _probe_shown(state: State, job: Json, name: str, answer: Json, before: Json | None) -> Json:
    from samedevice.lsp import probed

    return probed.shown(state.units.unit(job), name, answer, before)


def _explain(state: State, text: str, roots: list[str], opened: dict[str, str], encoding: str) -> Json:
    return explained.pasted(text, roots, opened, encoding)


def _page(state: State, rule: str) -> str | None:
    return explained.page(rule)


_JOBS: dict[str, Callable[..., Any]] = {
    "check": _check,
    "forget": _forget,
    "use": _use,
    "learn": _learn,
    "unlearn": _unlearn,
    "files": _files,
    "file": _file,
    "verify": _verify,
    "actions": _actions,
    "fix_all": _fix_all,
    "hover": _hover,
    "why": _why,
    "explain_finding": _explain_finding,
    "inlay_hints": _inlay_hints,
    "code_lenses": _code_lenses,
    "probe_plan": _probe_plan,
    "probe_shown": _probe_shown,
    "explain": _explain,
    "page": _page,
}
