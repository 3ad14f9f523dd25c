"""Which paths a .gitignore leaves out: the rules of `gitignore(5)`, read from the documentation of git."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from samedevice.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a .gitignore."""

    regex: re.Pattern[str]
    negated: bool
    folders_only: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of one file, which speak of the paths below its folder."""

    base: str
    """The folder with a slash at its end."""
    patterns: tuple[Pattern, ...]

    def verdict(self, path: str, folder: bool) -> bool | None:
        """Whether a path is left out (True), kept (False), or not spoken of (None); the last pattern counts."""
        if not path.startswith(self.base):
            return None
        below = path[len(self.base) :]
        for pattern in reversed(self.patterns):
            if (folder or not pattern.folders_only) and pattern.regex.fullmatch(below):
                return not pattern.negated
        return None


def ignored(path: str, folder: bool, rules: Iterable[Rules]) -> bool:
    """Whether rules, the nearest first, leave out a path."""
    for one in rules:
        verdict = one.verdict(path, folder)
        if verdict is not None:
            return verdict
    return False


def from_file(file: Path) -> Rules | None:
    """The rules of a .gitignore; None where there are none."""
    try:
        lines = file.read_bytes().decode(errors="replace").removeprefix("\ufeff").split("\n")
    except OSError:
        return None
    return from_lines(lines, file.parent)


def from_lines(lines: Iterable[str], folder: Path) -> Rules | None:
    """The rules that lines make for a folder."""
    patterns = tuple(pattern for line in lines if (pattern := _pattern(line.removesuffix("\r"))))
    base = folder.as_posix()
    return Rules(base if base.endswith("/") else base + "/", patterns) if patterns else None


def _pattern(line: str) -> Pattern | None:
    """A line as a pattern; None for an empty one, a comment, or one that matches nothing."""
    if line.startswith("#"):
        return None
    # Spaces at the end count only behind a backslash.
    line = re.sub(r"(?<!\\) +$", "", line)
    while line.endswith(" ") and not line.endswith("\\ "):
        line = line[:-1]
    negated = line.startswith("!")
    line = line[1:] if negated else line
    folders_only = line.endswith("/")
    line = line[:-1] if folders_only else line
    if not line or line == "/":
        return None
    anchored = "/" in line
    line = line.removeprefix("/")
    try:
        regex = re.compile(_regex(line) if anchored else f"(?:.*/)?{_regex(line)}", re.DOTALL)
    except re.error:
        return None
    return Pattern(regex, negated, folders_only)


def _regex(glob: str) -> str:
    """A glob as a regular expression: `*` and `?` stay within a name, `**` between slashes goes across."""
    found = ""
    place = 0
    while place < len(glob):
        rest = glob[place:]
        at_start = place == 0 or glob[place - 1] == "/"
        if at_start and rest.startswith("**/"):
            found += "(?:.*/)?"
            place += 3
        elif at_start and rest == "**":
            found += ".*"
            place += 2
        elif rest[0] == "*":
            stars = len(rest) - len(rest.lstrip("*"))
            found += "[^/]*"
            place += stars
        elif rest[0] == "?":
            found += "[^/]"
            place += 1
        elif rest[0] == "[" and (group := _group(rest)):
            found += group[0]
            place += group[1]
        elif rest[0] == "\\" and len(rest) > 1:
            found += re.escape(rest[1])
            place += 2
        else:
            found += re.escape(rest[0])
            place += 1
    return found


def _group(rest: str) -> tuple[str, int] | None:
    """`[a-z]` as a regular expression and its length; None where it is not closed."""
    match = re.match(r"\[([!^]?)(\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]", rest)
    if not match:
        return None
    inner = re.sub(r"\[:(\w+):\]", lambda found: _CLASSES.get(found[1], ""), match[2])
    inner = inner.replace("[", "\\[")
    inner = "\\" + inner if inner.startswith(("]", "^")) else inner
    return f"(?!/)[{'^' if match[1] else ''}{inner}]", match.end()


_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "space": r"\s",
    "xdigit": "0-9a-fA-F",
}
