"""`samedevice explain`: pasted errors of several origins lead to the finding and its fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from samedevice.cli import main
from samedevice.features.traceback_text import read

PROGRAM = """import torch
x = torch.zeros(3)
w = torch.ones(3, device="cuda")
y = torch.add(x, w)
z = y.unknown_thing(x)
"""
SAME = "RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
PYTHON = f"""Traceback (most recent call last):
  File "/home/u/proj/train.py", line 4, in <module>
    y = torch.add(x, w)
  File "/usr/lib/python3.11/site-packages/torch/train.py", line 4, in add
    return _add(a)
{SAME}
"""
IPYTHON = (
    f"\x1b[0;31mRuntimeError\x1b[0m    Traceback (most recent call last)\nFile ~/proj/train.py:4, in main()\n{SAME}"
)
LOGGED = f'[rank0]:   File "C:\\proj\\train.py", line 4, in <module>\n[rank0]: {SAME}'


@pytest.mark.parametrize("text", [PYTHON, IPYTHON, LOGGED], ids=["python", "ipython", "logged"])
def test_explained(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "error.txt").write_text(text, encoding="utf-8")
    assert main(["explain", str(tmp_path / "error.txt"), "--root", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "train.py:4: y = torch.add(x, w)" in out
    assert "device-mismatch: `x` is on cpu" in out
    assert "train.py:2: `x`: on cpu, the default of torch.zeros" in out
    assert "Use `x.to(w.device)`" in out


def test_what_is_known_where_no_rule_speaks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train.py").write_text("import torch\nx = torch.zeros(3)\n\n\n\ny = foo(x)\n", encoding="utf-8")
    (tmp_path / "error.txt").write_text(
        'File "train.py", line 6\nRuntimeError: expected scalar type Long', encoding="utf-8"
    )
    assert main(["explain", str(tmp_path / "error.txt"), "--root", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "The dtypes that meet do not go together." in out
    assert "`x` is Tensor[float32, cpu, [3]]" in out


def test_nothing_to_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "error.txt").write_text("all is well", encoding="utf-8")
    assert main(["explain", str(tmp_path / "error.txt")]) == 0
    assert "No error was found" in capsys.readouterr().out
    assert main(["explain", str(tmp_path / "missing.txt")]) == 2


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same", "device"),
        ("Input type (c10::Half) and bias type (float) should be the same", "dtype"),
        ("Expected object of backend CUDA but got backend CPU for argument #2 'other'", "device"),
        ("mat1 and mat2 must have the same dtype, but got BFloat16 and Float", "dtype"),
        ("expected scalar type Long but found Int", "dtype"),
        ("can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu()", "device"),
        (
            "Unhandled FakeTensor Device Propagation for aten.where.self, found two different devices cuda:0, cpu",
            "device",
        ),
        ("CUDA out of memory. Tried to allocate 2.00 GiB", "memory"),
        ("division by zero", ""),
    ],
)
def test_kinds(message: str, kind: str) -> None:
    assert read(f"RuntimeError: {message}").kind == kind
