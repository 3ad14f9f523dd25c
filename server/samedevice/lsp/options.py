"""The editor's settings: those of the analysis, named as in the project's configuration, and those of the display."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
_ANALYSIS = ("machine", "devices", "select", "ignore", "severity", "exclude", "torch_version", "max_seconds")
HINTS = ("off", "dtypes", "all")


@dataclass(frozen=True)
class Options:
    """What the user set in the editor."""

    analysis: Json = field(default_factory=dict)
    inlay_hints: str = "dtypes"
    """`off`, `dtypes` (devices and dtypes), or `all` (shapes and everything else too)."""
    code_lens: bool = True


def read(values: Any, wrong: list[str]) -> Options:
    """The settings of the section `samedevice`; what can't be used is said and left out."""
    if not isinstance(values, dict):
        return Options()
    named = {_snake(str(key)): value for key, value in values.items() if value is not None}
    hints = named.get("inlay_hints", "dtypes")
    if hints not in HINTS:
        wrong.append(f"the editor's settings: `inlayHints` must be one of {', '.join(HINTS)}, not {hints!r}")
        hints = "dtypes"
    lens = named.get("code_lens", True)
    if not isinstance(lens, bool):
        wrong.append("the editor's settings: `codeLens` must be true or false")
        lens = True
    return Options({key: named[key] for key in _ANALYSIS if key in named}, hints, lens)


def _snake(name: str) -> str:
    """`maxSeconds` and `max-seconds` as `max_seconds`."""
    return re.sub(r"(?<=[a-z])[A-Z]", lambda match: f"_{match[0]}", name).lower().replace("-", "_")
