"""Modules that no path below the project explains: the user's own in the environment, and what jedi answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from samedevice.resolve import editable
from samedevice.resolve.environment import Environment

FindIn = Callable[[Path, list[str]], str | None]
"""The file of a module's parts below a folder."""


class Question(NamedTuple):
    """What is to be asked of jedi: the module that a file means by a name."""

    importer: str
    name: str
    paths: str
    """The importer's lines about paths: an answer holds as long as they stay the same."""


answers: dict[Question, str | None] = {}
"""What was answered; None for what can't be found."""
questions: set[Question] = set()
"""What was wanted and is not answered."""
_used: list[Environment | None] = []
"""The environment to look in; empty where nobody answers questions, as on the command line."""


def use(environment: Environment | None) -> None:
    """Sets the environment that the project is run with; from now on questions are asked."""
    _used[:] = [environment]


def learn(found: Mapping[Question, str | None]) -> None:
    """Takes answers over."""
    answers.update(found)
    questions.difference_update(found)


def settle(below: FindIn) -> bool:
    """Drops the questions that the environment of now answers; whether it has a file for any."""
    found = False
    for environment in _used:
        for question in [*questions] if environment is not None else []:
            if environment is not None and _explained(environment, question.name, below):
                found |= _in(environment, question.name.split("."), below) is not None
                questions.discard(question)
    return found


def unlearn() -> None:
    """Files on disk have changed: what was answered may be wrong now."""
    answers.clear()
    questions.clear()


def find(importer: str, name: str, text: Callable[[], str], below: FindIn) -> str | None:
    """The file of a module outside the project; None where it is a library's, or not known (yet)."""
    for environment in _used:
        if environment is not None and _explained(environment, name, below):
            return _in(environment, name.split("."), below)
        question = Question(importer, name, path_lines(text()))
        if question not in answers:
            questions.add(question)
        return answers.get(question)
    return None


def _in(environment: Environment, parts: list[str], below: FindIn) -> str | None:
    """A module of the user's own in an environment: where it is written, or a copy that was installed from there."""
    own = parts[0] in editable.own(environment.site_packages)
    folders = (*environment.editable, *(environment.site_packages if own else ()))
    return next((found for folder in folders if (found := below(Path(folder), parts))), None) or _hooked(
        environment, parts, below
    )


def _explained(environment: Environment, name: str, below: FindIn) -> bool:
    """Whether nobody need be asked about a module: it, or what it would be part of, is in the environment."""
    parts = name.split(".")
    return any(_in(environment, parts[:count], below) for count in range(len(parts), 0, -1)) or _installed(
        environment, name
    )


def _installed(environment: Environment, name: str) -> bool:
    """Whether a name is a library's, so that nobody need be asked."""
    root = name.split(".")[0]
    return any(_has(Path(folder), root) for folder in environment.site_packages)


@lru_cache(maxsize=64)
def path_lines(text: str) -> str:
    """The lines of a file that may change where it imports from."""
    if "sys.path" not in text:
        return ""
    return "\n".join(line for line in text.splitlines() if "path" in line.lower())


def _hooked(environment: Environment, parts: list[str], below: FindIn) -> str | None:
    """A module of a package that setuptools' import hook would find."""
    table = editable.packages(environment.site_packages)
    for count in range(len(parts), 0, -1):
        place = table.get(".".join(parts[:count]))
        if place is not None:
            path = Path(place)
            if count == len(parts) and path.with_suffix(".py").is_file():
                return str(path.with_suffix(".py"))
            return below(path, parts[count:])
    return None


def _has(folder: Path, name: str) -> bool:
    """Whether an environment's folder has a module or package of a name, compiled ones included."""
    return (folder / name).is_dir() or (folder / f"{name}.py").is_file() or any(folder.glob(f"{name}.*.so"))
