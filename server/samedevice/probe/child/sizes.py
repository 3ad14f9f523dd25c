"""What the text of an exception says of sizes: one that was there, and one that would have fitted."""

from __future__ import annotations

import re
from typing import Callable, Iterable, Iterator, Tuple

Pair = Tuple[int, int]
"""A size that was found, and what it should be."""


def said(text: str) -> list[Pair]:
    """The pairs that a text speaks of, the likeliest first."""
    for pattern, pairs in _TEXTS:
        match = re.search(pattern, text)
        if match:
            return [(found, wanted) for found, wanted in pairs(match) if found != wanted and wanted > 0]
    return []


def held(text: str) -> tuple[int, int] | None:
    """How many numbers there were where a `view` wanted how many, in the parts that are known."""
    match = re.search(r"shape '\[(.*?)\]' is invalid for input of size (\d+)", text)
    if match is None:
        return None
    wanted = 1
    for size in _list(match[1]):
        wanted *= size if size > 0 else 1
    return int(match[2]), wanted


def _list(text: str) -> list[int]:
    return [int(one) for one in re.findall(r"-?\d+", text)]


def _to_the_right(match: re.Match[str]) -> list[Pair]:
    return [(int(match[1]), int(match[2]))]


def _to_the_left(match: re.Match[str]) -> list[Pair]:
    return [(int(match[2]), int(match[1]))]


def _either_way(match: re.Match[str]) -> list[Pair]:
    return [(int(match[1]), int(match[2])), (int(match[2]), int(match[1]))]


def _side_by_side(match: re.Match[str]) -> list[Pair]:
    """Two shapes: what stands at the same place should be the same."""
    pairs = list(zip(_list(match[1]), _list(match[2])))
    return [*((one, other) for other, one in pairs), *pairs]


def _room(match: re.Match[str]) -> Iterator[Pair]:
    """An index may not reach over the edge."""
    for index, size in zip(_list(match[1]), _list(match[2])):
        if index > size:
            yield size, index


_TEXTS: list[tuple[str, Callable[[re.Match[str]], Iterable[Pair]]]] = [
    (r"cannot be multiplied \(\d+x(\d+) and (\d+)x\d+\)", _to_the_right),
    (r"tensor a \((\d+)\) must match the size of tensor b \((\d+)\)", _either_way),
    (r"Expected size (\d+) but got size (\d+)", _either_way),
    (r"attn_mask is torch\.Size\(\[(.*?)\]\), but should be \((.*?)\)", _side_by_side),
    (r"index \[(.*?)\] to be no larger than self \[(.*?)\]", _room),
    (r"index \[(.*?)\] to be no larger than src \[(.*?)\]", _room),
    (r"to have (\d+) channels, but got (\d+) channels", _to_the_left),
    (r"batch_size \((\d+)\) to match target batch_size \((\d+)\)", _either_way),
    (r"expanded size of the tensor \((\d+)\) must match the existing size \((\d+)\)", _either_way),
    (r"Number of indices \((\d+)\) should be equal to .*? \((\d+)\)", _either_way),
    (
        r"shape of the mask \[(.*?)\] at index \d+ does not match the shape of the indexed tensor \[(.*?)\]",
        _side_by_side,
    ),
]
