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
from samedevice.syntax import notebook as notebooks
from samedevice.syntax.notebook import Notebook
from samedevice.syntax.reading import Unreadable, read, read_bytes


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
    """The Python files and notebooks of a workspace that are to be checked."""
    excludes = []
    for folder in folders:
        job = {"editor": editor, "folder": folder, "root": folder}
        rules = _rules(job, settings_for(job)[0])
        excludes += [rules] if rules is not None else []
    paths = [str(path.absolute()) for path in files.find(folders, excludes).files]
    return [path for path in paths if not left_out(_job(path, folders, editor))]


def _job(path: str, folders: list[str], editor: Json) -> Json:
    root = next((folder for folder in folders if Path(path).is_relative_to(folder)), folders[0])
    return {"editor": editor, "path": path, "folder": str(Path(path).parent), "root": root}


def checked(job: Json) -> Json:
    """The findings of a file that is not open, and why it could not be read."""
    path = Path(job["path"])
    try:
        book = notebooks.load(read_bytes(path), job["path"]) if path.suffix == ".ipynb" else None
        text = book.source.text if book is not None else read(path)[0].text
    except Unreadable as error:
        return {"items": [], "error": str(error)}
    program = Program(job["uri"], job["path"], text, job["encoding"])
    result = check(program.source, settings_for(job)[0])
    items = diagnostics(program, result, job["client"])[job["uri"]]
    if book is not None:
        _into_cells(items, job["uri"], book)
    return {"items": items, "error": ""}


def _into_cells(items: list[Json], uri: str, book: Notebook) -> None:
    """The cells of a closed notebook have no names that an editor knows: their numbers are said."""
    for item in items:
        related = [one for one in item.get("relatedInformation", []) if one["location"]["uri"] == uri]
        for told, where in ((item, item["range"]), *((one, one["location"]["range"]) for one in related)):
            line = where["start"]["line"] + 1
            place = book.position(line)
            told["message"] = f"Cell {place.cell}, line {place.line}: {told['message']}"
            for end in where.values():
                end["line"] -= line - place.line
