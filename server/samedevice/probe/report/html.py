"""The report as one page that needs nothing else: it opens from a file, and in an editor's web view."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from samedevice.probe.report import summary
from samedevice.probe.report.page_data import page
from samedevice.probe.report.text import text
from samedevice.probe.result import Result

_SCRIPTS = ("dom.js", "layers.js", "grid.js", "keys.js", "plots.js", "tables.js", "page.js")


def html(result: Result, previous: Result | None = None, nonce: str | None = None) -> str:
    """The page; with a nonce, its own script and style are allowed by it, else by their hashes."""
    # In a function of its own, the page's names don't take the place of the browser's.
    script = f"(() => {{\n{''.join(_file(name) for name in _SCRIPTS)}}})();"
    style = _file("page.css")
    given = f' nonce="{escape(nonce)}"' if nonce else ""
    return Template(_file("page.html")).substitute(
        title=escape(f"{summary.name(result)}: {result.verdict}"),
        policy=f"default-src 'none'; script-src {_allowed(script, nonce)}; style-src {_allowed(style, nonce)}",
        nonce=given,
        style=style,
        script=script,
        data=_embedded(page(result, previous)),
        plain=escape(text(result, previous, columns=160)),
    )


@cache
def _file(name: str) -> str:
    """A file of the page."""
    return (files(__package__) / "page" / name).read_text(encoding="utf-8")


def _allowed(code: str, nonce: str | None) -> str:
    """What a content security policy says of a script or style between its tags."""
    if nonce:
        return f"'nonce-{escape(nonce)}'"
    digest = hashlib.sha256(f"\n{code}\n".encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _embedded(data: Mapping[str, Any]) -> str:
    """JSON that can't end the element it stands in."""
    written = json.dumps(data, separators=(",", ":"))
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
