"""Numbers, tensors and the program's own strings as they are written in a report."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from samedevice.probe.result import Shown

LONGEST = 4000
"""Characters of a message; user code may raise with megabytes."""
_MOST = 4
"""Different shapes that are written out, of one value."""
_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "K"))


def clean(text: str, longest: int = LONGEST) -> str:
    """A string of the program that may be shown: cut, and what would change the display is spelled out."""
    kept = text if len(text) <= longest else text[:longest]
    if not (kept.isascii() and kept.isprintable()):
        kept = "".join(char if _shown(char) else _spelled(char) for char in kept)
    more = len(text) - longest
    return f"{kept} … ({more:,} more characters)" if more > 0 else kept


def _shown(char: str) -> bool:
    """Whether a character only adds to the text; those that turn its direction, and all other controls, do more."""
    return char in "\n\t" or char.isprintable() or bool(unicodedata.combining(char))


def _spelled(char: str) -> str:
    """A character as Python writes it in a string."""
    return "\n" if char == "\x85" or char in "\u2028\u2029" else char.encode("unicode_escape").decode("ascii")


def line(text: str, longest: int) -> str:
    """A string of the program on one line of so many characters."""
    kept = " ".join(clean(text[: 4 * longest], 4 * longest).split())
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return len(text) if text.isascii() else sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    """The columns of one character: wide ones take two, marks on others none."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def short(value: float, unit: str = "") -> str:
    """A value to three digits: `25.6 M`, `102 MB`, `8.18 GFLOPs`."""
    for size, letter in _UNITS:
        if abs(value) >= 0.9995 * size:
            return f"{_digits(value / size)} {letter}{unit}"
    return f"{_digits(value)} {unit}".rstrip()


def _digits(value: float) -> str:
    """A number to three digits, without zeros at the end of its fraction."""
    text = f"{value:.3g}" if abs(value) < 999.5 else f"{value:,.0f}"
    return text if "e" not in text else f"{value:.1g}"


def milliseconds(value: float) -> str:
    """A time to three digits: `3.40 ms`, `1.25 s`."""
    number, unit = (value / 1000, "s") if value >= 999.5 else (value, "ms")
    text = f"{number:#.3g}".removesuffix(".") if number < 999.5 else f"{number:,.0f}"
    return f"{text} {unit}"


def percent(now: float, before: float) -> str:
    """How much more or less: `+12 %`, `×25`; empty where it is the same or can't be said."""
    if before and now / before >= 10:
        return f"×{_digits(now / before)}"
    if not before or round(100 * (now - before) / before) == 0:
        return ""
    return f"{100 * (now - before) / before:+.0f} %".replace("-", "−")


def joined(parts: Iterable[str | None], mark: str = ", ") -> str:
    """The parts that say something."""
    return mark.join(part for part in parts if part)


def shape(*values: Shown | None) -> str:
    """The shapes in values: `[8, 3]`, `[8, 3] ×2`; of what holds no tensor, its type."""
    parts = [
        f"{text} ×{number}" if (number := len(list(same))) > 1 else text for text, same in groupby(_shapes(values))
    ]
    more = len(parts) - _MOST
    return joined([*parts[:_MOST], f"… {more} more" if more > 0 else ""])


def _shapes(values: tuple[Shown | None, ...]) -> Iterator[str]:
    """The shape of each tensor in values."""
    for value in values:
        tensors = list(tensors_in(value))
        if not tensors and value:
            yield line(str(value.get("type", "")), 30)
        for tensor in tensors:
            yield f"[{', '.join(str(size) for size in tensor['shape'])}]"


def facet(value: Shown | None, name: str) -> str:
    """The dtype or device of the tensors in a value; all of them where they differ."""
    found = dict.fromkeys(str(tensor.get(name, "")) for tensor in tensors_in(value))
    return line(joined(found), 40)


def tensor(value: Shown | None) -> str:
    """A value in a few words: `float32 [8, 3, 224, 224] cuda:0`."""
    return joined([facet(value, "dtype"), shape(value), facet(value, "device")], " ")


def tensors_in(value: object) -> Iterator[Shown]:
    """The tensors in a value of a result, whatever it is nested in."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            if isinstance(one.get("shape"), (list, tuple)):
                yield one
            else:
                waiting += reversed([inner for inner in one.values() if not isinstance(inner, str)])
        elif isinstance(one, (list, tuple)):
            waiting += reversed(one)


def count(value: int) -> str:
    """A whole number with commas."""
    return f"{value:,}"
