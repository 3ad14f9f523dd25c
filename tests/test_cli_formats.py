"""SARIF and GitHub's workflow commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import fake_engine
from samedevice.cli import main
from samedevice.cli.github import annotation

SCHEMA = Path(__file__).parent / "data" / "sarif-2.1.0.json"


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    fake_engine.install(monkeypatch)
    monkeypatch.chdir(tmp_path)
    yield
    fake_engine.forget()


def sarif(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    main(["check", "--output-format", "sarif", *options])
    log: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(log)
    return log


def test_sarif_of_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("good\n")
    (run,) = sarif(capsys)["runs"]
    assert run["results"] == []
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == sorted(
        [*(rule.name for rule in fake_engine.RULES), "unused-ignore"]
    )


def test_sarif(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "a.py").write_text("bad = 1\nx = '😀', bad\nbad\nbad\n", encoding="utf-8")
    (folder / "b.py").write_text("x = (\n")
    (tmp_path / "c.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": "bad"}]}))
    (run,) = sarif(capsys)["runs"]
    first, second, third, notebook = run["results"]
    assert first["ruleId"] == run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "bad-name"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20folder/a.py", "uriBaseId": "ROOT"},
        "region": {"startLine": 2, "startColumn": 10, "endLine": 2, "endColumn": 13},
    }
    assert first["relatedLocations"][0]["message"]["text"] == "made here"
    (change,) = first["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"]["text"] == "good"
    prints = [item["partialFingerprints"]["primaryLocationLineHash"] for item in (second, third)]
    assert prints[0].split(":")[0] == prints[1].split(":")[0] and prints[0] != prints[1]
    assert "fixes" not in notebook and notebook["locations"][0]["logicalLocations"][0]["name"] == "cell 1, line 1"
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "never closed" in note["message"]["text"]


def test_github(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a,b.py").write_text("meh\nbad\n")
    assert main(["check", "--output-format", "github"]) == 1
    hint, error = capsys.readouterr().out.splitlines()
    assert hint.startswith("::notice title=samedevice (meh-name),file=a%2Cb.py,line=1,col=1,endLine=1,endColumn=4::")
    assert hint.endswith("[meh-name] 100%25 `meh`: a, b%0Aso")
    assert error.startswith("::error ")


def test_github_over_several_lines_and_in_notebooks() -> None:
    record = {
        "path": "a.py",
        "line": 1,
        "column": 2,
        "end_line": 3,
        "end_column": 1,
        "rule": "r",
        "severity": "warning",
        "message": "m",
        "related": [],
    }
    assert annotation(record) == "::warning title=samedevice (r),file=a.py,line=1,col=2,endLine=3::a.py:1:2: [r] m"
    assert annotation(record | {"path": "a.ipynb", "cell": 4}) == (
        "::warning title=samedevice (r),file=a.ipynb::a.ipynb:cell 4:1:2: [r] m"
    )
