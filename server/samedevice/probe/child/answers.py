"""The way out: JSON lines on a descriptor that the user's prints never reach."""

from __future__ import annotations

import json
import os
from typing import Any


class Answers:
    """Writes events to the one who asked."""

    def __init__(self, descriptor: int) -> None:
        if os.name == "nt":  # there a handle is inherited, not a descriptor
            import msvcrt

            windows: Any = msvcrt
            descriptor = windows.open_osfhandle(descriptor, getattr(os, "O_BINARY", 0))
        os.set_inheritable(descriptor, False)  # not for the processes that the user's code starts
        self._file = os.fdopen(descriptor, "wb", buffering=0)

    def send(self, event: str, **more: Any) -> None:
        """Sends one event; what JSON cannot say becomes text."""
        line = json.dumps(dict(more, event=event), default=str, allow_nan=False, ensure_ascii=True)
        self._file.write(line.encode("ascii") + b"\n")

    def stage(self, name: str, run: str = "") -> None:
        """Says what begins now."""
        self.send("stage", name=name, run=run)
