"""`samedevice explain`: where a PyTorch error comes from."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from samedevice.cli import FOUND, OK, CouldNotRun
from samedevice.cli.project import settings_of
from samedevice.features import explain, project_files
from samedevice.settings import Settings


def run(options: argparse.Namespace) -> int:
    """Prints what a traceback means; 1 where a finding explains it."""
    roots = [os.path.abspath(options.root)]
    result = explain.explain(_text(options.file), lambda written: project_files.find(written, roots, {}), _around)
    print(explain.words(result))
    return FOUND if result.finding is not None else OK


def _text(given: str) -> str:
    """The pasted text."""
    try:
        data = sys.stdin.buffer.read() if given == "-" else Path(given).read_bytes()
    except OSError as error:
        raise CouldNotRun(f"{given}: {error.strerror or error}") from None
    return data.decode("utf-8", errors="replace")


def _around(path: str) -> Settings:
    return settings_of(Path(path).parent)
