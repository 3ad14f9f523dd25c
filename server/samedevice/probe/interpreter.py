"""Which Python runs a probe: the one that the user's program is run with."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from samedevice.resolve import environment


def interpreter(file: str, chosen: str | None = None) -> str:
    """The Python that was chosen, else that of the active environment, else the project's own, else this one."""
    if chosen:
        return shutil.which(chosen) or chosen
    return next(_found(Path(file).absolute()), sys.executable)


def _found(file: Path) -> Iterator[str]:
    """The Pythons that belong to a file, the nearest first."""
    active = (os.environ.get(name) for name in ("VIRTUAL_ENV", "CONDA_PREFIX"))
    folders = [Path(folder) for folder in active if folder]
    for folder_above in file.parents:
        folders += [folder_above / name for name in environment.FOLDERS]
        if (folder_above / ".git").exists():
            break
    yield from filter(None, map(environment.inside, folders))
