"""What the text of a document must be after a change, worked out in the plainest way."""

from __future__ import annotations

import re
from typing import Any

_CODES = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_SIZES = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


def changed(text: str, change: dict[str, Any], encoding: str) -> str:
    """The text after one change event."""
    where = change.get("range")
    if where is None:
        return str(change["text"])
    first, last = _offset(text, where["start"], encoding), _offset(text, where["end"], encoding)
    return text[:first] + change["text"] + text[max(first, last) :]


def _offset(text: str, position: dict[str, int], encoding: str) -> int:
    """The offset of a position, by counting units one by one."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    if position["line"] >= len(starts):
        return len(text)
    line = re.split(r"\r\n|\r|\n", text[starts[position["line"]] :])[0]
    taken = 0
    for index, character in enumerate(line):
        taken += len(character.encode(_CODES[encoding], errors="surrogatepass")) // _SIZES[encoding]
        if taken > position["character"]:
            return starts[position["line"]] + index
    return starts[position["line"]] + len(line)
