"""The report on a terminal and as Markdown: what stands where, at every width, for people and for hostile strings."""

from __future__ import annotations

from typing import Any

import pytest

from probe.report_samples import failing, many_layers, result, run, tensor, three_dtypes, virtual_failure
from samedevice.probe.report.markdown import markdown
from samedevice.probe.report.text import text
from samedevice.probe.report.words import width
from samedevice.probe.result import Result, from_json


def layer(path: str, kind: str = "Linear", **given: Any) -> dict[str, Any]:
    """A layer that ran."""
    return {"path": path, "class": kind, "calls": 1, "status": "ok", "output": tensor(2, 3), **given}


def of_layers(*layers: dict[str, Any]) -> Result:
    """A result of one run with these layers."""
    return from_json(result(run(layers=list(layers), memory=[])))


def rows(found: str) -> list[str]:
    """The lines of the table's body."""
    return found.split("\n" + "=" * 10)[2].split("\n")[1:]


def test_the_failure_comes_first_with_its_line_its_tensors_and_what_to_do() -> None:
    found = text(from_json(virtual_failure()), columns=110)
    assert found.startswith("✗ mismatch: layer3.2.conv2 got an input on cuda:0 while its weight is on cpu\n")
    expected = """Stopped in layer3.2.conv2 during the forward pass
RuntimeError: Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same
  --> /home/ada/vision/resnet.py:42
   |
42 | out = self.conv2(out)
   |
   = input   cuda:0  float32  [8, 256, 14, 14]
   = weight  cpu     float32  [256, 256, 3, 3]
   = what to do: Bring `weight` to the device of `input`."""
    assert expected in found
    assert found.index(expected) < found.index("Layer (name: class)")
    assert "There are no times and no CUDA memory." in " ".join(found.split())


def test_the_table_reads_like_torchinfo() -> None:
    found = text(from_json(result()), columns=200)
    lines = found.splitlines()
    head = next(line for line in lines if line.startswith("Layer (name: class)"))
    titles = ["Input Shape", "Output Shape", "Param #", "dtype", "Device", "MB", "ms"]
    assert [head.index(title) for title in titles] == sorted(head.index(title) for title in titles)
    assert next(line for line in lines if "├─conv1" in line).split("  ")[0] == "├─conv1: Conv2d"
    assert "│   │   └─relu: ReLU" in found
    assert "│   └─2: Bottleneck" in found and "\n└─fc: Linear" in found
    totals = ["Total params: 25,557,032", "Trainable params: 25,557,032", "Non-trainable params: 0", "Forward: 9.23 ms"]
    assert [total for total in totals if total in lines or f"{total}  backward 19.4 ms" in lines] == totals


def test_numbers_are_aligned_to_the_right() -> None:
    lines = rows(text(from_json(result()), columns=200))
    assert {len(line) for line in lines if line} == {len(lines[0])}


@pytest.mark.parametrize("columns", [60, 80, 100, 120, 160, 240])
def test_no_row_of_the_table_is_wider_than_the_terminal(columns: int) -> None:
    lines = rows(text(from_json(result()), columns=columns))
    assert max(map(width, lines)) <= columns
    assert all("cuda:0" in line for line in lines if line), "the device is the last to go"


def test_wide_characters_keep_the_columns() -> None:
    found = rows(text(of_layers(layer("", "网络"), layer("层", "é" * 3), layer("a", "B")), columns=100))
    places = {width(line[: line.index("[2, 3]")]) for line in found if line}
    assert len(places) == 1


def test_a_depth_leaves_out_deeper_layers() -> None:
    found = text(from_json(result()), columns=160, depth=1)
    assert "layer1: Sequential" in found
    assert "Bottleneck" not in found


def test_colours_only_when_asked() -> None:
    marked = text(from_json(virtual_failure()), paint=lambda style, words: f"<{style}>{words}</{style}>")
    assert "<red>✗ mismatch</red>" in marked
    assert "<red>cpu   </red>" in marked
    assert "\x1b" not in text(from_json(virtual_failure()))


def test_only_the_layer_in_which_it_stopped_is_marked() -> None:
    lines = text(from_json(virtual_failure()), columns=160).splitlines()
    assert [line.split(":")[0].strip("│├└─ ") for line in lines if line.endswith("✗")] == ["conv2"]


def test_layers_that_did_not_run_say_so() -> None:
    assert "(not reached)" in text(from_json(virtual_failure()), columns=160)
    idle = layer("a", status="not reached", calls=0, output=None)
    assert "(not called)" in text(of_layers(layer(""), idle), columns=100)


def test_a_list_of_layers_stands_for_what_is_in_it() -> None:
    holder = layer("blocks", "ModuleList", status="not reached", calls=0, output=None)
    inside = [layer(f"blocks.{number}", ms=1.5, flops=10, order=number + 1) for number in range(2)]
    found = rows(text(of_layers(layer("", order=0), holder, *inside), columns=160))
    assert found[1].split() == ["└─blocks:", "ModuleList", "--", "3.000"]


def test_siblings_stand_in_the_order_in_which_they_ran() -> None:
    late, early = layer("late", order=2), layer("early", order=1)
    idle = layer("idle", status="not reached", output=None)
    found = rows(text(of_layers(layer("", order=0), late, idle, early), columns=100))
    assert [line.split(":")[0].strip("├└─ ") for line in found[1:]] == ["early", "late", "idle"]


def test_runs_side_by_side() -> None:
    found = text(from_json(three_dtypes()), columns=120)
    assert "float32   clean     9.23 ms  19.4 ms   720 MB\n" in found
    assert "float16   mismatch" in found and found.count("layer3.2.conv2\n") >= 1
    assert "float16: Stopped in layer3.2.conv2 during the forward pass" in found


def test_the_same_failure_of_two_runs_is_told_once() -> None:
    found = text(from_json(result(failing(), failing("float16"))))
    assert found.count("Stopped in layer3.2.conv2") == 1


def test_nothing_ran() -> None:
    found = text(from_json({"verdict": "not run", "why": "there is no torch in this Python: install it"}))
    assert found == "– not run: there is no torch in this Python: install it\n\n"


def test_controls_and_directions_are_spelled_out_and_long_messages_cut() -> None:
    answer = virtual_failure()
    answer["runs"][0]["failure"]["message"] = "\x1b[31m\u202e\ud800" + "x" * 10_000_000
    answer["runs"][0]["layers"][1]["class"] = "Conv\n2d\x07"
    for found in (text(from_json(answer)), markdown(from_json(answer))):
        assert len(found) < 80_000
        assert r"\x1b[31m\u202e\ud800xxx" in found
        assert "\x1b" not in found and "\u202e" not in found
        assert "more characters)" in found
        found.encode()
    assert r"conv1: Conv 2d\x07" in text(from_json(answer))


def test_markdown_has_the_failure_and_all_layers() -> None:
    found = markdown(from_json(virtual_failure()))
    assert found.startswith("## ResNet: mismatch\n\nlayer3.2.conv2 got an input on cuda:0 while its weight is on cpu\n")
    assert "```\nout = self.conv2(out)\nRuntimeError: Input type" in found
    assert "| `weight` | cpu | float32 | [256, 256, 3, 3] |" in found
    table = [line for line in found.splitlines() if line.startswith(("| &nbsp;", "| `(network)`"))]
    assert len(table) == 151
    assert len({line.count("|") for line in table}) == 1


def test_markdown_of_thousands_of_layers_fits_into_an_issue() -> None:
    found = markdown(from_json(many_layers(3000)))
    assert "… and 2598 more layers" in found
    assert len(found) < 65_536


def test_markdown_takes_strings_as_they_are() -> None:
    answer = virtual_failure()
    answer["runs"][0]["layers"][1]["class"] = "A|B`c"
    answer["runs"][0]["failure"]["message"] = "```\nend"
    answer["why"] = "<script> *x* [y](z)"
    found = markdown(from_json(answer))
    assert "`` A\\|B`c ``" in found
    assert "\n````\n" in found
    assert r"\<script\> \*x\*" in found


def test_notes_are_told_once() -> None:
    answer = result(run(notes=["it was 32 in the program"]), run("float16", notes=["it was 32 in the program"]))
    assert text(from_json(answer)).count("Note: it was 32 in the program") == 1
    assert markdown(from_json(answer)).count("Note: it was 32 in the program") == 1


def test_a_failure_in_the_code_of_the_network_itself() -> None:
    answer = virtual_failure()
    answer["runs"][0]["failure"]["layer"] = ""
    assert "Stopped in the network itself during the forward pass" in text(from_json(answer))
