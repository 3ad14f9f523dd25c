"""Writes the pages that the tests of the report open: `python pages.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "server"), str(ROOT / "tests")]

from probe import report_samples as samples  # noqa: E402
from samedevice.probe.report.html import html  # noqa: E402
from samedevice.probe.result import from_json  # noqa: E402

EVIL = "</script><script>window.harmed = 1</script><img src=x onerror='window.harmed = 1'>"
"""What must stay text wherever it stands."""


def main(folder: Path) -> None:
    """Every page, under the name of its subject."""
    clean = from_json(samples.result())
    pages = {
        "clean": html(clean),
        "again": html(clean, from_json(_slower(samples.result()))),
        "virtual": html(from_json(samples.virtual_failure())),
        "dtypes": html(from_json(samples.three_dtypes())),
        "many": html(from_json(samples.many_layers(3000))),
        "hostile": html(from_json(hostile())),
        "empty": html(from_json({"verdict": "not run", "why": "there is no torch in `python3`: install it"})),
        "webview": html(from_json(samples.virtual_failure()), nonce="n0nce"),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")


def _slower(result: dict[str, Any]) -> dict[str, Any]:
    """The same network before: a stage that took longer, and another output."""
    run = result["runs"][0]
    run["ms"] *= 1.25
    for layer in run["layers"]:
        if layer["path"].startswith("layer2"):
            layer["ms"] *= 1.6
    run["layers"][-1]["output"] = samples.tensor(8, 10)
    return result


def hostile() -> dict[str, Any]:
    """A result whose every string tries to get out, and whose message has ten megabytes."""
    result: dict[str, Any] = samples.virtual_failure()
    result = _poisoned(result)
    failure = result["runs"][0]["failure"]
    failure["message"] = EVIL + "\u202egnorw\u202c \x1b[31m " + "A" * 10_000_000
    result["network"]["class"] = EVIL + "שלום"
    failure["file"] = "/home/ada/\udcff\\#?%.py"
    return result


def _poisoned(value: Any, key: str = "") -> Any:
    """A JSON value with the hostile text in every string that the report does not compare with words of its own."""
    if isinstance(value, str):
        return value if key in ("verdict", "status", "kind", "path", "layer", "on") else value + EVIL
    if isinstance(value, dict):
        return {name: _poisoned(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_poisoned(inner, key) for inner in value]
    return value


if __name__ == "__main__":
    main(Path(sys.argv[1]))
