"""The editor's settings: those of the analysis, named as in the project's configuration, and those of the display."""

from __future__ import annotations

import re
from typing import Any

from samedevice.dataclass import dataclass, field
from samedevice.lsp.client import at

Json = dict[str, Any]
_ANALYSIS = ("machine", "devices", "select", "ignore", "severity", "exclude", "torch_version", "max_seconds")
HINTS = ("off", "dtypes", "all")


@dataclass(frozen=True)
class Options:
    """What the user set in the editor."""

    analysis: Json = field(default_factory=dict)
    inlay_hints: str = "dtypes"
    """Hints behind names: `off`, `dtypes` (devices and dtypes), or `all` (shapes and everything else too)."""
    code_lens: bool = True
    """Whether "Probe model on CUDA" stands above networks."""
    probe_seconds: float = 120.0
    """How long a probe may take; then it is ended."""
    probe_memory: int = 0
    """How much memory a probe may hold, in MB, on Linux; `0` means no limit."""
    python: str | None = None
    """The project's interpreter, as the user set it."""
    given: str | None = None
    """The interpreter that the editor chose, for instance by its Python extension."""
    trusted: bool = True
    """Whether programs of the workspace may be run."""

    @property
    def interpreter(self) -> str | None:
        """The project's interpreter, where anyone named one."""
        return self.python or self.given


def read(values: Any, wrong: list[str], before: Options | None = None) -> Options:
    """The settings of the section `samedevice`; what can't be used is said and left out."""
    before = before or Options()
    if not isinstance(values, dict):
        return before
    named = {_snake(str(key)): value for key, value in values.items() if value is not None}
    hints = named.get("inlay_hints", "dtypes")
    if hints not in HINTS:
        wrong.append(f"the editor's settings: `inlayHints` must be one of {', '.join(HINTS)}, not {hints!r}")
        hints = "dtypes"
    python = at(named.get("python"), "interpreter") or named.get("python.interpreter")
    return Options(
        analysis={key: named[key] for key in _ANALYSIS if key in named},
        inlay_hints=hints,
        code_lens=_flag(named, "code_lens", "codeLens", True, wrong),
        probe_seconds=_number(named, "probe", "seconds", 120.0, wrong),
        probe_memory=int(_number(named, "probe", "memory", 0, wrong)),
        python=python if isinstance(python, str) else None,
        # These two come from the editor itself, not from its settings, which don't hold them.
        given=_text(values.get("interpreter")) if "interpreter" in values else before.given,
        trusted=_flag(named, "trusted", "trusted", before.trusted, wrong),
    )


def _flag(named: Json, key: str, written: str, usual: bool, wrong: list[str]) -> bool:
    value = named.get(key, usual)
    if not isinstance(value, bool):
        wrong.append(f"the editor's settings: `{written}` must be true or false")
        return usual
    return value


def _number(named: Json, group: str, key: str, usual: float, wrong: list[str]) -> float:
    """A limit of a group such as `probe`; one that may be 0 is usually 0."""
    told = at(named.get(group), key)
    value = told if told is not None else named.get(f"{group}.{key}", usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or (usual and not value):
        wrong.append(f"the editor's settings: `{group}.{key}` must be a number above 0, not {value!r}")
        return usual
    return value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _snake(name: str) -> str:
    """`maxSeconds` and `max-seconds` as `max_seconds`."""
    return re.sub(r"(?<=[a-z])[A-Z]", lambda match: f"_{match[0]}", name).lower().replace("-", "_")
