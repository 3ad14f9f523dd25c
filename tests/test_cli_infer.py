"""`samedevice infer`, `samedevice rule`, and the readable form of values."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import fake_engine
from samedevice.cli import main
from samedevice.features import infer as feature
from samedevice.features import show
from samedevice.interpret.analysis import Analysis, Binding
from samedevice.settings import Settings
from samedevice.syntax.parse import parse
from samedevice.syntax.source import SourceFile
from samedevice.values.condition import Choice, Key
from samedevice.values.device import CPU, Device, SymDevice
from samedevice.values.dtype import DType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Library,
    Many,
    Method,
    Ref,
    Scalar,
    Slice,
    Tensor,
    Tuple,
    Value,
)

CUDA = Device("cuda", 0)
F32 = DType("float32")
USE = Key("use_cuda", "use_cuda", True)
UNKNOWN = Unknown(Why.DATA)


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    fake_engine.install(monkeypatch)
    monkeypatch.chdir(tmp_path)
    yield
    fake_engine.forget()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Tensor(CPU, F32), "Tensor[float32, cpu]"),
        (Tensor(CUDA, F32, (2, "n", None)), "Tensor[float32, cuda:0, [2, n, ?]]"),
        (Tensor(UNKNOWN, UNKNOWN, ()), "Tensor[?, ?, []]"),
        (Tensor(SymDevice("d", "args.device"), F32), "Tensor[float32, args.device]"),
        (Tensor(Choice(USE, CUDA, CPU), F32), "Tensor[float32, cuda:0 if use_cuda else cpu]"),
        (
            Choice(USE, Tensor(CUDA, F32, (2, 3)), Tensor(CPU, F32, (2, 4))),
            "Tensor[float32, cuda:0 if use_cuda else cpu, [2, ?]]",
        ),
        (Choice(USE, Const(1), NONE), "1 if use_cuda else None"),
        (Tensor(CPU, F32, (3,), parameter=True), "Parameter[float32, cpu, [3]]"),
        (Array(DType("float64"), (2,)), "ndarray[float64, [2]]"),
        (Array(DType("float64"), scalar=True), "numpy.float64"),
        (Const("a"), "'a'"),
        (Const("a" * 100), f"'{'a' * 55}...'"),
        (Scalar("int"), "int"),
        (Tuple((Const(1), Const(2))), "(1, 2)"),
        (Tuple((Const(1),)), "(1,)"),
        (Tuple((Const(1),), type="list"), "[1]"),
        (Many(Tensor(CPU, F32), "list"), "list[Tensor[float32, cpu]]"),
        (Many(Const(1)), "tuple[1, ...]"),
        (Slice(NONE, Const(2), NONE), "slice(None, 2, None)"),
        (DeviceValue(CUDA), "device[cuda:0]"),
        (DTypeValue(F32), "torch.float32"),
        (DTypeValue(F32, numpy=True), "numpy.float32"),
        (Library("torch.add"), "torch.add"),
        (Method(Tensor(CPU, F32), "to"), "Tensor[float32, cpu].to"),
        (Ref(3), "object"),
        (UNKNOWN, "?"),
        (Unknown(Why.CALLER, "x", "x.size(0)"), "?"),
    ],
)
def test_the_readable_form(value: Value, text: str) -> None:
    assert show.text(value) == text


def test_heap_objects_are_named_by_who_knows_them() -> None:
    assert show.text(Tuple((Ref(1), Ref(2))), lambda ref: f"Net{ref.address}") == "(Net1, Net2)"


def analysis_of(text: str, *values: Value) -> Analysis:
    """An analysis in which the targets of a text have values."""
    source = SourceFile("a.py", text)
    analysis = Analysis(source, parse(source).tree)
    stores = [n for n in ast.walk(analysis.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    for node, value in zip(stores * len(values), values, strict=False):
        analysis.bindings.append(Binding(node, node.id, "assign", value))
    return analysis


def test_a_record() -> None:
    (item,) = feature.from_analysis(analysis_of("x = 1\n", Tensor(CUDA, F32, (2, "n", None))))
    assert item.record() == {
        "line": 1,
        "column": 1,
        "name": "x",
        "kind": "tensor",
        "device": "cuda:0",
        "dtype": "float32",
        "shape": [2, "n", None],
        "text": "Tensor[float32, cuda:0, [2, n, ?]]",
    }


def test_several_bindings_of_a_target_are_joined() -> None:
    (item,) = feature.from_analysis(analysis_of("x = 1\n", Tensor(CUDA, F32, (2, 3)), Tensor(CPU, F32, (2, 4))))
    assert (item.device, item.dtype, item.shape) == (None, "float32", (2, None))
    assert item.text == "Tensor[float32, ?, [2, ?]]"
    (item,) = feature.from_analysis(analysis_of("x = 1\n", Tensor(CUDA, F32), Const(1)))
    assert (item.kind, item.device, item.text) == (None, None, "?")


@pytest.mark.parametrize(
    ("value", "kind", "device", "dtype"),
    [
        (Array(F32, (1,)), "array", None, "float32"),
        (DeviceValue(CPU), "device", "cpu", None),
        (DeviceValue(Choice(USE, CUDA, UNKNOWN)), "device", None, None),
        (DTypeValue(F32), "dtype", None, "float32"),
        (Const(1), "int", None, None),
        (Scalar("float"), "float", None, None),
        (UNKNOWN, None, None, None),
    ],
)
def test_kinds(value: Value, kind: str | None, device: str | None, dtype: str | None) -> None:
    (item,) = feature.from_analysis(analysis_of("x = 1\n", value))
    assert (item.kind, item.device, item.dtype) == (kind, device, dtype)


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def analyse(source: SourceFile, settings: Settings) -> Analysis:
        return analysis_of(source.text, Const(1), Const(settings.machine))

    monkeypatch.setattr(feature, "analyse", analyse)
    Path("a.py").write_text("x = 1\né = y = 2\n", encoding="utf-8")
    assert main(["infer", "a.py"]) == 0
    assert capsys.readouterr().out == "1:1: x: 1\n2:1: é: 'cuda'\n"
    assert main(["infer", "a.py", "--output-format", "json", "--machine", "cpu"]) == 0
    assert [item["text"] for item in json.loads(capsys.readouterr().out)] == ["1", "'cpu'"]
    cells = [{"cell_type": "code", "source": "%magic\nx = 1\ny = 1"}]
    Path("a.ipynb").write_text(json.dumps({"cells": cells}))
    assert main(["infer", "a.ipynb"]) == 0
    assert capsys.readouterr().out == "cell 1:2:1: x: 1\ncell 1:3:1: y: 'cuda'\n"


@pytest.mark.parametrize(("path", "words"), [("no.py", "No such file"), (".", "a folder"), ("b.py", "binary")])
def test_what_can_not_be_read(capsys: pytest.CaptureFixture[str], path: str, words: str) -> None:
    Path("b.py").write_bytes(b"\0\xff")
    assert main(["infer", path]) == 2
    assert words in capsys.readouterr().err


def test_the_list_of_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "bad-name       error        `bad` is used."
    assert [line.split()[0] for line in lines] == sorted(
        ["bad-name", "bad-twin", "meh-name", "raising-rule", "unused-ignore", "worse-name"]
    )


def test_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "bad-name"]) == 0
    assert capsys.readouterr().out.startswith("# bad-name\n\nDefault: error · has a fix\n\n`bad` is used.\n")
    assert main(["rule", "bad-name", "--output-format", "json"]) == 0
    page = json.loads(capsys.readouterr().out)
    assert (page["name"], page["severity"], page["fix"]) == ("bad-name", "error", True)
    assert main(["rule", "bad-nam"]) == 2
    assert "did you mean `bad-name`?" in capsys.readouterr().err
