"""The version of PyTorch that a project has decides what PyTorch is said to print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from samedevice.cli import main
from samedevice.features.check import check
from samedevice.interpret.run import Memory, analyse
from samedevice.resolve import environment
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile

TEXT = "import torch\n\nx = torch.ones(3, dtype=torch.complex64).cuda()\nx.trunc()\n"
"""Refused in 2.8 as NotImplementedError, before as RuntimeError."""


def _message(version: str | None, memory: Memory | None = None) -> str:
    source = SourceFile("a.py", TEXT)
    analysis = analyse(source, Settings(torch_version=version), memory)
    (fact,) = analysis.facts
    return fact.text  # type: ignore[attr-defined]  # a refusal


def test_the_setting_chooses_the_text() -> None:
    assert _message(None) == _message("2.13.0+cpu")
    assert _message("2.6.0") != _message(None)


def test_texts_of_library_code_change_too() -> None:
    """The RNN layers check their input in Python."""
    text = "import torch\n\ntorch.nn.LSTM(3, 4)(torch.zeros(2, 3, dtype=torch.float64))\n"
    said = [check(SourceFile("a.py", text), Settings(torch_version=it)).findings[0].message for it in ("2.6", "2.13")]
    assert "input must have the type torch.float32, got type torch.float64" in said[0]
    assert "RNN input dtype (torch.float64) does not match weight dtype (torch.float32)" in said[1]


def test_a_memory_notices_another_version() -> None:
    memory = Memory(SourceFile("a.py", TEXT))
    assert [_message(version, memory) for version in ("2.13", "2.6", "2.13")] == [
        _message("2.13"),
        _message("2.6"),
        _message("2.13"),
    ]


def test_the_environment_of_the_project_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    packages = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    (packages / "torch-2.6.0+cu124.dist-info").mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n", encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir()
    (tmp_path / ".venv" / "bin" / "python").touch()
    inner = tmp_path / "src"
    inner.mkdir()
    (inner / "a.py").write_text(TEXT, encoding="utf-8")
    environment.forget()
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--output-format", "json", "src"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert found["torch"] == "2.6.0+cu124"
    assert found["message"] in [
        item.message for item in check(SourceFile("a.py", TEXT), Settings(torch_version="2.6")).findings
    ]
