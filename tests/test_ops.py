"""Every row is a claim about torch: here the real torch is asked, over the samples that it ships for its own tests."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
op_proof = pytest.importorskip("op_proof")
invocations = pytest.importorskip("torch.testing._internal.common_methods_invocations")

from samedevice.ops import table  # noqa: E402  # after the check that torch is there

RECORDED = Path(__file__).parent / "recorded"
WITH_ROW = 0.95
"""The share of torch's own list of ops that has a row."""


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Any:
    """Small tensors are faster on one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_rows_agree_with_torch(capsys: pytest.CaptureFixture[str]) -> None:
    """Result dtype and shape, and the refusals of mixed dtypes, as the real torch has them on the CPU."""
    dtype: Counter[str] = Counter()
    shape: Counter[str] = Counter()
    refusal: Counter[str] = Counter()
    disagreements: list[str] = []
    proven = 0
    for info in invocations.op_db:
        tally = op_proof.prove(info)
        if tally is None:
            continue
        proven += 1
        dtype.update(tally.dtype)
        shape.update(tally.shape)
        refusal.update(tally.refusal)
        disagreements += tally.disagreements
    total = len(invocations.op_db)
    with capsys.disabled():
        print(f"\nops {total} · with a row {proven} ({proven / total:.1%})")
        print(f"dtype  {_line(dtype)}\nshape  {_line(shape)}\nrefusals  {_line(refusal)}")
        print(f"disagreements {len(disagreements)}")
    assert not disagreements, "\n".join(disagreements[:20])
    assert proven / total >= WITH_ROW
    assert refusal["missed"] <= 0.02 * (refusal["refused"] + refusal["refused otherwise"])
    assert refusal["refused otherwise"] <= 0.02 * refusal["refused"]


def test_device_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    """One operand left on the CPU, as recorded from PyTorch's CUDA build."""
    recorded = json.loads((RECORDED / "device_verdicts.json").read_text())
    tally: Counter[str] = Counter()
    wrong: list[str] = []
    missed: Counter[str] = Counter()
    for info in invocations.op_db:
        rows = recorded["verdicts"].get(f"{info.name}|{info.variant_test_name}")
        if rows and op_proof.public_name(info.name):
            for placement in op_proof.placements(info, rows, recorded["texts"]):
                op_proof.judge(placement, tally, wrong, missed)
    with capsys.disabled():
        print(f"\ndevices  {_line(tally)}")
    assert not wrong, "\n".join(wrong[:20])
    assert tally["missed"] <= 0.03 * tally["refused"]
    assert tally["refused otherwise"] <= 0.1 * tally["refused"]


def _line(counts: Counter[str]) -> str:
    return " · ".join(f"{name} {count}" for name, count in counts.most_common())


def test_methods_exist() -> None:
    """The table answers to no Tensor method that torch does not have."""
    from samedevice.ops.methods import INPLACE, METHODS

    named = {name for name in METHODS if table.known(f"torch.Tensor.{name}")}
    named |= {f"{name}_" for name in INPLACE if table.known(f"torch.Tensor.{name}_")}
    assert not [name for name in named if not hasattr(torch.Tensor, name)]
    assert len(named) > 350
