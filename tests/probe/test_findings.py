"""What ran, joined with what reading the code says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samedevice.features.check import check
from samedevice.findings import Severity
from samedevice.probe.findings import joined, noted
from samedevice.probe.result import from_json
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile

TEXT = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        y = self.fc(x) + torch.ones(4)
        z = y * 2
        return z
"""
SOURCE = SourceFile("/p/net.py", TEXT)
STATIC = check(SOURCE, Settings()).findings


def result(verdict: str, on: str = "virtual", values: Any = (), **failure: Any) -> Any:
    """A result with one run, which may have failed."""
    told = {
        "kind": "device",
        "error": "RuntimeError",
        "message": "Expected all tensors\nmore",
        "file": "/p/net.py",
        **failure,
    }
    run = {"dtype": "float32", "verdict": verdict, "failure": told if failure else None, "values": list(values)}
    return from_json({"verdict": verdict, "why": "why", "environment": {"on": on}, "runs": [run]})


def test_both_say_the_same() -> None:
    operand = {"name": "other", "shape": [4], "dtype": "float32", "device": "cpu"}
    found = joined(result("mismatch", line=11, layer="fc", operands=[operand]), SOURCE, STATIC)
    (one,) = found.findings
    assert (one.rule, one.severity, one.span.line) == ("probe", Severity.ERROR, 11)
    assert one.message.startswith("RuntimeError: Expected all tensors; in layer fc; other is ")
    assert "reading the code says so too" in one.message
    assert one.fixes == STATIC[0].fixes and one.fixes
    assert not found.disagreements


def test_reading_the_code_did_not_show_it() -> None:
    found = joined(result("mismatch", line=12, kind="dtype"), SOURCE, [])
    (one,) = found.findings
    assert one.span.line == 12 and SOURCE.text_at(one.span) == "z = y * 2"
    assert "reading the code did not show this" in one.message
    assert len(found.disagreements) == 1
    assert "line 12" in noted(result("mismatch", line=12, kind="dtype"), found).runs[0].notes[0]


def test_what_ran_though_the_code_says_otherwise() -> None:
    value = {"file": "/p/net.py", "line": 11, "name": "y", "device": "cuda:0", "dtype": "float32", "shape": [4]}
    certain = [replace(one, severity=Severity.ERROR) for one in STATIC]
    found = joined(result("clean", values=[value]), SOURCE, certain)
    (one,) = found.findings
    assert one.severity is Severity.INFORMATION and one.span == STATIC[0].span
    assert "this ran without an error, though reading the code says" in one.message
    assert not joined(result("clean", on="cpu", values=[value]), SOURCE, certain).findings
    assert not joined(result("clean"), SOURCE, certain).findings, "the line is not known to have run"


def test_what_the_run_did_not_meet_is_said() -> None:
    found = joined(result("clean"), SOURCE, STATIC)
    assert noted(result("clean"), found).why.startswith(
        "why; reading the code finds an error that this run did not meet: line 11"
    )
    assert noted(result("clean"), joined(result("clean"), SOURCE, [])).why == "why"


def test_what_is_no_mismatch_or_elsewhere_is_no_finding() -> None:
    assert not joined(result("error", line=11, kind="other"), SOURCE, []).findings
    assert not joined(result("mismatch", line=11, file="/p/other.py"), SOURCE, []).findings
    assert joined(result("uncertain", line=11, certain=False), SOURCE, []).findings[0].severity is Severity.WARNING
