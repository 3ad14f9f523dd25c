"""What is asked of the checker on the example programs: bugs found, correct ones left alone, tensors known."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from example_programs import Program, Tally, compare, failing, is_found, programs
from run_torch import Verdict, verdicts
from samedevice.cli import main

PROGRAMS = programs()
BUGGY = [program for program in PROGRAMS if program.buggy]
CORRECT = [(program, text) for program in PROGRAMS for text in program.texts if text != "buggy"]
ON_CPU = [program for program in BUGGY if program.case["needs"] == "none"]


def test_most_bugs_are_found() -> None:
    missed = [program.id for program in BUGGY if not is_found(program, _findings(program, "buggy"))]
    assert len(missed) <= 0.1 * len(BUGGY), _listed("missed", missed)


@pytest.mark.parametrize(("program", "text"), CORRECT, ids=[f"{program.id}/{text}" for program, text in CORRECT])
def test_a_correct_program_is_left_alone(program: Program, text: str) -> None:
    said = [f"{f['line']}: [{f['rule']}] {f['message']}" for f in failing(_findings(program, text))]
    assert not said, _listed("false alarms", said)


def test_most_tensors_are_known() -> None:
    tally = _tally()
    assert tally.known >= 0.8 * tally.total, _listed(f"known {tally.known} of {tally.total}", tally.unknown)


def test_what_is_said_of_tensors_is_right() -> None:
    tally = _tally()
    assert len(tally.wrong) <= 0.005 * tally.total, _listed("wrong", tally.wrong)


def test_what_is_said_of_shapes_is_right() -> None:
    tally = _tally()
    assert len(tally.shapes_wrong) <= 0.005 * tally.total, _listed("wrong", tally.shapes_wrong)


@pytest.mark.parametrize("program", ON_CPU, ids=[program.id for program in ON_CPU])
def test_pytorch_refuses_the_buggy_text(program: Program) -> None:
    verdict = _on_cpu()[program.id, "buggy"]
    assert verdict["status"] == "raised", verdict
    assert program.case["error"] in verdict["error"]
    assert verdict["line"] == program.case["raise_line"]


@pytest.mark.parametrize("program", ON_CPU, ids=[program.id for program in ON_CPU])
def test_pytorch_runs_the_fixed_text(program: Program) -> None:
    assert _on_cpu()[program.id, "fixed"]["status"] == "ok", _on_cpu()[program.id, "fixed"]


def test_fixes_make_most_programs_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of those that fail on a CPU too and were found; the others need a machine that the tests can't ask for."""
    found = [program for program in ON_CPU if is_found(program, _findings(program, "buggy"))]
    texts = {}
    for program in found:
        copy = tmp_path_factory.mktemp("fixed") / "program.py"
        copy.write_text(program.path("buggy").read_text(encoding="utf-8"), encoding="utf-8")
        _json("check", "--fix", "--machine", program.machine, "--output-format", "json", str(copy))
        texts[program.id] = copy.read_text(encoding="utf-8")
    raised = [f"{name}: {v['error']}" for name, v in verdicts(texts).items() if v["status"] != "ok"]
    assert len(raised) <= 0.15 * len(found), _listed("still raise", raised)


@cache
def _findings(program: Program, text: str) -> list[dict[str, Any]]:
    return _json("check", "--machine", program.machine, "--output-format", "json", str(program.path(text)))


@cache
def _tally() -> Tally:
    """Over all texts of all programs."""
    tally = Tally()
    for program, text in _texts():
        inferred = _json("infer", "--machine", program.machine, "--output-format", "json", str(program.path(text)))
        tally.add(compare(program.trace(text), inferred, f"{program.id}/{text}"))
    return tally


@cache
def _on_cpu() -> dict[tuple[str, str], Verdict]:
    """What PyTorch says to the programs that fail without a GPU, buggy and fixed."""
    pytest.importorskip("torch")
    wanted = {f"{p.id}/{text}": p.path(text).read_text(encoding="utf-8") for p in ON_CPU for text in p.texts}
    said = verdicts(wanted)
    return {(p.id, text): said[f"{p.id}/{text}"] for p in ON_CPU for text in p.texts}


def _texts() -> Iterator[tuple[Program, str]]:
    return ((program, text) for program in PROGRAMS for text in program.texts)


def _json(*arguments: str) -> list[dict[str, Any]]:
    """What the command line prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        main(list(arguments))
    return list(json.loads(out.getvalue()))


def _listed(title: str, rows: list[str]) -> str:
    return "\n  ".join([f"{len(rows)} {title}:" if not title.startswith("known") else f"{title}; not known:", *rows])
