"""Which files a run reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from samedevice.dataclass import dataclass, field
from samedevice.resolve import ignored
from samedevice.resolve.ignored import Rules

SUFFIXES = (".py", ".pyw", ".ipynb")
LEFT_OUT = frozenset(
    {
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".hg",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        "__pycache__",
        "__pypackages__",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    }
)
"""Folders that are no one's own code; naming one on the command line reads it all the same."""


@dataclass
class Found:
    """The files to read, each once, and what is to be said of the search."""

    files: list[Path] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    """Folders in which there was nothing to read."""
    unreadable: list[str] = field(default_factory=list)


def find(paths: list[str], excludes: list[Rules]) -> Found:
    """The files that paths name: files as they are, folders with everything below that is not left out."""
    found = Found()
    seen: set[str] = set()
    for given in paths:
        path = Path(given)
        if path.is_dir():
            below = sorted(_walk(path, excludes, found))
            if not below:
                found.empty.append(given)
        elif path.exists() or path.is_symlink():
            below = [path]
        else:
            found.missing.append(given)
            continue
        for file in below:
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                found.files.append(file)
    return found


def _walk(top: Path, excludes: list[Rules], found: Found) -> Iterator[Path]:
    """The files below a folder. Links to folders are not followed, as in git: there are no loops without them."""
    start = Path(os.path.abspath(top))
    waiting: list[tuple[Path, Path, tuple[Rules, ...]]] = [(top, start, _above(start))]
    while waiting:
        folder, absolute, rules = waiting.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            found.unreadable.append(f"{folder}: {error.strerror}")
            continue
        if any(entry.name == ".gitignore" for entry in entries):
            own = ignored.from_file(absolute / ".gitignore")
            rules = (own, *rules) if own else rules
        for entry in entries:
            here = folder / entry.name
            there = absolute / entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and entry.name in LEFT_OUT:
                continue
            if not is_folder and (not entry.name.endswith(SUFFIXES) or not entry.is_file()):
                continue
            if _left_out(there.as_posix(), is_folder, rules, excludes):
                continue
            if is_folder:
                waiting.append((here, there, rules))
            else:
                yield here


def _left_out(path: str, folder: bool, rules: tuple[Rules, ...], excludes: list[Rules]) -> bool:
    """Whether the user's excludes or a .gitignore leave out a path."""
    return ignored.ignored(path, folder, rules) or any(one.verdict(path, folder) for one in excludes)


def excluded(file: Path, rules: Rules) -> bool:
    """Whether rules leave out a file, or a folder above it."""
    path = Path(os.path.abspath(file))
    folders = [parent.as_posix() for parent in path.parents if f"{parent.as_posix()}/".startswith(rules.base)]
    return bool(rules.verdict(path.as_posix(), False)) or any(rules.verdict(folder, True) for folder in folders)


def _above(folder: Path) -> tuple[Rules, ...]:
    """The rules of the repository that a folder is in, the nearest first."""
    found: list[Rules] = []
    if (folder / ".git").exists():
        return tuple(_own(folder))
    for parent in folder.parents:
        file = ignored.from_file(parent / ".gitignore")
        found += [file] if file else []
        if (parent / ".git").exists():
            return (*found, *_own(parent))
    return ()


def _own(repository: Path) -> list[Rules]:
    """What a clone leaves out for itself."""
    try:
        lines = (repository / ".git" / "info" / "exclude").read_text(errors="replace").split("\n")
    except OSError:
        return []
    rules = ignored.from_lines(lines, repository)
    return [rules] if rules else []
