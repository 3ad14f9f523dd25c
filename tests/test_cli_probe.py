"""`samedevice probe`: what it prints, its exit codes, and what it asks for."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from probe_programs import BROKEN, CLEAN
from samedevice.cli import COULD_NOT_RUN, FOUND, OK, main

PROGRAM = (
    CLEAN
    + """

def main():
    net = Net().to("cuda" if torch.cuda.is_available() else "cpu")
    x = torch.randn(4, 16)
    print(net(x))


main()
"""
)


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Probes a text; the exit code."""
    monkeypatch.chdir(tmp_path)

    def run(text: str, *options: str, name: str = "") -> int:
        (tmp_path / "net.py").write_text(text, encoding="utf-8")
        return main(["probe", f"net.py{name}", "--python", sys.executable, *options])

    return run


def test_it_runs(probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert probe(CLEAN, "--on", "cpu") == OK
    out = capsys.readouterr().out
    assert out.startswith("✓ clean") and "fc: Linear" in out and "136" in out


def test_a_mismatch_in_json(probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert probe(BROKEN, "--on", "virtual", "--output-format", "json", name=":Net") == FOUND
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == 1 and data["verdict"] == "mismatch"
    assert data["plan"] == {"name": "Net", "file": "net.py", "line": 5, "assumed": [], "missing": []}
    (finding,) = data["findings"]
    assert (finding["rule"], finding["line"], finding["severity"]) == ("probe", 11, "error")
    assert finding["fixes"], "the fixes of the rule that says the same"


def test_what_the_program_passes_is_tried_too(probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert probe(PROGRAM, "--on", "virtual", "--output-format", "json") == FOUND
    data = json.loads(capsys.readouterr().out)
    assert "the call on line 18" in data["why"]
    assert data["captured"] == {"stdout": "", "stderr": ""}
    assert probe(PROGRAM.replace("torch.randn(4, 16)", "torch.randn(4, 16).to(net.fc.weight)"), "--on", "virtual") == OK


METRIC = (
    CLEAN
    + """

def main():
    net = Net().cuda()
    hits = torch.zeros(8)
    out = net(torch.randn(4, 16).cuda())
    hits += out.sum(0)
    open("hits.txt", "w").write(str(hits))


main()
"""
)


def test_what_was_not_run_and_raises_as_the_code_reads(probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert probe(METRIC, "--on", "virtual") == COULD_NOT_RUN
    out = capsys.readouterr().out
    assert out.startswith(
        "? uncertain: the network itself runs; line 19, which was not run, raises as the code reads: "
    )
    assert probe(METRIC.replace("torch.zeros(8)", "torch.zeros(8).cuda()"), "--on", "virtual") == OK


def test_a_call_that_can_not_be_cut_out(probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    text = METRIC.replace("torch.zeros(8)", "torch.zeros(8).cuda()")
    text = text.replace("torch.randn(4, 16)", 'torch.tensor(eval(open("x.txt").read()))')
    assert probe(text, "--on", "virtual", "--output-format", "json") == COULD_NOT_RUN
    data = json.loads(capsys.readouterr().out)
    assert data["verdict"] == "uncertain" and data["left_out"] == [18]
    assert "the network itself runs; the call on line 18 was not run" in data["why"]


def test_what_was_assumed_and_the_result_before(probe: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = CLEAN.replace("width: int = 8", "num_classes").replace("16, width", "16, num_classes")
    assert probe(text, "--on", "cpu", "--output-format", "json", "--output", "before.json") == OK
    words = ["--on", "cpu", "--output-format", "markdown", "--previous", "before.json"]
    assert probe(text.replace("16, num_classes", "16, 2 * num_classes"), *words) == OK
    out = capsys.readouterr().out
    assert "assumed: num" in out and "Since the previous run" in out
    (tmp_path / "before.json").write_text("[]", encoding="utf-8")
    assert probe(text, *words) == COULD_NOT_RUN
    assert "before.json is no result" in capsys.readouterr().err


def test_given_inputs_and_arguments(probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--input", "x = torch.zeros(5, 3, 16)", "--argument", "width=2", "--on", "cpu", "--output-format", "json"]
    assert probe(CLEAN, *words) == OK
    data = json.loads(capsys.readouterr().out)
    assert data["runs"][0]["output"]["shape"] == [5, 3, 2]


def test_a_comment_decides(probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    text = CLEAN.replace("class Net", "# probe: x = torch.zeros(7, 16)\nclass Net")
    assert probe(text, "--on", "cpu", "--output-format", "json") == OK
    data = json.loads(capsys.readouterr().out)
    assert data["runs"][0]["output"]["shape"] == [7, 8]
    assert data["input"]["source"] == "# probe"


def test_what_is_missing(probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    text = CLEAN.replace("width: int = 8", "thing").replace("nn.Linear(16, width)", "nn.Linear(16, thing())")
    assert probe(text, "--on", "cpu") == COULD_NOT_RUN
    said = capsys.readouterr().err
    assert "Net needs `thing`" in said and "# probe: thing=None" in said
    assert probe(text, "--on", "cpu", "--argument", "thing=lambda: 4") == OK


@pytest.mark.parametrize(
    "options, words",
    [
        (["--input", "x y"], "NAME=EXPRESSION"),
        (["--batch", "a"], "--batch takes sizes"),
        (["--python", "/nowhere/python"], "could not be started"),
        (["--on", "mps"], "mps"),
    ],
)
def test_what_can_not_be_run(probe: Any, capsys: pytest.CaptureFixture[str], options: list[str], words: str) -> None:
    assert probe(CLEAN, *options) == COULD_NOT_RUN
    captured = capsys.readouterr()
    assert words in captured.err + captured.out


def test_no_such_network(probe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert probe(CLEAN, name=":Other") == COULD_NOT_RUN
    assert "there is no network `Other` in net.py; there are: Net" in capsys.readouterr().err
    assert probe("x = 1\n") == COULD_NOT_RUN
    assert main(["probe", "nothing.py"]) == COULD_NOT_RUN


def test_a_page_in_a_file(probe: Any, tmp_path: Path) -> None:
    assert probe(CLEAN, "--on", "cpu", "--output-format", "html", "--output", "page.html") == OK
    assert (tmp_path / "page.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["net.py", "page.html"]
