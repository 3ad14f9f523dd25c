"""Every case under `tests/cases` holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from literate import Case, cases, run

FOLDER = Path(__file__).parent / "cases"
FILES = sorted(FOLDER.glob("**/*.md"))
ALL = [(f"{file.relative_to(FOLDER).as_posix()}: {case.title}", case) for file in FILES for case in cases(file)]


@pytest.mark.parametrize("case", [case for _, case in ALL], ids=[name for name, _ in ALL])
def test_case(case: Case) -> None:
    problems = run(case)
    assert not problems, "\n".join([f"{case.path}: {case.title}", *problems])


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_file_has_cases(file: Path) -> None:
    """A file whose blocks are fenced wrongly would pass by testing nothing."""
    assert cases(file), f"{file}: no Python block"
