"""Which files are checked: those that no `exclude` leaves out, open or not."""

from __future__ import annotations

from pathlib import Path

from samedevice.features.check import check, rule_names
from samedevice.lsp.marks import diagnostics
from samedevice.lsp.places import Json, Program
from samedevice.lsp.unit import settings_for
from samedevice.resolve import files, ignored
from samedevice.resolve.ignored import Rules
from samedevice.settings import Settings, WrongSettings, located
from samedevice.syntax.reading import Unreadable, read


def left_out(job: Json) -> bool:
    """Whether the settings leave out the file of a job."""
    rules = _rules(job, settings_for(job)[0])
    return rules is not None and files.excluded(Path(job["path"]), rules)


def _rules(job: Json, settings: Settings) -> Rules | None:
    """What the settings of a job leave out: of the project, from its folder; of the editor, from the workspace's."""
    if not settings.exclude:
        return None
    try:
        project, home = located(Path(job["folder"]), rule_names())
    except WrongSettings:
        project, home = Settings(), None
    base = home if home is not None and project.exclude else Path(job["root"])
    return ignored.from_lines(settings.exclude, base)


def listed(folders: list[str], editor: Json) -> list[str]:
    """The Python files of a workspace that are to be checked."""
    excludes = []
    for folder in folders:
        job = {"editor": editor, "folder": folder, "root": folder}
        rules = _rules(job, settings_for(job)[0])
        excludes += [rules] if rules is not None else []
    found = files.find(folders, excludes).files
    paths = [str(path.absolute()) for path in found if path.suffix != ".ipynb"]
    return [path for path in paths if not left_out(_job(path, folders, editor))]


def _job(path: str, folders: list[str], editor: Json) -> Json:
    root = next((folder for folder in folders if Path(path).is_relative_to(folder)), folders[0])
    return {"editor": editor, "path": path, "folder": str(Path(path).parent), "root": root}


def checked(job: Json) -> Json:
    """The findings of a file that is not open, and why it could not be read."""
    try:
        text = read(Path(job["path"]))[0].text
    except Unreadable as error:
        return {"items": [], "error": str(error)}
    program = Program(job["uri"], job["path"], text, job["encoding"])
    result = check(program.source, settings_for(job)[0])
    return {"items": diagnostics(program, result, job["client"])[job["uri"]], "error": ""}
