"""Asks jedi which file a module's name means: by hooks of the interpreter, or paths that the program itself adds."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

import jedi  # type: ignore[import-untyped]  # has no types

_LONGEST = 200_000
"""Characters of an importer that jedi reads; its paths are set at its top."""


class Dead(Exception):
    """The interpreter can't be used; the text says why."""


class Lookups:
    """The interpreters and folders that were asked about."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str, tuple[str, ...]], Lookup] = {}

    def module(
        self, interpreter: str | None, folder: str, paths: Sequence[str], importer: str, text: str, name: str
    ) -> str | None:
        """The file of a module as a file of a folder imports it."""
        key = interpreter, folder, tuple(paths)
        if key not in self._known:
            self._known[key] = Lookup(interpreter, folder, paths)
        return self._known[key].module(importer, text, name)


class Lookup:
    """One interpreter and the folders of one project."""

    def __init__(self, interpreter: str | None, folder: str, paths: Sequence[str]) -> None:
        """`interpreter` is run, as jedi does; without one, `paths` say what it would import from."""
        self._project = jedi.Project(folder, added_sys_path=[*paths], smart_sys_path=True)
        self._environment = _environment(interpreter)
        self._libraries = _libraries(self._environment)

    def module(self, importer: str, text: str, name: str) -> str | None:
        """The file of a module as a file imports it; None where there is none, or where it is a library's."""
        code = f"{text[:_LONGEST]}\nimport {name}\n"
        script = jedi.Script(code, path=importer, environment=self._environment, project=self._project)
        line = code.count("\n")
        found = script.goto(line, len("import ") + len(name), follow_imports=True, follow_builtin_imports=False)
        paths = [Path(one.module_path) for one in found if one.module_path is not None]
        return next((os.path.abspath(path) for path in paths if path.suffix == ".py" and self._own(path)), None)

    def _own(self, path: Path) -> bool:
        """Whether a file is the user's: in no folder of libraries."""
        if path.is_relative_to(Path(jedi.__file__).parent.parent):
            return False  # jedi itself and its neighbours, which it brings along
        return not any(path.is_relative_to(folder) for folder in self._libraries)


def _environment(interpreter: str | None) -> jedi.api.environment.Environment:
    """The interpreter as jedi knows it; our own without one, whose libraries then do not count."""
    if interpreter is None:
        return jedi.api.environment.InterpreterEnvironment()
    try:
        return jedi.create_environment(interpreter, safe=False)
    except (jedi.InvalidPythonEnvironment, OSError) as error:
        raise Dead(str(error)) from None


def _libraries(environment: jedi.api.environment.Environment) -> list[Path]:
    """The folders of an interpreter's own and installed modules."""
    found = []
    with contextlib.suppress(OSError):
        for folder in environment.get_sys_path():
            path = Path(folder)
            if path.name in ("site-packages", "dist-packages") or path.parent.name.startswith(("lib", "Lib")):
                found.append(path)
    return found
