"""Every layer and loss of torch, constructed and called as torch's own samples do, as the interpreter sees it."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
module_proof = pytest.importorskip("module_proof")
common_modules = pytest.importorskip("torch.testing._internal.common_modules")

INFOS = [info for info in common_modules.module_db if info.name.startswith("nn.")]
LEAST_KNOWN = 0.95
"""The share of results whose dtype and shape are known, and of refusals that are seen."""


def test_networks_agree_with_torch(capsys: pytest.CaptureFixture[str]) -> None:
    """Device, dtype and shape of what comes out agree or are unknown; nothing is refused that torch accepts."""
    tally = module_proof.Tally()
    for info in INFOS:
        module_proof.prove(info, tally)
    dtype, shape, refusal = tally.facets.dtype, tally.facets.shape, tally.refusal
    with capsys.disabled():
        print(f"\nlayers and losses {len(INFOS)}")
        for name, counts in {"dtype": dtype, "shape": shape, "refusals": refusal}.items():
            print(f"{name}  {_line(counts)}")
    assert not tally.facets.disagreements, "\n".join(tally.facets.disagreements[:10])
    assert dtype["agreed"] >= LEAST_KNOWN * dtype.total()
    assert shape["agreed"] + shape["in part"] >= LEAST_KNOWN * shape.total()
    assert refusal["missed"] <= (1 - LEAST_KNOWN) * refusal["refused"]


def _line(counts: Any) -> str:
    return " · ".join(f"{name} {count}" for name, count in counts.most_common())
