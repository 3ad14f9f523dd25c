"""Which files a run reads."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import fake_engine
from samedevice.cli import main
from samedevice.resolve import files, ignored


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    fake_engine.install(monkeypatch)
    yield
    fake_engine.forget()


def touch(*paths: str, text: str = "bad\n") -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)


def found(*paths: str) -> list[str]:
    return [file.as_posix() for file in files.find(list(paths or ["."]), []).files]


def checked(capsys: pytest.CaptureFixture[str], *argv: str) -> list[str]:
    main(["check", "--output-format", "concise", "--quiet", *argv])
    return [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]


def test_python_files_and_notebooks() -> None:
    touch("b.py", "a/c.pyw", "a/d.ipynb", "e.txt", "f", "g.pyc")
    assert found() == ["a/c.pyw", "a/d.ipynb", "b.py"]


def test_a_named_file_is_read_whatever_its_name() -> None:
    touch("script", "build/x.py", ".venv/y.py")
    touch(".gitignore", text="script\nbuild\n")
    assert found("script", "build", ".venv/y.py", "./script") == ["script", "build/x.py", ".venv/y.py"]


def test_other_peoples_folders_are_left_out() -> None:
    touch("a.py", ".git/x.py", ".venv/x.py", "n/node_modules/x.py", "build/x.py", "dist/x.py", "__pycache__/x.py")
    assert found() == ["a.py"]


def test_gitignore_nested_and_negated() -> None:
    touch(
        "a.py", "gen_b.py", "sub/gen_c.py", "sub/gen_keep.py", "sub/deep/d.py", "out/e.py", "sub/out.py", "x/only/f.py"
    )
    touch(".gitignore", text="# comment\ngen_*.py\n/out/\nx/**\n")
    touch("sub/.gitignore", text="!gen_keep.py\ndeep/\n")
    assert found() == ["a.py", "sub/gen_keep.py", "sub/out.py"]


def test_the_gitignore_of_the_repository_above_counts() -> None:
    touch("repo/sub/a.py", "repo/sub/skip.py", "repo/other.py")
    touch("repo/.gitignore", text="skip.py\n")
    touch(".gitignore", text="a.py\n")
    (Path("repo") / ".git" / "info").mkdir(parents=True)
    touch("repo/.git/info/exclude", text="other.py\n")
    assert found("repo/sub") == ["repo/sub/a.py"]
    assert found("repo") == ["repo/sub/a.py"]


PATTERNS = [
    "*.py", "a", "/a", "a/", "a/b", "**/b", "a/**", "a/**/c.py", "?.py", "[ab].py", "[!a].py", "*", "!a/c.py", "\\!x",
    "a/*", "*/c.py", "**/", "d*", "a b.py", "x\\ ", "[", "a**", "**a", "/*\n!/a", "*.py\n!c.py", "a/\n!a/c.py",
    "[]x].py", "[[:digit:]].py", "**/b/**", "foo/**/", "*.p[y]", "\\*.py", "#c.py", "\\#c.py", "/**/c.py", "a/b/",
    "b/c.py",
]  # fmt: skip
PATHS = [
    "a.py",
    "b.py",
    "c.py",
    "1.py",
    "a/c.py",
    "a/b/c.py",
    "b/c.py",
    "d/e/f.py",
    "a b.py",
    "x.py",
    "foo/a/x.py",
    "#c.py",
]


@pytest.mark.skipif(shutil.which("git") is None, reason="compares with git")
@pytest.mark.parametrize("text", PATTERNS)
def test_git_agrees(text: str) -> None:
    touch(*PATHS)
    touch(".gitignore", text=text + "\n")
    subprocess.run(["git", "init", "-q"], check=True, timeout=20)
    command = ["git", "ls-files", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
    assert sorted(found()) == sorted(line.strip('"') for line in listed.splitlines())


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_links() -> None:
    touch("a/b.py", "outside.py")
    os.symlink("..", "a/loop")
    os.symlink("../outside.py", "a/link.py")
    os.symlink("nowhere", "a/dangling.py")
    assert found("a") == ["a/b.py", "a/link.py"]
    assert found("a", "outside.py", "a/b.py") == ["a/b.py", "a/link.py"]


def test_exclude_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    touch("a.py", "b.py", "c/d.py", "c/e/f.py")
    assert checked(capsys) == ["a.py", "b.py", "c/d.py", "c/e/f.py"]
    assert checked(capsys, "--exclude", "b.py", "--exclude", "c/e/") == ["a.py", "c/d.py"]


def test_exclude_in_the_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    touch("a.py", "lib/x.py", "pkg/b.py", "pkg/old/c.py", "pkg/new/old/d.py")
    touch("pyproject.toml", text='[tool.samedevice]\nexclude = ["lib/"]\n')
    touch("pkg/pyproject.toml", text='[tool.samedevice]\nexclude = ["/old"]\n')
    assert checked(capsys) == ["a.py", "pkg/b.py", "pkg/new/old/d.py"]
    assert checked(capsys, "lib/x.py", "pkg/old/c.py") == ["lib/x.py", "pkg/old/c.py"]


def test_excluded_asks_for_the_folders_above_too(tmp_path: Path) -> None:
    rules = ignored.from_lines(["old/"], tmp_path)
    assert rules is not None
    assert files.excluded(tmp_path / "a" / "old" / "x" / "b.py", rules)
    assert not files.excluded(tmp_path / "a" / "b.py", rules)
