"""The text of a document after changes is what a simple model says it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp.model import changed
from samedevice.lsp.positions import ENCODINGS, UTF8, UTF16, UTF32, chosen, points, units
from samedevice.lsp.text import Text, split

PIECES = st.lists(
    st.sampled_from(["a", "é", "😀", "𝒳", "\n", "\r", "\r\n", "\t", "\u2028", "\x0c", "x = 1"]), max_size=12
)
PLACES = st.tuples(st.integers(0, 9), st.integers(0, 9))


def test_encoding_is_the_clients_first_that_is_known() -> None:
    assert chosen(["utf-8", "utf-16"]) == UTF8
    assert chosen(["utf-7", "utf-32"]) == UTF32
    assert chosen(None) == chosen([]) == chosen("utf-8") == UTF16


@pytest.mark.parametrize(("encoding", "columns"), [(UTF8, [0, 1, 5, 7]), (UTF16, [0, 1, 3, 4]), (UTF32, [0, 1, 2, 3])])
def test_columns(encoding: str, columns: list[int]) -> None:
    line = "a😀é"
    assert [units(line[:index], encoding) for index in range(4)] == columns
    assert [points(line, column, encoding) for column in columns] == [0, 1, 2, 3]
    assert points(line, 99, encoding) == 3


def test_a_place_inside_a_character_is_its_start() -> None:
    assert points("😀b", 1, UTF16) == 0
    assert points("😀b", 3, UTF8) == 0


@given(PIECES)
def test_split_keeps_everything(pieces: list[str]) -> None:
    text = "".join(pieces)
    lines = split(text)
    assert "".join(lines) == text
    assert [line.rstrip("\r\n") for line in lines] == re.split(r"\r\n|\r|\n", text)


@given(st.sampled_from(ENCODINGS), PIECES, st.lists(st.tuples(PLACES, PLACES, PIECES), max_size=6))
def test_changes(
    encoding: str, pieces: list[str], changes: list[tuple[tuple[int, int], tuple[int, int], list[str]]]
) -> None:
    text = Text("".join(pieces), encoding)
    model = "".join(pieces)
    for one, other, new in changes:
        start, end = sorted([one, other])
        written = "".join(new)
        first, last = ({"line": line, "character": character} for line, character in (start, end))
        change = {"range": {"start": first, "end": last}, "text": written}
        text.change(change)
        model = changed(model, change, encoding)
        assert str(text) == model
        assert text.lines == split(model)
