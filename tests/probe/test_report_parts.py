"""What the three forms of the report share: words, advice, and the comparison with the previous run."""

from __future__ import annotations

from typing import Any

import pytest

from probe.report_samples import failing, result, run, tensor
from samedevice.probe.report.advice import advice, odd
from samedevice.probe.report.compare import Change, Comparison, compare
from samedevice.probe.report.words import clean, line, milliseconds, percent, shape, short, width
from samedevice.probe.result import Failure, from_json


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0, "", "0"),
        (12, "", "12"),
        (999, "B", "999 B"),
        (1000, "B", "1 KB"),
        (102_228_128, "B", "102 MB"),
        (25_557_032, "", "25.6 M"),
        (999_960, "", "1 M"),
        (65.4e9, "FLOPs", "65.4 GFLOPs"),
        (3e15, "", "3,000 T"),
    ],
)
def test_short(value: float, unit: str, expected: str) -> None:
    assert short(value, unit) == expected


def test_times_and_percentages() -> None:
    times = [milliseconds(value) for value in (0.0123, 9.2298, 4.8, 999.4, 999.6, 1234)]
    assert times == ["0.0123 ms", "9.23 ms", "4.80 ms", "999 ms", "1.00 s", "1.23 s"]
    assert [percent(*pair) for pair in ((2, 1), (1, 2), (1.001, 1), (1, 0), (25, 1))] == [
        "+100 %",
        "−50 %",
        "",
        "",
        "×25",
    ]


def test_strings_of_the_program() -> None:
    assert clean("a\tb\nc é 层 🙂") == "a\tb\nc é 层 🙂"
    assert clean("\u202eabc\u2069\x00\x7f\ud800") == r"\u202eabc\u2069\x00\x7f\ud800"
    assert clean("x" * 5000, 10) == "xxxxxxxxxx … (4,990 more characters)"
    assert line("  a\n  b  ", 80) == "a b"
    assert line("x" * 100, 10) == "xxxxxxxxx…"
    assert [width(text) for text in ("abc", "层", "é", "e\u0301")] == [3, 2, 1, 1]


def test_shapes() -> None:
    assert shape(tensor(8, 3)) == "[8, 3]"
    assert shape(tensor()) == "[]"
    assert shape(None) == ""
    assert shape({"type": "int"}) == "int"
    assert shape(tensor(1), tensor(1), tensor(2)) == "[1] ×2, [2]"
    assert shape(*(tensor(number) for number in range(6))) == "[0], [1], [2], [3], … 2 more"


def failure(kind: str, *operands: dict[str, Any]) -> Failure:
    """A failure in which these met."""
    return Failure(kind, "…", operands=operands)


def test_the_operand_that_is_unlike_the_others() -> None:
    x, w = {"name": "x", **tensor(1)}, {"name": "w", **tensor(1, device="cpu")}
    for order in ((x, w), (w, x)):
        found = failure("device", *order)
        assert [odd(found, one) for one in (x, w)] == [[], ["device"]]
        assert advice(found).startswith("Bring `w` to the device of `x`.")
    assert "`device=x.device`" in advice(failure("device", x))
    most = {"name": "y", **tensor(1, device="cpu")}
    assert [odd(failure("device", x, w, most), one) for one in (x, w, most)] == [["device"], [], []]


def test_advice_for_dtypes() -> None:
    x, w = {"name": "x", **tensor(1, dtype="float64")}, {"name": "w", **tensor(1)}
    assert "`w.to(x.dtype)`" in advice(failure("dtype", x, w))
    assert advice(failure("dtype")) and advice(failure("device"))


@pytest.mark.parametrize("kind", ["shape", "memory", "crash", "timeout", "import", "exit"])
def test_every_kind_of_failure_has_advice(kind: str) -> None:
    assert advice(failure(kind))


def changes(now: dict[str, Any], before: dict[str, Any]) -> Comparison:
    """The differences of two answers."""
    after = from_json(now)
    found = compare(after, after.runs[0], from_json(before))
    assert found
    return found


def test_the_same_run_has_no_changes() -> None:
    assert changes(result(), result()).changes == ()


def test_times_that_chance_explains_are_no_changes() -> None:
    before = result()
    for layer in before["runs"][0]["layers"]:
        layer["ms"] *= 1.15
    assert changes(result(), before).changes == ()


def test_changes_of_layers() -> None:
    before = result()
    layers = before["runs"][0]["layers"]
    layers[1]["ms"], layers[1]["bytes"] = 0.1, 1000
    layers[-1].update(output=tensor(8, 10, dtype="float16"), parameters=20490)
    layers.remove(next(layer for layer in layers if layer["path"] == "avgpool"))
    layers.append({"path": "aux", "class": "Linear", "status": "ok", "calls": 1})
    assert changes(result(), before).changes == (
        Change("fc", "output shape", "[8, 10]", "[8, 1000]"),
        Change("fc", "output dtype", "float16", "float32"),
        Change("fc", "parameters", "20.5 K", "2.05 M", "×100", worse=True),
        Change("avgpool", "layer", "", "added: AdaptiveAvgPool2d"),
        Change("aux", "layer", "Linear", "gone"),
        Change("conv1", "memory", "1 KB", "25.7 MB", "×25,690", worse=True),
        Change("conv1", "time", "0.100 ms", "0.237 ms", "+137 %", worse=True),
    )


def test_a_layer_that_fails_now() -> None:
    found = changes(result(failing()), result()).changes
    assert found[0] == Change("", "status", "ok", "failed", worse=True)
    assert Change("layer3.2.conv2", "weights on", "the same device", "cpu") in found
    assert Change("fc", "status", "ok", "not reached") in found
    assert not [one for one in found if one.what.startswith("output")], "nothing came out: that is no other shape"


def test_other_machines_are_named() -> None:
    before = result()
    before["environment"]["torch"] = "2.4.0"
    before["input"]["args"] = [tensor(1, 3, 224, 224)]
    assert changes(result(), before).note == "PyTorch 2.4.0 before, 2.13.0 now, other inputs"


def test_runs_are_compared_with_their_own_kind() -> None:
    after = from_json(result(run("bfloat16")))
    assert compare(after, after.runs[0], from_json(result(run("float32")))) is None
    assert compare(after, after.runs[0], None) is None
