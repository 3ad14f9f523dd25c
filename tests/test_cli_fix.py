"""`--fix`, `--diff` and the promise that a fix ends its finding and brings no other."""

from __future__ import annotations

import ast
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import fake_engine
from samedevice.cli import main
from samedevice.features.check import check
from samedevice.features.fixes import Trials, apply, fix_all, verified
from samedevice.findings import Edit, Finding, Fix, Severity
from samedevice.interpret.analysis import Analysis
from samedevice.rules import Rule
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile, Span


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    fake_engine.install(monkeypatch)
    monkeypatch.chdir(tmp_path)
    yield
    fake_engine.forget()


def edited(text: str, *edits: tuple[int, int, int, int, str]) -> str:
    source = SourceFile("x.py", text)
    return apply(source, [Edit(source, Span(*edit[:4]), edit[4]) for edit in edits])


def test_several_edits_in_any_order() -> None:
    assert edited("abc\ndef\n", (2, 1, 2, 4, "X"), (1, 1, 1, 1, "("), (1, 4, 1, 4, ")")) == "(abc)\nX\n"


def test_of_overlapping_edits_the_first_counts() -> None:
    assert edited("abcdef", (1, 2, 1, 5, "X"), (1, 3, 1, 4, "Y"), (1, 6, 1, 7, "Z")) == "aXeZ"


def test_equal_edits_count_once() -> None:
    assert edited("abc", (1, 1, 1, 1, "x"), (1, 1, 1, 1, "x")) == "xabc"


def test_columns_are_code_points_and_line_ends_stay() -> None:
    assert edited("'😀' a\r\nb\r\n", (1, 5, 1, 6, "c\nd"), (2, 1, 2, 2, "e")) == "'😀' c\r\nd\r\ne\r\n"


def test_lines_past_the_end() -> None:
    assert edited("a", (5, 1, 5, 1, "b")) == "ab"
    assert edited("a\nb\n", (1, 1, 2, 1, "")) == "b\n"


def test_only_fixes_that_hold_are_kept() -> None:
    source = SourceFile("x.py", "x = bad\n")
    state = check(source, Settings())
    trials = Trials("x.py", Settings())
    assert [fix.title for fix in verified(state, state.findings[0], trials)] == ["Say good"]


def test_fix_all() -> None:
    source = SourceFile("x.py", "x = bad, '😀', bad\nworse\ngood  # samedevice: ignore\n")
    assert fix_all(source, Settings()) == ("x = good, '😀', good\nworse\ngood\n", 3)


def test_fixing_in_a_broken_file() -> None:
    assert fix_all(SourceFile("x.py", "x = (\nbad\n"), Settings()) == ("x = (\ngood\n", 1)


def test_fix_writes_and_says_what_remains(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_bytes(b"\xef\xbb\xbfx = bad\r\nworse\r\n")
    Path("b.py").write_bytes("# coding: latin-1\nx = 'é', bad\n".encode("latin-1"))
    Path("c.py").write_text("good\n")
    assert main(["check", "--fix", "--output-format", "concise"]) == 1
    out = capsys.readouterr().out
    assert out == (
        "a.py:2:1: warning [worse-name] `worse` is worse\nFixed 2 findings. Left: 1 warning in 1 of 3 files.\n"
    )
    assert Path("a.py").read_bytes() == b"\xef\xbb\xbfx = good\r\nworse\r\n"
    assert Path("b.py").read_bytes() == "# coding: latin-1\nx = 'é', good\n".encode("latin-1")
    Path("a.py").unlink()
    assert main(["check", "--fix"]) == 0


def test_diff_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_bytes(b"x = bad\ny = 1")
    assert main(["check", "--diff"]) == 1
    assert capsys.readouterr().out == (
        "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n-x = bad\n+x = good\n y = 1\n\\ No newline at end of file\n"
    )
    assert Path("a.py").read_bytes() == b"x = bad\ny = 1"
    Path("a.py").write_text("worse\n")
    assert main(["check", "--diff"]) == 0


def test_fix_from_stdin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for text, new in [("x = bad\n", "x = good\n"), ("y = 1\n", "y = 1\n")]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert main(["check", "--fix", "-"]) == 0
        assert capsys.readouterr().out == new


def test_a_notebook_is_fixed_in_its_cells() -> None:
    cells = [{"cell_type": "code", "source": ["%magic\n", "bad"]}, {"cell_type": "code", "source": "good"}]
    Path("a.ipynb").write_text(json.dumps({"cells": cells}, indent=1))
    assert main(["check", "--fix"]) == 0
    cells[0]["source"] = ["%magic\n", "good"]
    assert Path("a.ipynb").read_text() == json.dumps({"cells": cells}, indent=1)


def test_a_file_that_can_not_be_written(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.py").write_text("bad\n")

    def refuse(self: Path, data: bytes) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert main(["check", "--fix", "a.py"]) == 2
    assert "a.py: can't be written: Permission denied" in capsys.readouterr().err


def test_a_finding_hidden_behind_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """`hid` is found only once `bad` is mended: no fix is offered for `bad`, but `--fix` goes through."""
    from samedevice.features import check as feature

    def hidden(analysis: Analysis) -> Iterator[Finding]:
        source = analysis.source
        for node in ast.walk(analysis.tree):
            if isinstance(node, ast.Name) and node.id == "hid" and "bad" not in source.text:
                fix = Fix("Say seen", (Edit(source, source.span(node), "seen"),))
                yield Finding(source, source.span(node), "`hid`", Severity.WARNING, "hid-name", fixes=(fix,))

    rule = Rule("hid-name", Severity.WARNING, "`hid` is used.", hidden)
    monkeypatch.setattr(feature, "all_rules", lambda: (*fake_engine.RULES, rule))
    source = SourceFile("x.py", "bad\nhid\n")
    state = check(source, Settings())
    assert verified(state, state.findings[0], Trials("x.py", Settings())) == ()
    assert fix_all(source, Settings()) == ("good\nseen\n", 2)
