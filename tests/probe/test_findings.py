"""What ran, joined with what reading the code says."""

from __future__ import annotations

from typing import Any

from samedevice.dataclass import replace
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


def result(verdict: str, on: str = "virtual", ran: Any = (), left_out: Any = (), **failure: Any) -> Any:
    """A result with one run, which may have failed."""
    told = {
        "kind": "device",
        "error": "RuntimeError",
        "message": "Expected all tensors\nmore",
        "file": "/p/net.py",
        **failure,
    }
    run = {"dtype": "float32", "verdict": verdict, "failure": told if failure else None, "ran": {"/p/net.py": ran}}
    told = {"verdict": verdict, "why": "why", "environment": {"on": on}, "runs": [run], "left_out": left_out}
    return from_json(told)


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
    certain = [replace(one, severity=Severity.ERROR) for one in STATIC]
    found = joined(result("clean", ran=[11]), SOURCE, certain)
    (one,) = found.findings
    assert one.severity is Severity.INFORMATION and one.span == STATIC[0].span
    assert "this ran without an error, though reading the code says" in one.message
    assert noted(result("clean", ran=[11]), found).verdict == "clean"
    assert not joined(result("clean", on="cpu", ran=[11]), SOURCE, certain).findings
    assert not joined(result("clean"), SOURCE, certain).findings, "the line is not known to have run"
    assert not joined(result("clean", ran=[11], left_out=[20]), SOURCE, certain).findings, "not as the program calls it"
    two = joined(result("clean", ran=[11]), SOURCE, [replace(one, rule="different-accelerators") for one in certain])
    assert two.elsewhere and not two.findings, "there was one GPU"


def test_what_was_not_run_and_is_wrong_as_the_code_reads_makes_it_uncertain() -> None:
    found = noted(result("clean"), joined(result("clean"), SOURCE, STATIC))
    assert found.verdict == "uncertain"
    assert found.why.startswith("the network itself runs; line 11, which was not run, may raise as the code reads: ")
    assert noted(result("clean", ran=[11]), joined(result("clean", ran=[11]), SOURCE, STATIC)).verdict == "clean"
    left = result("uncertain", ran=[11], left_out=[20])
    assert noted(left, joined(left, SOURCE, STATIC)).why.startswith("why; line 11 may raise as the code reads: ")
    mild = [replace(one, severity=Severity.INFORMATION) for one in STATIC]
    assert noted(result("clean"), joined(result("clean"), SOURCE, mild)).verdict == "clean"
    assert noted(result("clean"), joined(result("clean"), SOURCE, [])).why == "why"


def test_on_the_cpu_no_device_is_wrong() -> None:
    on_cpu = result("clean", on="cpu")
    assert noted(on_cpu, joined(on_cpu, SOURCE, STATIC)).verdict == "clean"
    dtype = [replace(one, rule="dtype-mismatch") for one in STATIC]
    assert noted(on_cpu, joined(on_cpu, SOURCE, dtype)).verdict == "uncertain"


LISTED = """import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        return self.fc(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = [Block() for _ in range(2)]
        self.other = nn.Linear(4, 4)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.other(x)
"""


def test_a_layer_that_stayed_behind_is_explained_by_the_list_that_holds_it() -> None:
    source = SourceFile("/p/net.py", LISTED)
    static = check(source, Settings()).findings
    assert [one.rule for one in static] == ["unregistered-module"]
    weight = {"name": "self.fc.weight", "layer": "self.fc", "shape": [4, 4], "dtype": "float32", "device": "cpu"}
    given = {"name": "x", "shape": [2, 4], "dtype": "float32", "device": "cuda:0"}
    frames = [{"file": "/p/net.py", "line": line} for line in (22, 11)]
    failed = result("mismatch", line=11, operands=[given, weight], traceback=frames)
    found = joined(failed, source, static)
    assert not found.disagreements and not found.elsewhere
    (one,) = found.findings
    assert one.span.line == 11 and one.fixes and one.related[0].span.line == 17
    told = noted(failed, found).runs[0].failure
    assert told is not None
    assert told.remedy.startswith("Keep them in nn.ModuleList. Line 17: `blocks` of Net keeps layers in a plain list")
    apart = joined(result("mismatch", line=11, operands=[given], traceback=frames), source, static)
    assert apart.disagreements and apart.elsewhere, "nothing says that a layer stayed behind"


def test_what_is_no_mismatch_or_elsewhere_is_no_finding() -> None:
    assert not joined(result("error", line=11, kind="other"), SOURCE, []).findings
    assert not joined(result("mismatch", line=11, file="/p/other.py"), SOURCE, []).findings
    assert joined(result("uncertain", line=11, certain=False), SOURCE, []).findings[0].severity is Severity.WARNING
