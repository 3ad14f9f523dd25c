"""Projects that are installed where they are written: what `pip install -e` leaves behind in an environment."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit


def folders(site_packages: Sequence[str]) -> tuple[str, ...]:
    """The folders elsewhere that an environment imports from, by its .pth files."""
    found: dict[str, None] = {}
    for folder in site_packages:
        for line in _lines(folder):
            path = os.path.normpath(os.path.join(folder, line))
            if path not in site_packages and os.path.isdir(path):
                found[path] = None
    return tuple(found)


@lru_cache(maxsize=64)
def packages(site_packages: tuple[str, ...]) -> dict[str, str]:
    """The files or folders of packages that setuptools' import hooks would find, by the names of the packages."""
    found: dict[str, str] = {}
    for folder in site_packages:
        for file in sorted(Path(folder).glob("__editable__*finder.py")):
            found.update(_mapping(file))
    return found


@lru_cache(maxsize=64)
def own(site_packages: tuple[str, ...]) -> frozenset[str]:
    """Top-level names in an environment that were installed from a folder, as a user's own project is."""
    found: set[str] = set()
    for folder in site_packages:
        for record in Path(folder).glob("*.dist-info/direct_url.json"):
            if _is_local(record):
                found.update(_top_level(record.parent))
    return frozenset(found)


def forget() -> None:
    """Look at the environments anew the next time."""
    packages.cache_clear()
    own.cache_clear()


def _lines(folder: str) -> Iterator[str]:
    """The paths in the .pth files of a folder; lines that run code are not paths."""
    for file in sorted(Path(folder).glob("*.pth")):
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        for line in text.splitlines():
            line = line.strip()
            if line and not line.startswith(("#", "import ", "import\t")):
                yield line


def _mapping(file: Path) -> dict[str, str]:
    """The table `MAPPING` of one of setuptools' hooks."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return {}
    for node in tree.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id="MAPPING"), value=ast.Dict() as table):
                return dict(_pairs(table))
            case ast.Assign(targets=[ast.Name(id="MAPPING")], value=ast.Dict() as table):
                return dict(_pairs(table))
    return {}


def _pairs(table: ast.Dict) -> Iterator[tuple[str, str]]:
    """The entries of a table of texts that is written out."""
    for key, value in zip(table.keys, table.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
            yield str(key.value), str(value.value)


def _is_local(record: Path) -> bool:
    """Whether a package was installed from a folder, not from an index."""
    import json  # few environments hold such a record

    try:
        told = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    url = told.get("url") if isinstance(told, dict) else None
    parts = urlsplit(url) if isinstance(url, str) else None
    return parts is not None and parts.scheme == "file" and "dir_info" in told and bool(unquote(parts.path))


def _top_level(metadata: Path) -> Iterator[str]:
    """The names that a distribution brings, from the list of its files."""
    try:
        lines = (metadata / "RECORD").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        path = line.rsplit(",", 2)[0]
        head, _, rest = path.partition("/")
        if head.endswith(".py") and not rest:
            yield head[:-3]
        elif rest.endswith(".py") and head.isidentifier():
            yield head
