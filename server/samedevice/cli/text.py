"""Findings for a person: the source with a mark below it, the places that explain it, and the fix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from samedevice.cli.record import FileReport, LineKey, Record, place_text
from samedevice.cli.terminal import Paint, shown, width

_STYLES = {"error": "red", "warning": "yellow", "information": "blue", "hint": "cyan"}
_MACHINES = {"cpu": "without a GPU", "mps": "with Apple's GPU"}
_WIDEST = 140
"""Longer lines are shown around their mark."""


def finding(record: Record, lines: dict[LineKey, str], paint: Paint) -> str:
    """One finding with its excerpts."""
    style = _STYLES[record["severity"]]
    gutter = _gutter(record)
    head = paint(style, f"{record['severity']}[{record['rule']}]") + paint("bold", f": {record['message']}")
    parts = [head, *_excerpt(record, lines, paint, style, gutter, "^", "")]
    for related in record["related"]:
        parts += _excerpt(related, lines, paint, "blue", gutter, "-", related["message"])
    bar = paint("blue", "=")
    if record["machine"] != "cuda":
        parts.append(f"{' ' * gutter} {bar} on a machine {_MACHINES[record['machine']]}")
    if record["fixes"]:
        more = len(record["fixes"]) - 1
        others = f" (or {more} other {'way' if more == 1 else 'ways'})" if more else ""
        parts.append(f"{' ' * gutter} {bar} {paint('green', 'fix available')}: {record['fixes'][0]['title']}{others}")
    return "\n".join(parts) + "\n"


def concise(record: Record, paint: Paint) -> str:
    """One finding on one line."""
    severity = paint(_STYLES[record["severity"]], record["severity"])
    return f"{place_text(record)}: {severity} [{record['rule']}] {' '.join(record['message'].split())}"


def _gutter(record: Record) -> int:
    """The width of the largest line number."""
    return max(len(str(place["line"])) for place in (record, *record["related"]))


def _excerpt(
    place: Record, lines: dict[LineKey, str], paint: Paint, style: str, gutter: int, mark: str, words: str
) -> Iterator[str]:
    """A place: where it is, its line, and a mark below what is meant."""
    bar = paint("blue", "|")
    empty = f"{' ' * gutter} {bar}"
    yield f"{' ' * gutter}{paint('blue', '-->')} {place_text(place)}"
    line = lines.get((place["path"], place.get("cell", 0), place["line"]), "")
    if not line.strip():
        yield from [f"{empty} {words}"] if words else []
        return
    end = place["end_column"] if place["end_line"] == place["line"] else len(line.rstrip()) + 1
    text, start, length = _window(line, place["column"], end)
    number = paint("blue", str(place["line"]).rjust(gutter))
    yield empty
    yield f"{number} {bar} {text}".rstrip()
    marks = paint(style, f"{mark * max(1, length)}{' ' + words if words else ''}")
    yield f"{empty} {' ' * start}{marks}"


def _window(line: str, column: int, end: int) -> tuple[str, int, int]:
    """A line as shown, the column where its mark begins (from 0) and the mark's width."""
    before, marked = shown(line[: column - 1]), shown(line[: max(end, column) - 1])
    whole = shown(line)
    start, length = width(before), width(marked) - width(before)
    if width(whole) <= _WIDEST:
        return whole, start, length
    left = max(0, len(before) - 30)
    cut = whole[left : left + _WIDEST]
    prefix = "…" if left else ""
    suffix = "…" if left + _WIDEST < len(whole) else ""
    start = width(before[left:]) + len(prefix)
    return prefix + cut + suffix, start, min(length, max(1, width(cut) - width(before[left:])))


def summary(reports: list[FileReport], files: int, fixed: int, paint: Paint) -> str:
    """What was found, in a sentence."""
    records = [record for report in reports for record in report.findings]
    counts = Counter(record["severity"] for record in records)
    words = [_count(counts[name], one, many) for name, one, many in _NOUNS if counts[name]]
    read = _count(files, "file", "files")
    failed = sum(bool(report.error) for report in reports)
    left_out = f" {_count(failed, 'file was', 'files were')} not checked." if failed else ""
    done = f"Fixed {_count(fixed, 'finding', 'findings')}. " if fixed else ""
    if not words:
        return f"{done}{paint('green', 'No findings')} in {read}.{left_out}"
    places = len({record["path"] for record in records})
    text = f"{done}{'Left' if fixed else 'Found'}: {', '.join(words)} in {places} of {read}."
    fixable = sum(bool(record["fixes"]) for record in records)
    if fixable:
        text += f" {fixable} can be fixed with `--fix`."
    return text + left_out


def statistics(reports: Iterable[FileReport]) -> str:
    """How often each rule spoke."""
    records = [record for report in reports for record in report.findings]
    counts = Counter((record["rule"], record["severity"]) for record in records)
    wide = max((len(str(count)) for count in counts.values()), default=1)
    lines = [f"{count:>{wide}}  {severity:<11}  {rule}" for (rule, severity), count in counts.most_common()]
    return "\n".join(lines)


_NOUNS = (
    ("error", "error", "errors"),
    ("warning", "warning", "warnings"),
    ("information", "note", "notes"),
    ("hint", "hint", "hints"),
)


def _count(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many}"
