"""The page of the report as text; `report_browser/` opens it in a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

from probe.report_samples import many_layers, result, tensor, three_dtypes, virtual_failure
from samedevice.probe.report.html import html
from samedevice.probe.result import from_json

EVIL = "</script><!--<script>alert(1)</script>\u2028\ud800"


def data(page: str) -> dict[str, Any]:
    """What the page shows."""
    found = re.search(r'<script type="application/json" id="data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    parsed: dict[str, Any] = json.loads(found[1])
    return parsed


def element(page: str, name: str) -> str:
    """The text of the style, or of the script that runs."""
    return re.findall(rf"<{name}(?: nonce=\"[^\"]*\")?>(.*?)</{name}>", page, re.DOTALL)[-1]


def test_the_page_needs_nothing_else() -> None:
    page = html(from_json(result()))
    addresses = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert addresses == {"http://www.w3.org/2000/svg"}, "a name, not an address"
    assert not re.search(r"<(link|iframe|img)\b|\bsrc=|@import|url\(", page)
    assert page == html(from_json(result())), "the same result gives the same page"


def test_the_policy_allows_the_page_its_own_script_and_style_alone() -> None:
    page = html(from_json(result()))
    for name in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(element(page, name).encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page
    assert "nonce" not in page.split("<style")[0]


def test_with_a_nonce_every_element_carries_it() -> None:
    page = html(from_json(result()), nonce="abc")
    assert page.count(' nonce="abc">') == 3
    assert "script-src 'nonce-abc'; style-src 'nonce-abc'" in page


def test_no_string_can_end_the_element_it_is_in() -> None:
    answer = virtual_failure()
    answer["why"] = answer["network"]["class"] = EVIL
    answer["captured"] = {"stdout": EVIL, "stderr": EVIL}
    answer["runs"][0]["failure"]["message"] = EVIL
    answer["runs"][0]["failure"]["file"] = EVIL
    answer["runs"][0]["layers"][1]["class"] = EVIL
    page = html(from_json(answer))
    assert "alert(1)</script>" not in page
    assert page.count("</script") == 2
    embedded = re.search(r'id="data">(.*)</script>\n<script>', page, re.DOTALL)
    assert embedded and "<" not in embedded[1]
    page.encode("utf-8")
    assert data(page)["runs"][0]["layers"][1]["kind"] == r"</script><!--<script>alert(1)</script> \ud800"


def test_a_message_of_ten_megabytes_makes_no_page_of_ten_megabytes() -> None:
    answer = virtual_failure()
    answer["runs"][0]["failure"]["message"] = answer["captured"]["stdout"] = "x" * 10_000_000
    assert len(html(from_json(answer))) < 300_000


def test_three_thousand_layers_make_a_page_of_a_megabyte_and_a_half() -> None:
    page = html(from_json(many_layers(3000)))
    assert len(page) < 1_500_000
    assert len(data(page)["runs"][0]["layers"]) == 2998


def test_every_layer_knows_its_parent() -> None:
    layers = data(html(from_json(result())))["runs"][0]["layers"]
    assert len(layers) == 151
    for place, layer in enumerate(layers):
        above = layers[layer["parent"]]["path"] if layer["parent"] >= 0 else None
        assert layer["parent"] < place
        assert above == (layer["path"].rpartition(".")[0] if layer["path"] else None)


def test_figures_of_a_run() -> None:
    figures = {one["label"]: one for one in data(html(from_json(result())))["runs"][0]["figures"]}
    assert {label: one["value"] for label, one in figures.items()} == {
        "Parameters": "25.6 M",
        "Forward": "9.23 ms",
        "Peak memory": "720 MB",
        "FLOPs": "65.4 G",
    }
    assert figures["Parameters"]["detail"] == "all trainable, 102 MB with buffers"
    assert figures["Forward"]["detail"] == "backward 19.4 ms"


def test_what_was_not_measured_is_not_shown() -> None:
    page = data(html(from_json(virtual_failure())))
    assert [one["label"] for one in page["runs"][0]["figures"]] == ["Parameters"]
    assert page["notice"].endswith("There are no times and no CUDA memory.")
    assert page["runs"][0]["memory"] == []


def test_the_first_failure_is_on_top_and_chosen() -> None:
    page = data(html(from_json(three_dtypes())))
    assert page["chosen"] == 2
    assert page["failure"]["title"] == "float16: Stopped in layer3.2.conv2 during the forward pass"
    assert [(one["name"], one["odd"]) for one in page["failure"]["operands"]] == [("input", []), ("weight", ["dtype"])]
    assert [run["refused"] for run in page["runs"]] == ["", "", "layer3.2.conv2"]
    assert page["compared"] == ["Forward", "Backward", "Peak memory", "Output differs by"]
    assert [cell["text"] for cell in page["runs"][1]["compared"]][-1] == "0.0031 relative, 0.013 at most"


def test_a_second_failure_is_shown_with_its_own_run() -> None:
    answer = three_dtypes()
    answer["runs"][0] = answer["runs"][2] | {"dtype": "float32"}
    page = data(html(from_json(answer)))
    assert [bool(run["failure"]) for run in page["runs"]] == [False, False, True]


def test_nested_inputs_and_outputs() -> None:
    answer = result()
    nested = {"type": "dict", "items": {"a": tensor(2), "b": {"type": "list", "items": [tensor(3, dtype="int64")] * 2}}}
    answer["input"]["kwargs"] = {"mask": tensor(8, dtype="bool"), "n": {"type": "int"}}
    answer["runs"][0]["output"] = nested
    flow = {one["label"]: one["value"] for one in data(html(from_json(answer)))["runs"][0]["flow"]}
    assert flow["Output"] == "float32, int64 [2], [3] ×2 cuda:0"
    assert flow["Input"] == "float32 [8, 3, 224, 224] cuda:0, mask=bool [8] cuda:0, n=int"


def test_an_answer_without_a_run() -> None:
    page = data(html(from_json({"verdict": "not run", "why": "there is no torch"})))
    assert (page["verdict"], page["runs"], page["changes"], page["failure"]) == ("not run", [], None, None)
