"""What people ask the worker once they see diagnostics: fixes, hovers, reasons; loaded when first there is time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samedevice.lsp import actions, explained, scope, shown
from samedevice.lsp.jobs import State
from samedevice.lsp.places import Json


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


JOBS: dict[str, Callable[..., Any]] = {
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
