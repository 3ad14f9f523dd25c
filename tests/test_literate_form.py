"""The Markdown runner itself: it fails where a case and the checker differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from literate import Case, cases, run

BUG = """x = torch.zeros(3)
w = torch.ones(3, device="cuda")
y = torch.add(x, w){marker}
"""


def _case(text: str) -> Case:
    (case,) = cases(Path("case.md"), f"# Title\n\n```python\n{text}```\n")
    return case


def test_a_promised_finding() -> None:
    assert run(_case(BUG.format(marker='  # error: [device-mismatch] `torch.add(x, w)` "`x` is on cpu"'))) == []


@pytest.mark.parametrize(
    "marker",
    [
        "",
        "  # error: [dtype-mismatch]",
        "  # error: [device-mismatch] `x`",
        '  # error: [device-mismatch] "on mars"',
        "  # hint: [device-mismatch]",
        "  # error: [device-mismatch] # error: [device-mismatch]",
        "  # error: something else",
    ],
)
def test_what_is_promised_otherwise_fails(marker: str) -> None:
    assert run(_case(BUG.format(marker=marker)))


def test_a_promise_that_is_not_kept_fails() -> None:
    (problem,) = run(_case("x = torch.zeros(3)  # error:\n"))
    assert problem.startswith("line 4: expected, not found")


def test_revealed() -> None:
    assert run(_case("reveal_type(torch.zeros(2, 3))  # revealed: Tensor[float32, cpu, [2, 3]]\n")) == []
    assert run(_case("reveal_type(torch.zeros(2, 3))  # revealed: Tensor[float64, cpu, [2, 3]]\n"))
    assert run(_case("reveal_type(torch.zeros(2, 3))\n"))
    assert run(_case("if False:\n    reveal_type(1)  # revealed: 1\n"))


def test_imports_are_added_where_they_are_missing() -> None:
    assert run(_case("from torch import nn\nlayer = nn.Linear(2, 1)\nx = torch.zeros(2)\ny = layer(x)\n")) == []


def test_settings_and_other_files() -> None:
    text = (
        '## Title\n\n```toml\nmachine = "cpu"\n```\n\n`other.py`:\n\n```python\nSIZE = 4\n```\n\n'
        "```python\nfrom other import SIZE\nreveal_type(torch.cuda.is_available())  # revealed: False\n```\n"
    )
    (case,) = cases(Path("case.md"), text)
    assert case.settings.machine == "cpu"
    assert list(case.others) == ["other.py"]
    assert run(case) == []


def test_lines_are_those_of_the_markdown() -> None:
    (problem,) = run(_case("import torch\n\nx = 1\nreveal_type(x)  # revealed: 2\n"))
    assert problem == "line 7: revealed: 1, promised: 2"
