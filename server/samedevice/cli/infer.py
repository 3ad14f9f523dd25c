"""`samedevice infer`: what is known of every name of a file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from samedevice.cli import OK, CouldNotRun
from samedevice.cli.project import settings_of
from samedevice.dataclass import replace
from samedevice.features.infer import infer
from samedevice.syntax import notebook as notebooks
from samedevice.syntax.notebook import Notebook
from samedevice.syntax.reading import Unreadable, decode, read_bytes
from samedevice.syntax.source import SourceFile

_STDIN = "<stdin>"


def run(options: argparse.Namespace) -> int:
    """Prints what is known of a file."""
    source, book = read(options.file, "infer")
    folder = Path.cwd() if source.path == _STDIN else Path(source.path).parent
    settings = settings_of(folder)
    if options.machine:
        settings = replace(settings, machine=options.machine)
    records = [_placed(item.record(), book) for item in infer(source, settings)]
    if options.output_format == "json":
        print(json.dumps(records, indent=2))
    else:
        for record in records:
            cell = f"cell {record['cell']}:" if "cell" in record else ""
            print(f"{cell}{record['line']}:{record['column']}: {record['name']}: {record['text']}")
    return OK


def read(given: str, command: str) -> tuple[SourceFile, Notebook | None]:
    """The program of a file."""
    path = _STDIN if given == "-" else given
    try:
        if Path(path).is_dir():
            raise CouldNotRun(f"{path}: a folder; `{command}` takes one file")
        data = sys.stdin.buffer.read() if given == "-" else read_bytes(Path(path))
        if path.endswith(".ipynb"):
            book = notebooks.load(data, path)
            return book.source, book
        return SourceFile(path, decode(data)[0]), None
    except Unreadable as error:
        raise CouldNotRun(f"{path}: {error}") from None


def _placed(record: dict[str, object], book: Notebook | None) -> dict[str, object]:
    """A record with its place in the cell of a notebook."""
    line = record["line"]
    if book is None or not isinstance(line, int):
        return record
    position = book.position(line)
    return {**record, "line": position.line, "cell": position.cell}
