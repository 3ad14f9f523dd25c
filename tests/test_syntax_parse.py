"""Parsing never raises, keeps every line in its place, and loses only what is broken."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from samedevice.syntax.parse import Parsed, parse
from samedevice.syntax.reading import Unreadable, decode, read
from samedevice.syntax.source import SourceFile


def parsed(text: str) -> Parsed:
    return parse(SourceFile("x.py", text))


def names(text: str) -> set[str]:
    """The names bound at the top of what could be read."""
    found = set()
    for node in parsed(text).tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def test_good_text_has_no_errors_and_is_parsed_once() -> None:
    source = SourceFile("x.py", "x = 1\n")
    assert parse(source) == Parsed(parse(source).tree, ())
    assert parse(source) is parse(source)


BROKEN = {
    "an open bracket": ("a = 1\nb = f(\nc = 3\ndef g(x):\n    return x\n", {"a", "b", "c", "g"}),
    "an attribute being typed": ("a = 1\ndef f():\n    a.\n    b = 1\n    return b\ndef g(): pass\n", {"a", "f", "g"}),
    "a header without a colon": ("if x\n    a = 1\nb = 2\n", {"b"}),
    "a header without a body": ("def f():\nb = 2\n", {"f", "b"}),
    "a try alone": ("try:\n    a = 1\nb = 2\n", {"b"}),
    "a try at the end": ("def f():\n    try:\n        a = 1\n", {"f"}),
    "an else alone": ("else:\n    a = 1\nb = 2\n", {"b"}),
    "an open string": ("a = 'abc\nb = 2\n", {"a", "b"}),
    "an open docstring": ('def f():\n    """doc\n    a = 1\n\ndef g():\n    """other"""\n', {"f", "g"}),
    "too much indentation": ("a = 1\n      b = 2\n      c = 3\nd = 4\n", {"a", "d"}),
    "too little indentation": ("if a:\n      b = 2\n   c = 3\nd = 4\n", {"d"}),
    "half a signature": ("def f(a,\n    return a\nb = 1\n", {"f", "b"}),
    "a missing comma": ("a = {\n  'x': 1\n  'y': 2,\n}\nb = 2\n", {"a", "b"}),
    "a decorator being typed": ("@\ndef f(): pass\na = 1\n", {"f", "a"}),
    "half an import": ("import\nfrom a import\nb = 1\n", {"b"}),
    "deep brackets": (f"a = {'(' * 300}{')' * 300}\nb = 2\n", {"a", "b"}),
    "a huge expression": (f"a = {'-' * 100_000}1\nb = 2\n", {"b"}),
    "a huge number": (f"a = {'1' * 5000}\nb = 2\n", {"b"}),
    "tabs and spaces": ("if a:\n        b = 1\n\tc = 2\nd = 3\n", {"d"}),
    "Python 2": ("print 'a'\nexec 'b'\na = 1\nraise E, 'b'\n", {"a"}),
}


@pytest.mark.parametrize("case", BROKEN)
def test_only_the_broken_statement_is_lost(case: str) -> None:
    text, kept = BROKEN[case]
    result = parsed(text)
    assert result.errors
    assert names(text) >= kept


def test_lines_of_messages_are_those_of_the_file() -> None:
    result = parsed("a = 1\n\ndef f():\n    pass\n\ndef g():\n    if a:\n    b = 1\n")
    assert [(error.span.line, error.message) for error in result.errors] == [
        (8, "expected an indented block after 'if' statement on line 7")
    ]


def test_definitions_in_a_string_are_none_of_a_broken_file() -> None:
    text = 'TEXT = """\ndef f():\n    return (\n"""\na = (\n\ndef g(): pass\n'
    assert names(text) == {"TEXT", "a", "g"}
    assert [error.span.line for error in parsed(text).errors] == [5]


def test_a_string_just_begun_breaks_only_its_own_piece() -> None:
    text = "def f():\n    \"\"\"\n    return 1\n\ndef g():\n    '''doc'''\n    return 2\n\ndef h():\n    return (\n"
    assert names(text) == {"f", "g", "h"}
    assert [error.span.line for error in parsed(text).errors] == [2, 10]


def test_lines_and_columns_stay() -> None:
    text = "b = f(\ndef g(x):\n    pass\nclass A(:\n    y = 1\n"
    found = {
        node.name: node.lineno
        for node in ast.walk(parsed(text).tree)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    assert found == {"g": 2, "A": 4}
    assert [error.span.line for error in parsed(text).errors] == [1, 4]


def test_a_broken_assignment_forgets_the_old_value() -> None:
    tree = parsed("x = 1\nx = x.to(\n").tree
    assert ast.unparse(tree.body[1]).startswith("x = _")


def test_a_body_stays_when_its_header_breaks() -> None:
    tree = parsed("class A(nn.Module:\n    def f(self, x):\n        return x\n").tree
    assert isinstance(tree.body[0], ast.ClassDef)
    assert isinstance(tree.body[0].body[0], ast.FunctionDef)


@pytest.mark.parametrize(
    "text",
    ["\ufeffx = 1\ny = x\n", "x = 1\0\ny = 2\n", "x = '\ud800'\ny = 2\n", "x = 1\f\n\fy = 2\n", "x = 1\r\ny = 2\r"],
)
def test_strange_characters(text: str) -> None:
    assert names(text) == {"x", "y"}


def test_the_byte_order_mark_counts_as_a_column() -> None:
    source = SourceFile("x.py", "\ufeffx = yy\n")
    node = parse(source).tree.body[0]
    assert isinstance(node, ast.Assign)
    assert source.text_of(node.value) == "yy"


def test_columns_beside_a_lone_surrogate() -> None:
    source = SourceFile("x.py", "x = '\ud800é', yy\n")
    node = parse(source).tree.body[0]
    assert isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
    assert source.text_of(node.value.elts[1]) == "yy"


def test_null_bytes_are_reported() -> None:
    (error,) = parsed("x = 1\ny\0 = 2\n").errors
    assert (error.span.line, error.span.column) == (2, 2)


def test_warnings_are_silent() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not parsed("x = '\\d'\nif x is 1: pass\n").errors


def test_many_errors_take_bounded_time() -> None:
    text = "print 'a'\n" * 3000 + "def f(:\n  x = = 1\n" * 300
    start = monotonic()
    assert parsed(text).errors
    assert monotonic() - start < 20


PROGRAM = '''import torch
from torch import nn


class Net(nn.Module):
    """A network."""

    def __init__(self, n: int = 3) -> None:
        super().__init__()
        self.layers = [nn.Linear(n, n) for _ in range(2)]
        try:
            self.x = {"a": 1, 'b': [2, 3]}
        except (KeyError, ValueError) as error:
            raise RuntimeError(f"no {error!r}") from error
        finally:
            pass

    @property
    def device(self): return next(self.parameters()).device

    async def forward(self, x, *args, **kwargs):
        with torch.no_grad(), open("x") as f:
            for i in range(3):
                if i == 1: continue
                elif i > 2:
                    x = x + \\
                        1
                else: x = (lambda y: y)(x)
        match x:
            case [a, *_]: return a
            case _: yield """text
over lines"""
'''


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(PROGRAM)),
            st.integers(0, 40),
            st.sampled_from(
                ["", "(", ")", '"""', "'", "\n", "    ", "\t", "if x:", "def ", "\\", "\0", "é", ":", "\ud800", "@"]
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_change_of_a_program_raises(changes: list[tuple[int, int, str]]) -> None:
    text = PROGRAM
    for start, length, new in changes:
        text = text[:start] + new + text[start + length :]
    _holds_together(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1 \n\t\f\r\"'()[]{}:=,.\\#@\0éif\ufeff\ud800\u2028\x1c"), max_size=60))
@example("f(\n\u2028\n")
def test_no_text_raises(text: str) -> None:
    _holds_together(text)


def _holds_together(text: str) -> None:
    """What `parse` promises of any text."""
    source = SourceFile("x.py", text)
    result = parse(source)
    assert isinstance(result.tree, ast.Module)
    for error in result.errors:
        assert 1 <= error.span.line <= len(source.lines)
        assert (error.span.line, error.span.column) < (error.span.end_line, error.span.end_column)
    for node in ast.walk(result.tree):
        if hasattr(node, "lineno"):
            assert 1 <= node.lineno <= len(source.lines)
            source.text_of(node)


def test_reading_keeps_text_and_encoding(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    for data in [b"\xef\xbb\xbfx = '\xc3\xa9'\r\n", b"# coding: latin-1\nx = '\xe9'\n", b""]:
        file.write_bytes(data)
        source, encoded = read(file)
        assert encoded.encode(source.text) == data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x = '\xe9'\n", "utf-8"),
        (b"# coding: nonsense\n", "nonsense"),
        (b"\xff\xfex\0", "UTF-16"),
        (b"\x7fELF\0\0\x80", "binary"),
    ],
)
def test_what_is_no_text_is_said_so(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        decode(data)
