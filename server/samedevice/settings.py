"""What a user may set: one frozen record, read from `[tool.samedevice]` of the nearest pyproject.toml."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from samedevice.dataclass import dataclass, field, field_names, replace

MACHINES = ("cuda", "cpu", "mps")
SEVERITIES = ("error", "warning", "information", "hint", "off")


class WrongSettings(Exception):
    """A setting that can't be used; the text says where and why."""


@dataclass(frozen=True)
class Settings:
    """Everything that changes what is reported; names are those of `[tool.samedevice]` and of VS Code's settings."""

    machine: str = "cuda"
    """The assumed machine: `cuda`, `cpu` or `mps`. It answers `torch.cuda.is_available()` and its kin."""
    devices: int = 2
    """How many accelerators the assumed machine has."""
    select: tuple[str, ...] = ()
    """Only these rules speak; empty means all."""
    ignore: tuple[str, ...] = ()
    """These rules stay silent."""
    severity: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Another severity for a rule: `error`, `warning`, `information`, `hint` or `off`."""
    exclude: tuple[str, ...] = ()
    """Files and folders that are left out, as in a .gitignore beside the pyproject.toml."""
    torch_version: str | None = None
    """The version of PyTorch to assume, such as `2.6`; unset: the environment's, else the newest known."""
    max_seconds: float = 5.0
    """The time budget for one file; what it cuts is said in a note."""

    def enabled(self, rule: str) -> bool:
        """Whether a rule may speak."""
        chosen = not self.select or rule in self.select
        return chosen and rule not in self.ignore and self.severity.get(rule) != "off"


def from_mapping(values: Mapping[str, Any], known_rules: Iterable[str], where: Callable[[str], str]) -> Settings:
    """Settings from plain values; `where` says of a key where it was written."""
    names = set(field_names(Settings))
    known = frozenset(known_rules)
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = key.replace("-", "_")
        if name not in names:
            written = sorted(item.replace("_", "-") for item in names)
            raise WrongSettings(f"{where(key)}: unknown setting `{key}`{suggestion(key, written)}")
        try:
            found[name] = _checked(name, value, known)
        except ValueError as error:
            raise WrongSettings(f"{where(key)}: `{key}` {error}") from None
    return Settings(**found)


def for_folder(folder: Path, known_rules: Iterable[str] = ()) -> Settings:
    """The settings that hold for the files of a folder."""
    return located(folder, known_rules)[0]


def located(folder: Path, known_rules: Iterable[str] = ()) -> tuple[Settings, Path | None]:
    """The settings of a folder, and the folder of the pyproject.toml they come from."""
    return _located(Path(folder).absolute(), frozenset(known_rules))


@lru_cache(maxsize=4096)
def _located(folder: Path, known: frozenset[str]) -> tuple[Settings, Path | None]:
    """`located`, remembered: the many folders of a project ask for the same file."""
    file = folder / "pyproject.toml"
    if file.is_file():
        found = from_file(file, known)
        if found is not None:
            return found, folder
    if folder.parent == folder:
        return Settings(), None
    return _located(folder.parent, known)


def forget() -> None:
    """Read every pyproject.toml anew the next time."""
    _located.cache_clear()


def from_file(file: Path, known_rules: Iterable[str]) -> Settings | None:
    """The settings in a pyproject.toml; None where it has no section for us."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{file}: can't be read: {error}") from None
    if "samedevice" not in text:
        return None
    # Loaded when there is something to read.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"at line (\d+)", str(error))
        place = f"{file}:{told[1]}" if told else str(file)
        raise WrongSettings(f"{place}: not valid TOML: {error}") from None
    tool = values.get("tool", {})
    section = tool.get("samedevice") if isinstance(tool, dict) else None
    if section is None:
        return None
    if not isinstance(section, dict):
        raise WrongSettings(f"{file}: `tool.samedevice` must be a table")
    # What it says of probes is read by them.
    own = {key: value for key, value in section.items() if key != "probe"}
    return from_mapping(own, known_rules, lambda key: f"{file}:{_line_of(text, key)}")


def with_options(
    settings: Settings, known_rules: Iterable[str], *, machine: str | None, select: Iterable[str], ignore: Iterable[str]
) -> Settings:
    """Settings with what the command line says: a selection replaces, an ignore adds."""
    known = frozenset(known_rules)
    try:
        chosen = _rules(list(select), known)
        silent = _rules(list(ignore), known)
    except ValueError as error:
        raise WrongSettings(f"the command line {error}") from None
    return replace(
        settings,
        machine=machine or settings.machine,
        select=chosen or settings.select,
        ignore=tuple(dict.fromkeys((*(name for name in settings.ignore if name not in chosen), *silent))),
    )


def suggestion(word: str, known: Iterable[str]) -> str:
    """ "; did you mean `x`?" where a known word is close, else nothing."""
    import difflib  # only who mistypes needs it

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def _checked(name: str, value: Any, known: frozenset[str]) -> Any:
    """A value as its field wants it."""
    match name:
        case "machine":
            return _one_of(value, MACHINES)
        case "devices":
            if type(value) is not int or value < 0:
                raise ValueError("must be a whole number of 0 or more")
            return value
        case "select" | "ignore":
            return _rules(value, known)
        case "severity":
            return _severities(value, known)
        case "exclude":
            return _strings(value)
        case "torch_version":
            if not isinstance(value, str) or not re.match(r"\d+\.\d+", value):
                raise ValueError('must be a version such as "2.6"')
            return value
        case _:
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
                raise ValueError("must be a number of seconds above 0")
            return float(value)


def _one_of(value: Any, words: tuple[str, ...]) -> str:
    """One of a few words."""
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"must be one of {', '.join(words)}, not {value!r}{suggestion(str(value), words)}")
    return value


def _strings(value: Any) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("must be a list of strings")
    return tuple(value)


def _rules(value: Any, known: frozenset[str]) -> tuple[str, ...]:
    """A list of names of rules."""
    names = _strings(value)
    for name in names:
        _rule(name, known)
    return names


def _rule(name: str, known: frozenset[str]) -> None:
    """Refuses the name of a rule that does not exist; without a list of them every name passes."""
    if known and name not in known:
        raise ValueError(f"names an unknown rule `{name}`{suggestion(name, known)}")


def _severities(value: Any, known: frozenset[str]) -> dict[str, str]:
    """A table from rules to severities."""
    if not isinstance(value, dict):
        raise ValueError('must be a table such as { device-mismatch = "warning" }')
    for name, severity in value.items():
        _rule(name, known)
        if severity not in SEVERITIES:
            raise ValueError(f"of `{name}` must be one of {', '.join(SEVERITIES)}, not {severity!r}")
    return dict(value)


def _line_of(text: str, key: str) -> int:
    """The line of a key in our section of a pyproject.toml; the section's own where it is not found."""
    inside, start = False, 1
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if header:
            name = header[1].replace('"', "").replace(" ", "")
            inside = name == "tool.samedevice"
            start = number if name.startswith("tool.samedevice") else start
            if name == f"tool.samedevice.{key}":
                return number
        elif inside and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", line):
            return number
    return start
