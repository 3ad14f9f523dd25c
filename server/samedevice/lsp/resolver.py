"""The process that asks jedi: it may run the user's interpreter, hang or die, and nobody waits for it while typing."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from samedevice.lsp.worker import packed, unpacked

Asked = tuple[str | None, str, list[str], str, str, str]
"""Interpreter, folder, paths; importer, its text, the module's name."""


def main() -> int:
    """Answers questions one after the other until its parent is gone."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="samedevice resolver: %(message)s")
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    from samedevice.resolve import lookup

    _answer(sys.stdin.buffer, out, lookup.Lookups().module, lookup.Dead)
    return 0


def _answer(stream: BinaryIO, out: BinaryIO, module: Callable[..., str | None], dead: type[Exception]) -> None:
    while (request := unpacked(stream)) is not None:
        number, _, arguments = request
        reply: Any
        try:
            reply = (number, True, {"file": module(*arguments)})
        except dead as error:
            reply = (number, True, {"dead": str(error)})
        except Exception as error:
            reply = (number, False, f"{type(error).__name__}: {error}")
        try:
            out.write(packed(reply))
            out.flush()
        except OSError:
            return


if __name__ == "__main__":
    sys.exit(main())
