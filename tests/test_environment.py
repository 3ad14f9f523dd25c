"""Which Python is the user's, and what it has, read from its files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from samedevice.resolve import editable, environment, outside

pytestmark = pytest.mark.skipif(os.name != "posix", reason="lays environments out as POSIX does")


def _environment(folder: Path, version: str = "3.12") -> Path:
    """The files of a virtual environment; its folder for packages."""
    packages = folder / "lib" / f"python{version}" / "site-packages"
    packages.mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").touch(mode=0o755)
    (folder / "pyvenv.cfg").write_text(f"home = /nowhere/bin\nversion = {version}.1\n", encoding="utf-8")
    return packages


def _found(setting: str | None, folder: Path, **variables: str) -> environment.Environment:
    known, wrong = environment.find(setting, [str(folder)], variables)
    assert known is not None
    assert wrong == ""
    return known


def test_the_order(tmp_path: Path) -> None:
    work, path = tmp_path / "work", tmp_path / "path"
    for folder in (tmp_path / "chosen", work / ".venv", tmp_path / "active", path):
        _environment(folder)
    variables = {"VIRTUAL_ENV": str(tmp_path / "active"), "PATH": str(path / "bin")}
    (path / "bin" / "python3").touch(mode=0o755)
    setting = str(tmp_path / "chosen" / "bin" / "python")
    assert _found(setting, work, **variables).interpreter == setting
    assert _found(str(tmp_path / "chosen"), work, **variables).interpreter == setting
    assert _found(".venv/bin/python", work).interpreter == str(work / ".venv" / "bin" / "python")
    assert _found(None, work, **variables).chosen == "`.venv` of the workspace"
    assert _found(None, tmp_path, **variables).chosen == "VIRTUAL_ENV"
    del variables["VIRTUAL_ENV"]
    assert _found(None, tmp_path, **variables).interpreter == str(path / "bin" / "python3")
    assert environment.find(None, [str(tmp_path)], {"PATH": ""}) == (None, "")


def test_what_can_not_be_used_is_said(tmp_path: Path) -> None:
    assert environment.find("/no/python", [], {})[1] == "the interpreter `/no/python` was not found"
    program = tmp_path / "program"
    program.touch(mode=0o755)
    assert "is no Python interpreter" in environment.find(str(program), [], {})[1]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("torch-2.13.0+cpu.dist-info", "2.13.0+cpu"),
        ("torch-2.4.1.dist-info", "2.4.1"),
        ("torch-1.13.1-py3.12.egg-info", "1.13.1"),
        ("torchvision-0.20.dist-info", None),
        ("torch_geometric-2.6.dist-info", None),
    ],
)
def test_the_version_of_torch(tmp_path: Path, name: str, version: str | None) -> None:
    (_environment(tmp_path / ".venv") / name).mkdir()
    environment.forget()
    assert _found(None, tmp_path).torch == version


def test_the_version_of_torch_without_metadata(tmp_path: Path) -> None:
    """As conda's package of some versions has it."""
    torch = _environment(tmp_path / ".venv") / "torch"
    torch.mkdir()
    (torch / "version.py").write_text("__all__ = []\n__version__ = '2.3.0'\n", encoding="utf-8")
    assert _found(None, tmp_path).torch == "2.3.0"


def test_pyenv_is_looked_through(tmp_path: Path) -> None:
    _environment(tmp_path / "pyenv" / "versions" / "3.11.7", "3.11")
    _environment(tmp_path / "pyenv" / "versions" / "3.12.1", "3.12")
    (tmp_path / "pyenv" / "shims").mkdir()
    (tmp_path / "pyenv" / "shims" / "python").touch(mode=0o755)
    (tmp_path / "pyenv" / "version").write_text("3.12.1\n", encoding="utf-8")
    variables = {"PATH": str(tmp_path / "pyenv" / "shims")}
    work = tmp_path / "work"
    work.mkdir()
    assert _found(None, work, **variables).version == "3.12"
    (work / ".python-version").write_text("3.11.7\n", encoding="utf-8")
    assert _found(None, work, **variables).version == "3.11"


def test_installed_where_it_is_written(tmp_path: Path) -> None:
    packages = _environment(tmp_path / ".venv")
    source, hooked = tmp_path / "lab" / "src", tmp_path / "more" / "tool"
    (source / "lab").mkdir(parents=True)
    (source / "lab" / "__init__.py").touch()
    hooked.mkdir(parents=True)
    (hooked / "__init__.py").touch()
    (hooked / "inner.py").touch()
    (packages / "lab.pth").write_text(f"# a comment\nimport os; os.abort()\n{source}\n", encoding="utf-8")
    finder = f"import sys\nMAPPING: dict[str, str] = {{'tool': {str(hooked)!r}}}\nraise SystemExit\n"
    (packages / "__editable___tool_1_0_finder.py").write_text(finder, encoding="utf-8")
    known = _found(None, tmp_path)
    assert known.editable == (str(source),)
    editable.forget()
    assert editable.packages(known.site_packages) == {"tool": str(hooked)}


def test_copies_of_the_users_own_are_told_from_libraries(tmp_path: Path) -> None:
    packages = _environment(tmp_path / ".venv")
    for name, url in (("mine", {"url": "file:///home/me/mine", "dir_info": {}}), ("theirs", None)):
        (packages / name).mkdir()
        (packages / name / "__init__.py").touch()
        metadata = packages / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "RECORD").write_text(f"{name}/__init__.py,sha256=x,0\n", encoding="utf-8")
        if url is not None:
            (metadata / "direct_url.json").write_text(json.dumps(url), encoding="utf-8")
    editable.forget()
    known = _found(None, tmp_path)
    assert editable.own(known.site_packages) == {"mine"}


def test_only_what_nothing_explains_is_asked(tmp_path: Path) -> None:
    from samedevice.resolve import modules

    packages = _environment(tmp_path / ".venv")
    (packages / "library.py").touch()
    (tmp_path / "spread").mkdir()
    importer = tmp_path / "a.py"
    importer.touch()
    try:
        outside.use(_found(None, tmp_path))
        for name in ("library", "library.part", "spread", "elsewhere"):
            assert modules.file_of(str(importer), name, 0) is None
        question = outside.Question(str(importer), "elsewhere", "")
        assert outside.questions == {question}
        outside.learn({question: "/found/elsewhere.py"})
        assert outside.questions == set()
        assert modules.file_of(str(importer), "elsewhere", 0) == "/found/elsewhere.py"
    finally:
        outside.unlearn()
        outside._used.clear()
        modules.forget()
