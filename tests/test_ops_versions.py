"""What older versions of PyTorch print and do otherwise, as recorded from them on the CPU.

`recorded/older_versions.json` holds the expressions on which versions differ, each with what every version gave.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
op_expressions = pytest.importorskip("op_expressions")
expressions = pytest.importorskip("test_ops_expressions")

from samedevice.ops.outcome import NEWEST, Context  # noqa: E402  # after the check that torch is there
from samedevice.ops.versions import parsed, text_of  # noqa: E402
from samedevice.values.value import Tensor  # noqa: E402

RECORDED = json.loads((Path(__file__).parent / "recorded/older_versions.json").read_text(encoding="utf-8"))


def namespace() -> dict[str, object]:
    """The values that the expressions speak of."""
    names = expressions.namespace()
    return names | {"s": torch.rand(4, 3), "y": torch.tensor([0, 1, 2, 0]), "w": torch.ones(3)}


@pytest.mark.parametrize("version", ["2.4", "2.6", "2.7", "2.8", "2.11", "2.13"])
def test_versions_differ_as_recorded(version: str) -> None:
    wrong = []
    for text, answers in RECORDED.items():
        evaluator = op_expressions.Evaluator(namespace(), Context(torch=parsed(version)))
        value = evaluator.value(ast.parse(text, mode="eval").body)
        said = evaluator.clashes[0].text.split("\n")[0] if evaluator.clashes else shown(value)
        if said != answers[version]:
            wrong.append(f"{text}: {answers[version]!r}, the table says {said!r}")
    assert not wrong, "\n".join(wrong)


def shown(value: object) -> str:
    """A result as it is recorded."""
    return f"{value.dtype}{list(value.shape or ())}" if isinstance(value, Tensor) else type(value).__name__


def test_versions_are_read() -> None:
    assert parsed("2.6.0+cu124") == (2, 6)
    assert parsed(None) == parsed("nightly") == NEWEST
    newest = "NotImplementedError: \"host_softmax\" not implemented for 'Long'"
    assert text_of(NEWEST, newest) == newest
    assert text_of((2, 6), newest) == newest.replace("NotImplementedError", "RuntimeError")
