"""Which Python runs a probe: the one that the user's program is run with."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

_PLACES = ("bin/python", "Scripts/python.exe")
_FOLDERS = (".venv", "venv", "env")


def interpreter(file: str, chosen: str | None = None) -> str:
    """The Python that was chosen, else that of the active environment, else the project's own, else this one."""
    if chosen:
        return shutil.which(chosen) or chosen
    return next(_found(Path(file).absolute()), sys.executable)


def _found(file: Path) -> Iterator[str]:
    """The Pythons that belong to a file, the nearest first."""
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        folder = os.environ.get(name)
        if folder:
            yield from _in(Path(folder))
    for folder_above in file.parents:
        for name in _FOLDERS:
            yield from _in(folder_above / name)
        if (folder_above / ".git").exists():
            return


def _in(folder: Path) -> Iterator[str]:
    """The Python of an environment."""
    yield from (str(folder / place) for place in _PLACES if (folder / place).is_file())
