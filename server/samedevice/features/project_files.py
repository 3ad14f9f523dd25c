"""The file that a traceback means: at its own path, or at the same place below another root."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from samedevice.syntax.reading import Unreadable, read
from samedevice.syntax.source import SourceFile

_OTHERS = ("site-packages", "dist-packages", "lib/python", "importlib", "<frozen")
"""What no file of a user's project has in its path."""


def find(written: str, roots: Sequence[str], opened: Mapping[str, str]) -> SourceFile | None:
    """The file of a frame, the editor's text of it where it is open; None where it is not the project's."""
    plain = written.replace("\\", "/")
    if any(word in plain for word in _OTHERS) or not plain.endswith(".py"):
        return None
    path = Path(written)
    if path.is_absolute() and _inside(path, roots) and path.is_file():
        return _read(str(path), opened)
    parts = (PureWindowsPath(written) if "\\" in written else PurePosixPath(written)).parts
    for root in roots:
        # The error may come from another machine, where the project lies elsewhere: longest common tail first.
        for start in range(len(parts)):
            candidate = Path(root).joinpath(*(part for part in parts[start:] if part not in ("/", "..")))
            if candidate.is_file() and _inside(candidate, roots):
                return _read(str(candidate), opened)
    return None


def _inside(path: Path, roots: Sequence[str]) -> bool:
    real = os.path.abspath(path)
    return any(real == root or real.startswith(os.path.join(os.path.abspath(root), "")) for root in roots)


def _read(path: str, opened: Mapping[str, str]) -> SourceFile | None:
    path = os.path.abspath(path)
    if path in opened:
        return SourceFile(path, opened[path])
    try:
        return read(Path(path))[0]
    except Unreadable:
        return None
