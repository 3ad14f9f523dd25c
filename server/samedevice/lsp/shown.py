"""Hovers, hints and lenses as the protocol has them."""

from __future__ import annotations

from collections import OrderedDict

from samedevice.dataclass import replace
from samedevice.features import code_lens
from samedevice.features import hover as hovers
from samedevice.features import inlay_hints as hints
from samedevice.features.known import Known
from samedevice.lsp.places import Json
from samedevice.lsp.unit import Unit
from samedevice.syntax.source import Span

_TYPE, _PARAMETER = 1, 2
_KNOWN: OrderedDict[int, tuple[Unit, Known]] = OrderedDict()


def known_of(unit: Unit) -> Known | None:
    """The index of an analysis; that of the last one asked about is kept."""
    if unit.analysis is None:
        return None
    kept = _KNOWN.get(id(unit))
    if kept is None or kept[0] is not unit:
        _KNOWN.clear()
        kept = _KNOWN[id(unit)] = unit, Known(unit.analysis)
    return kept[1]


def hover(unit: Unit, uri: str, position: Json, markdown: bool, resolving: bool) -> Json | None:
    """What is known at a position; `resolving` where imports are still being looked for."""
    known, place = known_of(unit), unit.program.place(uri, position)
    found = hovers.hover(known, *place) if known is not None and place is not None else None
    if found is None:
        return None
    if resolving and any(reason.words.startswith("not known") for reason in found.reasons):
        found = replace(
            found, reasons=(*found.reasons, hovers.Reason("still resolving imports; ask again in a moment"))
        )
    where = unit.program.location(unit.program.source, found.span)["range"]
    text = _markdown(unit, found) if markdown else _plain(found)
    return {"contents": {"kind": "markdown" if markdown else "plaintext", "value": text}, "range": where}


def _markdown(unit: Unit, found: hovers.Hover) -> str:
    signature = "\n".join(f"{found.name}: {text}" for text in found.texts)
    lines = [f"```python\n{signature}\n```"]
    for reason in found.reasons:
        link = ""
        if reason.source is not None and reason.span is not None:
            location = unit.program.location(reason.source, reason.span)
            number = location["range"]["start"]["line"] + 1
            link = f" ([line {number}]({location['uri']}#L{number}))"
        lines.append(f"- {reason.words}{link}")
    if unit.settings.torch_version:
        lines.append(f"\n*PyTorch {unit.settings.torch_version}*")
    return "\n".join(lines)


def _plain(found: hovers.Hover) -> str:
    lines = [f"{found.name}: {text}" for text in found.texts]
    for reason in found.reasons:
        place = f" (line {reason.span.line})" if reason.span is not None else ""
        lines += [f"  {reason.words}{place}"]
    return "\n".join(lines)


def inlay_hints(unit: Unit, uri: str, where: Json, level: str, lazily: bool) -> list[Json]:
    """The hints of a range of a document; `lazily` where the client asks later for what they say in full."""
    known = known_of(unit)
    if known is None or uri not in unit.program.uris:
        return []
    lines = unit.program.lines_of(uri)
    first, last = lines.start + int(where["start"]["line"]), lines.start + int(where["end"]["line"])
    found = []
    for hint in hints.inlay_hints(known, max(first, lines.start), min(last, lines.stop - 1), everything=level == "all"):
        span = Span(hint.line, hint.column, hint.line, hint.column)
        position = unit.program.location(unit.program.source, span)["range"]["start"]
        one: Json = {"position": position, "label": f": {hint.label}", "kind": _TYPE}
        found.append({**one, "data": {"uri": uri}} if lazily else {**one, "tooltip": hint.tooltip})
    return found


def code_lenses(unit: Unit, uri: str, command: str) -> list[Json]:
    """The lenses above the networks of a document."""
    if unit.analysis is None:
        return []
    found = []
    for network in code_lens.networks(unit.analysis):
        where = unit.program.location(unit.program.source, network.span)
        if where["uri"] == uri:
            arguments = [{"uri": uri, "name": network.name}]
            told = {"title": "Probe model on CUDA", "command": command, "arguments": arguments}
            found.append({"range": where["range"], "command": told})
    return found
