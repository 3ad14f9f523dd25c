"""The report on a terminal: the failure first, then a table as torchinfo prints it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

from samedevice.probe.report import summary
from samedevice.probe.report.advice import advice, name_of, odd
from samedevice.probe.report.compare import Comparison, compare
from samedevice.probe.report.table import Column, columns, title
from samedevice.probe.report.tree import Row, rows
from samedevice.probe.report.words import clean, count, facet, joined, line, milliseconds, shape, short, width
from samedevice.probe.result import Failure, Result, Run

Paint = Callable[[str, str], str]
"""Colours a text, given a style's name: `red`, `yellow`, `green`, `blue`, `bold`."""
_SIGNS = {"clean": ("green", "✓"), "mismatch": ("red", "✗"), "error": ("red", "✗"), "uncertain": ("yellow", "?")}
_GAP = "  "
_NAME = 40
"""Columns below which the name of a layer is not cut before other columns are left out."""
_WIDEST_CELL = 34
_MOST_CHANGES = 20


def plain(_style: str, words: str) -> str:
    """No colours."""
    return words


def text(
    result: Result,
    previous: Result | None = None,
    *,
    columns: int = 100,
    depth: int | None = None,
    paint: Paint = plain,
) -> str:
    """The whole report for a terminal so many columns wide; with a depth, deeper layers are left out."""
    run = _shown_run(result)
    since = compare(result, run, previous) if run else None
    parts = [_verdict(result, paint), *_failures(result, paint, columns)]
    parts += [textwrap.fill(f"Note: {note}", columns) for note in summary.notes(result)]
    if run:
        parts += [_table(run, columns, depth, paint), _totals(result, run, since, columns)]
    if len(result.runs) > 1:
        parts.append(_runs(result, paint))
    if since:
        parts.append(_changes(since, columns, paint))
    if summary.virtual(result):
        parts.append(textwrap.fill(summary.VIRTUAL, columns))
    return "\n\n".join(part for part in parts if part) + "\n"


def _shown_run(result: Result) -> Run | None:
    """The run whose layers are listed: the one that failed, else the first."""
    return next((run for run in result.runs if run.failure), result.runs[0] if result.runs else None)


def _verdict(result: Result, paint: Paint) -> str:
    """The answer in two lines."""
    style, sign = _SIGNS.get(result.verdict, ("blue", "–"))
    head = f"{paint(style, f'{sign} {result.verdict}')}: {line(result.why, 2000)}"
    return f"{head}\n{joined([summary.place(result), *summary.environment(result)], ' · ')}"


def _failures(result: Result, paint: Paint, wide: int) -> Iterator[str]:
    """What went wrong, each once."""
    seen = set()
    for name, failure in [("", result.failure), *((summary.run_name(run), run.failure) for run in result.runs)]:
        if failure and (key := (failure.file, failure.line, failure.message)) not in seen:
            seen.add(key)
            yield _failure(failure, name if len(result.runs) > 1 else "", paint, wide)


def _failure(failure: Failure, run: str, paint: Paint, wide: int) -> str:
    """One failure: what, where, with which tensors, what to do."""
    number = str(failure.line or "")
    gutter = " " * len(number)
    bar, mark = paint("blue", "|"), paint("blue", "=")
    head = joined([run, summary.where(failure)], ": ")
    parts = [
        paint("bold", head),
        paint("red", failure.error and line(failure.error, 80) + ": ") + clean(failure.message).strip(),
    ]
    if failure.file:
        parts += [f"{gutter}{paint('blue', '-->')} {line(failure.file, 400)}:{failure.line or 1}"]
        if failure.text.strip():
            parts += [f"{gutter} {bar}", f"{paint('blue', number)} {bar} {line(failure.text, wide)}", f"{gutter} {bar}"]
    parts += [f"{gutter} {mark} {operand}" for operand in _operands(failure, paint)]
    told = [
        ("what to do", advice(failure)),
        ("note", clean(failure.note)),
        ("note", "" if failure.certain else "not certain"),
    ]
    for label, words in told:
        if words:
            indent = f"{gutter}   "
            parts.append(f"{gutter} {mark} {textwrap.fill(f'{label}: {words}', wide, subsequent_indent=indent)}")
    return "\n".join(parts)


def _operands(failure: Failure, paint: Paint) -> list[str]:
    """The tensors that met, in columns; what does not fit is red."""
    facets = ("device", "dtype", "shape")
    cells = [
        [name_of(one), *(shape(one) if name == "shape" else facet(one, name) for name in facets)]
        for one in failure.operands
    ]
    widths = [max((width(row[place]) for row in cells), default=0) for place in range(4)]
    lines = []
    for operand, row in zip(failure.operands, cells, strict=True):
        unlike = odd(failure, operand)
        padded = [_left(cell, wide) for cell, wide in zip(row, widths, strict=True)]
        shown = [
            padded[0],
            *(paint("red", cell) if name in unlike else cell for name, cell in zip(facets, padded[1:], strict=True)),
        ]
        lines.append(_GAP.join(shown).rstrip())
    return lines


def _table(run: Run, wide: int, depth: int | None, paint: Paint) -> str:
    """The layers."""
    found = [row for row in rows(run) if depth is None or row.level <= depth]
    if not found:
        return ""
    names = [_branches(row) + title(row) for row in found]
    cells, shown, name_width = _fitting(found, columns(found), wide, max(width(name) for name in names))
    rule = "=" * (name_width + sum(size + len(_GAP) for _, size in shown))
    head = _GAP.join(
        [_left("Layer (name: class)", name_width), *(_aligned(column.title, column, size) for column, size in shown)]
    )
    body = [
        _line(row, name, [cells[column.title][place] for column, _ in shown], shown, name_width, paint)
        for place, (row, name) in enumerate(zip(found, names, strict=True))
    ]
    return "\n".join([rule, head.rstrip(), rule, *body, rule])


def _fitting(
    found: list[Row], wanted: list[Column], wide: int, name: int
) -> tuple[dict[str, list[str]], list[tuple[Column, int]], int]:
    """The cells, the columns that there is room for with their widths, and the width of the first column."""
    cells = {column.title: [_cut(column.cell(row), _WIDEST_CELL) for row in found] for column in wanted}
    sizes = {title: max(len(title), *(width(cell) for cell in column)) for title, column in cells.items()}
    kept = list(wanted)
    while kept and wide - sum(sizes[column.title] + len(_GAP) for column in kept) < min(name, _NAME):
        last = max(kept, key=lambda column: column.dispensable)
        if not last.dispensable:
            break
        kept.remove(last)
    room = wide - sum(sizes[column.title] + len(_GAP) for column in kept)
    least = len("Layer (name: class)")
    return cells, [(column, sizes[column.title]) for column in kept], max(least, min(max(name, least), room))


def _line(row: Row, name: str, cells: list[str], shown: list[tuple[Column, int]], name_width: int, paint: Paint) -> str:
    """One layer; the one that failed is marked."""
    aligned = [_aligned(cell, *column) for cell, column in zip(cells, shown, strict=True)]
    words = _GAP.join([_left(_cut(name, name_width), name_width), *aligned]).rstrip()
    return paint("red", f"{words}  ✗") if row.stopped else words


def _branches(row: Row) -> str:
    """The lines that lead to a layer, as torchinfo draws them."""
    if not row.level:
        return ""
    return "".join("│   " if follows else "    " for follows in row.bars[1:-1]) + ("├─" if row.bars[-1] else "└─")


def _aligned(cell: str, column: Column, size: int) -> str:
    """A cell in its column."""
    return " " * (size - width(cell)) + cell if column.number else _left(cell, size)


def _left(cell: str, size: int) -> str:
    """A cell with spaces behind it."""
    return cell + " " * (size - width(cell))


def _cut(cell: str, size: int) -> str:
    """A cell that is not wider than its column."""
    if width(cell) <= size:
        return cell
    while width(cell) > size - 1:
        cell = cell[:-1]
    return cell + "…"


def _totals(result: Result, run: Run, since: Comparison | None, wide: int) -> str:
    """The sums, in torchinfo's words where it has them."""
    network = result.network
    total, trainable = network.get("parameters"), network.get("trainable")
    told: list[tuple[str, str]] = []
    if total is not None:
        told += [("Total params", count(total)), ("Trainable params", count(trainable or 0))]
        told += [("Non-trainable params", count(total - (trainable or 0)))]
    if network.get("bytes"):
        told.append(("Params and buffers size", short(network["bytes"], "B")))
    if run.mult_adds is not None:
        told.append(("Total mult-adds", short(run.mult_adds)))
    told += [
        (one.label, joined([one.value, one.change, one.detail], _GAP))
        for one in [*summary.figures(result, run, since)[1:], *summary.flow(result, run)]
    ]
    lines = [f"{label}: {words}" for label, words in told]
    return "\n".join([*lines, "=" * min(wide, max(map(width, lines), default=0))])


def _runs(result: Result, paint: Paint) -> str:
    """The runs side by side."""
    table = [["Run", "Verdict", "Forward", "Backward", "Peak", "Output differs by", "Refused by"]]
    for run in result.runs:
        peak = short(run.peak_bytes, "B") if run.peak_bytes is not None else ""
        times = [milliseconds(time) if time is not None else "" for time in (run.ms, run.backward_ms)]
        refused = line(run.failure.layer or "", 60) if run.failure else ""
        table.append(
            [
                summary.run_name(run),
                run.verdict,
                *times,
                peak,
                summary.difference(run).removeprefix("differs by "),
                refused,
            ]
        )
    used = [place for place in range(len(table[0])) if any(row[place] for row in table[1:])]
    widths = {place: max(width(row[place]) for row in table) for place in used}
    lines = [_GAP.join(_left(row[place], widths[place]) for place in used).rstrip() for row in table]
    return "\n".join([paint("bold", lines[0]), *lines[1:]])


def _changes(since: Comparison, wide: int, paint: Paint) -> str:
    """What is different from the run before."""
    lines = [f"Since the previous run: {summary.changed(since)}"]
    for one in since.changes[:_MOST_CHANGES]:
        words = f"  {one.path or '(network)'}: {one.what} {joined([one.before, one.now], ' → ')} {one.change}".rstrip()
        lines.append(paint("red", _cut(words, wide)) if one.worse else _cut(words, wide))
    if len(since.changes) > _MOST_CHANGES:
        lines.append(f"  … {len(since.changes) - _MOST_CHANGES} more")
    return "\n".join(lines)
