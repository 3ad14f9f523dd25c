"""The builders of edits keep the rest of the text as it was."""

from __future__ import annotations

import ast

import pytest

from samedevice.rules import _edits as edits
from samedevice.syntax.source import SourceFile


def _value(text: str) -> tuple[SourceFile, ast.expr]:
    """The value of the last assignment or expression of a text."""
    last = ast.parse(text).body[-1]
    assert isinstance(last, ast.Assign | ast.Expr)
    return SourceFile("a.py", text), last.value


def _call(text: str) -> tuple[SourceFile, ast.Call]:
    source, value = _value(text)
    assert isinstance(value, ast.Call)
    return source, value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("y = x", "y = x.to(d)"),
        ("y = f(x)[0]", "y = f(x)[0].to(d)"),
        ("y = a + b", "y = (a + b).to(d)"),
        ("y = (a + b)", "y = ((a + b).to(d))"),
        ("y = a if b else c", "y = (a if b else c).to(d)"),
        ("y = -x", "y = (-x).to(d)"),
        ("y = lambda: x", "y = (lambda: x).to(d)"),
        ("é = '😀' + x", "é = ('😀' + x).to(d)"),
        ("y = f(\n    x,\n)", "y = f(\n    x,\n).to(d)"),
    ],
)
def test_append(text: str, wanted: str) -> None:
    source, value = _value(text)
    assert edits.applied(text, edits.append(source, value, ".to(d)")) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("torch.zeros()", "torch.zeros(device=d)"),
        ("torch.zeros(3)", "torch.zeros(3, device=d)"),
        ("torch.zeros(3,)", "torch.zeros(3, device=d,)"),
        ("torch.zeros((3))", "torch.zeros((3), device=d)"),
        ("torch.zeros((1, 2))", "torch.zeros((1, 2), device=d)"),
        ("torch.zeros(3, device='cpu')", "torch.zeros(3, device=d)"),
        ("torch.zeros(\n    3,  # three )\n)", "torch.zeros(\n    3, device=d,  # three )\n)"),
        ("torch.zeros(*sizes)", "torch.zeros(*sizes, device=d)"),
        ("torch.zeros(3, **kw)", "torch.zeros(3, **kw, device=d)"),
        ("torch.zeros(3, dtype=(torch.long))", "torch.zeros(3, dtype=(torch.long), device=d)"),
    ],
)
def test_keyword(text: str, wanted: str) -> None:
    source, call = _call(text)
    assert edits.applied(text, edits.keyword(source, call, "device", "d")) == wanted


def test_a_lone_generator_takes_no_keyword() -> None:
    source, call = _call("f(x for x in y)")
    with pytest.raises(edits.Uneditable):
        edits.keyword(source, call, "device", "d")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("f(a, pin=True)", "f(a)"),
        ("f(pin=True)", "f()"),
        ("f(a, pin=True, b=1)", "f(a, b=1)"),
    ],
)
def test_drop_argument(text: str, wanted: str) -> None:
    source, call = _call(text)
    given = next(one for one in call.keywords if one.arg == "pin")
    assert edits.applied(text, edits.drop_argument(source, call, given)) == wanted


def test_before_and_after() -> None:
    text = "def f(x):\n    y = x\n    return y"
    source, body = SourceFile("a.py", text), ast.parse(text).body[0].body  # type: ignore[attr-defined]  # a function
    assert edits.applied(text, edits.before(source, body[0], "a = 1")) == (
        "def f(x):\n    a = 1\n    y = x\n    return y"
    )
    assert edits.applied(text, edits.after(source, body[1], "a = 1")) == (
        "def f(x):\n    y = x\n    return y\n    a = 1"
    )


def test_before_a_statement_that_shares_its_line() -> None:
    text = "if a: b = 1"
    statement = ast.parse(text).body[0].body[0]  # type: ignore[attr-defined]  # an if
    with pytest.raises(edits.Uneditable):
        edits.before(SourceFile("a.py", text), statement, "c = 1")


def test_move_before() -> None:
    text = "a = 1\nb = 2\nc = 3\nd = 4\n"
    source, body = SourceFile("a.py", text), ast.parse(text).body
    assert edits.applied(text, edits.move_before(source, body[2], body[0])) == "c = 3\na = 1\nb = 2\nd = 4\n"
    assert edits.applied(text, edits.move_after(source, body[2], body[0])) == "a = 1\nc = 3\nb = 2\nd = 4\n"


def test_remove_the_last_line() -> None:
    text = "a = 1\nb = 2"
    source, body = SourceFile("a.py", text), ast.parse(text).body
    assert edits.applied(text, edits.remove(source, body[1])) == "a = 1"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"""Doc."""\nx = 1', '"""Doc."""\nimport torch\nx = 1'),
        ("import a\nimport b\nx = 1\nimport c", "import a\nimport b\nimport torch\nx = 1\nimport c"),
    ],
)
def test_add_import(text: str, wanted: str) -> None:
    source = SourceFile("a.py", text)
    assert edits.applied(text, edits.add_import(source, ast.parse(text), "import torch")) == wanted


def test_wrap() -> None:
    source, value = _value("y = [a, b]")
    assert edits.applied(source.text, edits.wrap(source, value, "nn.ModuleList(", ")")) == "y = nn.ModuleList([a, b])"


def test_new_lines_are_indented() -> None:
    text = "def f(x):\n    y = x"
    source, body = SourceFile("a.py", text), ast.parse(text).body[0].body  # type: ignore[attr-defined]  # a function
    assert edits.applied(text, edits.before(source, body[0], "if a:\n    b = 1")) == (
        "def f(x):\n    if a:\n        b = 1\n    y = x"
    )


def test_a_moved_statement_keeps_its_lines() -> None:
    text = "if a:\n    b = 1\n    c = [\n        2,\n    ]\n"
    source, body = SourceFile("a.py", text), ast.parse(text).body[0].body  # type: ignore[attr-defined]  # an if
    assert edits.applied(text, edits.move_before(source, body[1], body[0])) == (
        "if a:\n    c = [\n        2,\n    ]\n    b = 1\n"
    )
