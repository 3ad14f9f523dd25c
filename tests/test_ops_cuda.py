"""Calls on CUDA tensors, as recorded from PyTorch's CUDA build: which dtypes it refuses, in its words.

`recorded/cuda_expressions.json` says how it was made.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from samedevice.dataclass import replace

torch = pytest.importorskip("torch")
op_expressions = pytest.importorskip("op_expressions")

from samedevice.values.device import Device  # noqa: E402  # after the check that torch is there
from samedevice.values.value import Tensor, Value  # noqa: E402

VERDICTS = json.loads((Path(__file__).parent / "recorded/cuda_expressions.json").read_text(encoding="utf-8"))[
    "verdicts"
]


class OnCuda(op_expressions.Evaluator):
    """Reads every name as a tensor on the first GPU."""

    def value(self, node: ast.expr) -> Value:
        found: Value = super().value(node)
        return replace(found, device=Device("cuda", 0)) if isinstance(found, Tensor) else found


def namespace() -> dict[str, Any]:
    """The values that the expressions speak of: images, weights of their channels and of their lines."""
    half = torch.zeros(2, 4, 6, 6, dtype=torch.float16)
    names = {"h": half, "b": half.bfloat16(), "f": half.float(), "d": half.double(), "i": half.long()}
    names |= {"I": torch.zeros(4, 4, dtype=torch.int64), "e": torch.zeros(0, 4, 6, 6)}
    for name, dtype in {"f": torch.float32, "h": torch.float16, "d": torch.float64, "b": torch.bfloat16}.items():
        names |= {f"w{name}": torch.ones(4, dtype=dtype), f"l{name}": torch.ones(6, dtype=dtype)}
    return names


@pytest.mark.parametrize("text", VERDICTS)
def test_cuda_refuses_as_recorded(text: str) -> None:
    evaluator = OnCuda(namespace())
    value = evaluator.value(ast.parse(text, mode="eval").body)
    recorded = VERDICTS[text]
    if not recorded.startswith("ok "):
        assert evaluator.clashes, f"CUDA refuses: {recorded}"
        assert evaluator.clashes[0].text.startswith(recorded[:190])
        return
    assert not evaluator.clashes, f"CUDA accepts: {evaluator.clashes}"
    assert not isinstance(value, Tensor) or recorded == f"ok torch.{value.dtype}"
