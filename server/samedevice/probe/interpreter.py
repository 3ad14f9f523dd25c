"""Which Python runs a probe: the one that the user's program is run with."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from samedevice.resolve import environment


def interpreter(file: str, chosen: str | None = None) -> str:
    """The Python that was chosen, else that of the file's project; this one for one from the PATH without torch."""
    if chosen:
        return shutil.which(chosen) or chosen
    found = environment.of(str(Path(file).absolute().parent))
    if found is None or (found.chosen == environment.PATH and found.torch is None):
        return sys.executable
    return found.interpreter
