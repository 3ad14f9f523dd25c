"""What the worker can be asked; plain data in, plain data out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samedevice.features.check import check
from samedevice.lsp import actions, shown
from samedevice.lsp.places import Json
from samedevice.lsp.unit import Units, settings_for
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile


class State:
    """What the worker keeps between requests."""

    def __init__(self) -> None:
        self.units = Units()

    def warm_up(self, text: str) -> None:
        """Loads what every program needs."""
        check(SourceFile("<warm-up>", text), Settings())


def run(state: State, name: str, arguments: tuple[Any, ...]) -> Any:
    """Does one job."""
    return _JOBS[name](state, *arguments)


def _check(state: State, job: Json) -> Json:
    _, wrong = settings_for(job)
    return {"diagnostics": state.units.diagnostics(job), "wrong": wrong}


def _forget(state: State) -> None:
    state.units.forget()


def _verify(state: State, job: Json) -> bool:
    """Tries one more fix; whether there is another."""
    return state.units.unit(job).try_next()


def _actions(state: State, job: Json, asked: Json) -> list[Json]:
    return actions.actions(state.units.unit(job), asked)


def _fix_all(state: State, job: Json, versions: Json, documents: bool) -> Json | None:
    return actions.fix_all(state.units.unit(job), versions, documents)


def _hover(state: State, job: Json, uri: str, position: Json, markdown: bool) -> Json | None:
    return shown.hover(state.units.unit(job), uri, position, markdown)


def _inlay_hints(state: State, job: Json, uri: str, where: Json, level: str) -> list[Json]:
    return shown.inlay_hints(state.units.unit(job), uri, where, level)


def _code_lenses(state: State, job: Json, uri: str, command: str) -> list[Json]:
    return shown.code_lenses(state.units.unit(job), uri, command)


def _explain(state: State, text: str, roots: list[str], opened: dict[str, str]) -> Json:
    return shown.explained(text, roots, opened)


def _page(state: State, rule: str) -> str | None:
    return shown.page(rule)


_JOBS: dict[str, Callable[..., Any]] = {
    "check": _check,
    "forget": _forget,
    "verify": _verify,
    "actions": _actions,
    "fix_all": _fix_all,
    "hover": _hover,
    "inlay_hints": _inlay_hints,
    "code_lenses": _code_lenses,
    "explain": _explain,
    "page": _page,
}
