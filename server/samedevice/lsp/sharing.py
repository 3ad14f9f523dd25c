"""What one open file means for the others: the editor's text of a module counts before the one on disk."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from samedevice.lsp.documents import Program
from samedevice.lsp.uris import path_of

if TYPE_CHECKING:
    from samedevice.lsp.session import Session

_QUIET = 0.3
"""Seconds without a change after which those who import a file are analysed again."""


class Sharing:
    """Which texts the worker knows, and who has to be told of a new one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told: dict[str, int] = {}
        """The edition of each file's text that the worker has."""
        self._gone: set[str] = set()
        """Files that were closed since."""
        self._read: dict[str, set[str]] = {}
        """The files that each program's analysis has read."""
        self._quiet: dict[str, asyncio.TimerHandle] = {}

    def forget(self) -> None:
        """Another worker has taken over, which knows nothing."""
        self._told.clear()

    def has_read(self, program: Program, paths: list[str]) -> None:
        """Notes what the analysis of a program has read."""
        self._read.setdefault(program.uri, set()).update(paths)

    def news(self, program: Program) -> dict[str, str | None]:
        """The texts of other open files that a program may read and the worker does not have; None for closed ones."""
        documents, found = self._session.documents, dict[str, str | None]()
        for other in documents.programs.values():
            path = _file(other)
            if path and other is not program and self._told.get(path) != other.edition and self._reads(program, path):
                found[path] = documents.texts(other)[0]
                self._told[path] = other.edition
        gone = self._gone - {_file(other) for other in documents.programs.values()}
        self._gone.clear()
        found.update(dict.fromkeys(gone))
        return found

    def changed(self, program: Program) -> None:
        """A text has changed or was closed: when typing pauses, who reads it is analysed again."""
        path = _file(program)
        if path and program.uri not in self._session.documents.programs:
            self._gone.add(path)
            self._told.pop(path, None)
        timer = self._quiet.pop(program.uri, None)
        if timer is not None:
            timer.cancel()
        if path and self.readers(path):
            self._quiet[program.uri] = asyncio.get_running_loop().call_later(_QUIET, self._pass_on, program.uri, path)

    def _pass_on(self, uri: str, path: str) -> None:
        self._quiet.pop(uri, None)
        self._session.check_again(self.readers(path))

    def readers(self, path: str) -> list[Program]:
        """The open programs that read a file, or may as soon as it is there."""
        programs = self._session.documents.programs.values()
        return [program for program in programs if _file(program) != path and self._reads(program, path)]

    def _reads(self, program: Program, path: str) -> bool:
        known = self._read.get(program.uri, ())
        return path in known or self._session.documents.mentions(program, module_name(path))


def module_name(path: str) -> str:
    """The last part of the name that a file is imported by."""
    folder, name = os.path.split(path)
    stem = os.path.splitext(name)[0]
    return os.path.basename(folder) if stem == "__init__" else stem


def _file(program: Program) -> str:
    """The Python file that a program is; "" for notebooks and what has no file."""
    return path_of(program.uri) if program.uri.startswith("file:") and not program.notebook else ""
