"""`samedevice check` from words to exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import fake_engine
from samedevice.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    fake_engine.install(monkeypatch)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    yield
    fake_engine.forget()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*argv: str) -> tuple[int, str, str]:
        code = main(argv)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def write(path: str, text: str) -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def test_nothing_wrong(run: Run) -> None:
    write("a.py", "good\n")
    assert run("check") == (0, "No findings in 1 file.\n", "")


def test_an_error(run: Run) -> None:
    write("a.py", "bad = 1\nx = bad\n")
    code, out, err = run("check", "a.py")
    assert (code, err) == (1, "")
    assert (
        out
        == """error[bad-name]: `bad` is on cpu
 --> a.py:2:5
  |
2 | x = bad
  |     ^^^
 --> a.py:1:1
  |
1 | bad = 1
  | --- made here
  = fix available: Say good

Found: 1 error in 1 of 1 file. 1 can be fixed with `--fix`.
"""
    )


def test_a_hint_does_not_fail(run: Run) -> None:
    write("a.py", "meh\n")
    code, out, _ = run("check", "--output-format", "concise")
    assert (code, out) == (0, "a.py:1:1: hint [meh-name] 100% `meh`: a, b so\nFound: 1 hint in 1 of 1 file.\n")


def test_wide_characters_and_tabs_are_aligned(run: Run) -> None:
    write("a.py", "if x:\n\ts = '日本e\u0301', bad\n")
    _, out, _ = run("check")
    lines = out.splitlines()
    assert lines[3] == "2 |     s = '日本e\u0301', bad"
    assert lines[4] == "  |" + " " * 18 + "^^^"


def test_long_lines_are_cut_around_the_mark(run: Run) -> None:
    write("a.py", f"x = ['{'a' * 300}', bad, '{'b' * 300}']\n")
    _, out, _ = run("check")
    line, mark = out.splitlines()[3:5]
    assert len(line) < 150 and line.index("bad") == mark.index("^^^")


def test_json_is_the_contract(run: Run) -> None:
    write("pyproject.toml", '[tool.samedevice]\ntorch_version = "2.6"\n')
    write("sub/a.py", "bad = '😀'\nx = '😀', bad\n")
    code, out, _ = run("check", "--output-format", "json")
    place = {"path": os.path.join("sub", "a.py"), "line": 2, "column": 10, "end_line": 2, "end_column": 13}
    made = {"path": os.path.join("sub", "a.py"), "line": 1, "column": 1, "end_line": 1, "end_column": 4}
    assert code == 1
    assert json.loads(out) == [
        {
            **place,
            "rule": "bad-name",
            "severity": "error",
            "message": "`bad` is on cpu",
            "machine": "cuda",
            "torch": "2.6",
            "related": [{**made, "message": "made here"}],
            "fixes": [{"title": "Say good", "preferred": True, "edits": [{**place, "text": "good"}]}],
        }
    ]


def test_json_of_nothing_is_an_empty_list(run: Run) -> None:
    write("a.py", "good\n")
    assert run("check", "--output-format", "json") == (0, "[]\n", "")


def test_select_and_ignore(run: Run) -> None:
    write("a.py", "bad\nworse\nmeh\n")

    def rules(*options: str) -> list[str]:
        return [item["rule"] for item in json.loads(run("check", "--output-format", "json", *options)[1])]

    assert rules() == ["bad-name", "worse-name", "meh-name"]
    assert rules("--select", "worse-name,meh-name") == ["worse-name", "meh-name"]
    assert rules("--ignore", "bad-name", "--ignore", "meh-name") == ["bad-twin", "worse-name"]
    code, _, err = run("check", "--select", "bad-nam")
    assert code == 2
    assert "unknown rule `bad-nam`; did you mean `bad-name`?" in err


def test_severities_of_the_configuration(run: Run) -> None:
    write("a.py", "bad\nmeh\n")
    write("pyproject.toml", '[tool.samedevice.severity]\nbad-name = "off"\nbad-twin = "hint"\n')
    code, out, _ = run("check", "--output-format", "concise", "--quiet")
    assert code == 0
    assert [line.split()[1] for line in out.splitlines()] == ["hint", "hint"]


def test_wrong_configuration(run: Run) -> None:
    write("a.py", "bad\n")
    write("pyproject.toml", '[tool.samedevice]\nmachine = "gpu"\n')
    code, out, err = run("check")
    assert (code, out) == (2, "")
    assert "pyproject.toml:2: `machine` must be one of" in err


def test_machine_is_passed_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from samedevice.features import check

    machines = []

    def analyse(source: object, settings: object, memory: object = None) -> object:
        machines.append(settings.machine)  # type: ignore[attr-defined]  # these are Settings
        return fake_engine.analyse(source, settings)  # type: ignore[arg-type]  # as above

    monkeypatch.setattr(check, "analyse", analyse)
    write("a.py", "good\n")
    run("check", "--machine", "mps")
    assert machines == ["mps"]


@pytest.mark.parametrize(
    "argv",
    [["--nonsense"], ["check", "--machine", "gpu"], ["check", "--jobs", "0"], ["check", "--fix", "--diff"], ["x"]],
)
def test_wrong_usage(run: Run, argv: list[str]) -> None:
    code, out, err = run(*argv)
    assert (code, out) == (2, "")
    assert "usage" in err


def test_help_and_version(run: Run) -> None:
    assert run("--version")[0] == 0
    code, out, _ = run("--help")
    assert code == 0 and "check" in out and "infer" in out and "rule" in out
    code, out, _ = run("check", "--help")
    assert code == 0 and "exit codes" in out
    assert run()[0] == 2


def test_missing_path(run: Run) -> None:
    write("a.py", "bad\n")
    code, out, err = run("check", "a.py", "b.py", "c")
    assert (code, out) == (2, "")
    assert "b.py: no such file or folder" in err and "c: no such file or folder" in err


def test_nothing_to_read(run: Run) -> None:
    Path("empty").mkdir()
    code, out, err = run("check", "empty")
    assert (code, out, err) == (2, "", "samedevice: nothing to check: no Python files in empty\n")


def test_a_binary_file(run: Run) -> None:
    Path("a.py").write_bytes(b"\x7fELF\0\0\xff")
    write("b.py", "bad\n")
    code, out, err = run("check", "a.py", "b.py", "--output-format", "concise")
    assert code == 2
    assert "samedevice: a.py: a binary file" in err
    assert "b.py:1:1: error" in out
    assert out.endswith(" 1 file was not checked.\n")
    code, _, err = run("check", ".")
    assert code == 1 and "a binary file" in err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_permission_denied(run: Run) -> None:
    write("a.py", "bad\n")
    Path("a.py").chmod(0)
    code, _, err = run("check", "a.py")
    assert code == 2 and "Permission denied" in err


def test_a_syntax_error_is_a_note(run: Run) -> None:
    write("a.py", "x = (\nbad\n")
    code, out, err = run("check", "--output-format", "concise")
    assert code == 1 and "a.py:2:1: error [bad-name]" in out
    assert err.startswith("samedevice: a.py:1:5: '(' was never closed (the rest")
    assert run("check", "--quiet")[2] == ""


def test_a_rule_that_raises_is_skipped(run: Run) -> None:
    write("a.py", "explode_rule = bad\n")
    code, out, err = run("check", "--output-format", "concise")
    assert code == 1 and "[bad-name]" in out
    assert err == "samedevice: rule raising-rule failed on a.py: ValueError: no such thing\n"


def test_an_analysis_that_raises_is_a_note(run: Run) -> None:
    write("a.py", "explode_analysis\n")
    write("b.py", "bad\n")
    code, out, err = run("check", "--output-format", "concise")
    assert code == 1 and "b.py:1:1" in out
    assert "a.py: could not be analysed: RuntimeError: boom" in err


@pytest.mark.skipif(sys.platform == "win32", reason="there is no alarm on Windows")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_file_that_hangs_is_given_up(run: Run, monkeypatch: pytest.MonkeyPatch, jobs: str) -> None:
    from samedevice.cli import work

    monkeypatch.setattr(work, "_PATIENCE", dict.fromkeys(work._PATIENCE, 0))
    monkeypatch.setattr(work, "_GRACE", 0.5)
    write("a.py", "hang_forever\n")
    write("b.py", "bad\n" + "#" * 70_000)
    code, out, err = run("check", "--output-format", "concise", "--jobs", jobs)
    assert code == 1 and "b.py:1:1" in out
    assert "a.py: given up after" in err


@pytest.mark.skipif(sys.platform != "linux", reason="the stand-in engine reaches forked workers only")
def test_a_worker_that_dies_is_a_note(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from samedevice.features import check

    def analyse(source: object, settings: object, memory: object = None) -> object:
        if "die" in source.text:  # type: ignore[attr-defined]  # a SourceFile
            os._exit(3)
        return fake_engine.analyse(source, settings)  # type: ignore[arg-type]  # as above

    monkeypatch.setattr(check, "analyse", analyse)
    for number in range(6):
        write(f"a{number}.py", "die\n" if number == 2 else "bad\n")
    code, out, err = run("check", "--output-format", "concise", "--jobs", "3", "--quiet")
    assert code == 1
    assert [line.partition(":")[0] for line in out.splitlines()] == ["a0.py", "a1.py", "a3.py", "a4.py", "a5.py"]
    assert "a2.py: the process that checked it died" in run("check", "--jobs", "3")[2]
    assert err == ""


@pytest.mark.skipif(sys.platform != "linux", reason="the stand-in engine reaches forked workers only")
def test_workers_find_what_one_process_finds(run: Run) -> None:
    for number in range(40):
        write(f"d{number % 3}/a{number}.py", "bad\n" * (number % 4) + "#" * 5_000)
    assert run("check", "--output-format", "json", "--jobs", "3") == run("check", "--output-format", "json", "-j1")


def test_stdin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"bad\r\n")))
    code, out, _ = run("check", "-", "--output-format", "concise", "--quiet")
    assert (code, out) == (1, "<stdin>:1:1: error [bad-name] `bad` is on cpu\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"bad\r\n")))
    write("pkg/pyproject.toml", '[tool.samedevice]\nignore = ["bad-name", "bad-twin"]\n')
    assert run("check", "-", "--stdin-filename", "pkg/a.py")[0] == 0


def test_output_file(run: Run) -> None:
    write("a.py", "bad = 'é'\nbad\n")
    code, out, _ = run("check", "--output-format", "json", "--output-file", "out.json")
    assert (code, out) == (1, "")
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))[0]["rule"] == "bad-name"
    code, _, err = run("check", "--output-file", "no/such/folder")
    assert code == 2 and "can't be written" in err


def test_statistics(run: Run) -> None:
    write("a.py", "bad\nworse\nbad\n")
    _, out, _ = run("check", "--statistics", "--output-format", "concise")
    assert "2  error        bad-name\n1  warning      worse-name\n" in out


def test_colours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.py", "bad\n")
    assert "\033[" not in run("check")[1]
    assert "\033[" in run("check", "--color", "always")[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\033[" in run("check")[1]
    assert "\033[" not in run("check", "--color", "never")[1]
    monkeypatch.setenv("FORCE_COLOR", "")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033[" not in run("check")[1]


def test_suppressed(run: Run) -> None:
    write("a.py", "bad  # samedevice: ignore\ngood  # samedevice: ignore\n")
    code, out, _ = run("check", "--output-format", "concise", "--quiet")
    assert (code, out) == (0, "a.py:2:7: information [unused-ignore] this suppresses nothing\n")


def test_a_notebook_speaks_of_its_cells(run: Run) -> None:
    cells = [
        {"cell_type": "code", "source": "%pip install torch\nbad = 1"},
        {"cell_type": "markdown", "source": "text"},
        {"cell_type": "code", "source": ["good\n", "bad"]},
    ]
    write("a.ipynb", json.dumps({"cells": cells}))
    (finding,) = json.loads(run("check", "--output-format", "json")[1])
    assert {name: finding[name] for name in ("path", "cell", "line", "column", "end_line")} == {
        "path": "a.ipynb",
        "cell": 2,
        "line": 2,
        "column": 1,
        "end_line": 2,
    }
    assert (finding["related"][0]["cell"], finding["related"][0]["line"]) == (1, 2)
    assert finding["fixes"][0]["edits"][0]["cell"] == 2
    assert "a.ipynb:cell 2:2:1" in run("check")[1]


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from samedevice.cli import check as command

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_tasks", stop)
    assert run("check") == (130, "", "samedevice: interrupted\n")


def test_as_a_process(tmp_path: Path) -> None:
    write("a.py", "x = 1\n")
    done = _process([sys.executable, "-m", "samedevice", "check", "."])
    assert (done.returncode, done.stdout, done.stderr) == (0, "No findings in 1 file.\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes differ")
def test_nobody_reads_the_output(tmp_path: Path) -> None:
    write("a.py", "x = 1\n")
    command = f"{sys.executable} -m samedevice rule; {sys.executable} -m samedevice rule | true"
    done = _process(["sh", "-c", command])
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr


def test_the_protocol_and_jedi_are_not_loaded_for_a_check() -> None:
    write("a.py", "x = 1\n")
    script = "import sys; from samedevice.cli import main; main(['check', 'a.py']); print(sorted(sys.modules))"
    done = _process([sys.executable, "-c", script])
    loaded = set(done.stdout.splitlines()[-1].strip("[]").replace("'", "").split(", "))
    assert not loaded & {"jedi", "pygls", "lsprotocol", "torch", "numpy"}


def _process(command: list[str]) -> subprocess.CompletedProcess[str]:
    """A command, run with this checkout's package."""
    server = Path(__file__).resolve().parent.parent / "server"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(server), os.environ.get("PYTHONPATH", "")])}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
