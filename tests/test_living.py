"""The tree of a file that is being edited: equal to a fresh one, with the nodes of what did not change."""

from __future__ import annotations

import ast
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samedevice.syntax.living import Living
from samedevice.syntax.nodes import revision
from samedevice.syntax.parse import parse
from samedevice.syntax.source import SourceFile

TEXT = '''import torch


@decorated
class Net(Base):
    """Words."""

    size = 3

    def __init__(self):
        super().__init__()
        self.a = 1

    def forward(self, x):
        y = x + 1
        return y


def helper(x):
    for i in range(3):
        yield i


if __name__ == "__main__":
    net = Net()
'''


def _dumped(tree: ast.Module) -> list[str]:
    return [ast.dump(node, include_attributes=True) for node in tree.body]


def _is_fresh(living: Living) -> None:
    """The tree is the one that a fresh reading of the text gives, places included."""
    fresh = parse(SourceFile("a.py", living.source.text))
    assert _dumped(living.tree) == _dumped(fresh.tree)
    assert parse(living.source).errors == fresh.errors
    assert [*living.order] == living.tree.body
    numbers = [living.order[node] for node in living.tree.body]
    assert numbers == sorted(set(numbers))


def _class(living: Living) -> ast.ClassDef:
    return next(node for node in living.tree.body if isinstance(node, ast.ClassDef))


def test_a_changed_body_keeps_every_node_but_its_own() -> None:
    living = Living(SourceFile("a.py", TEXT))
    before, methods = list(living.tree.body), list(_class(living).body)
    living.become(TEXT.replace("x + 1", "x + 2"))
    _is_fresh(living)
    assert living.tree.body == before
    assert _class(living).body == methods
    assert [revision(node) > 0 for node in methods] == [False, False, False, True]


def test_a_statement_of_a_changed_body_keeps_its_node() -> None:
    living = Living(SourceFile("a.py", TEXT))
    forward = _class(living).body[3]
    assert isinstance(forward, ast.FunctionDef)
    last = forward.body[-1]
    living.become(TEXT.replace("y = x + 1", "y = x + 2\n        z = y"))
    _is_fresh(living)
    assert forward.body[-1] is last


def test_lines_above_move_what_is_below() -> None:
    living = Living(SourceFile("a.py", TEXT))
    before = list(living.tree.body)
    living.become("\n# more\n\n" + TEXT)
    _is_fresh(living)
    assert living.tree.body == before


def test_what_is_undone_comes_back_with_its_revision() -> None:
    living = Living(SourceFile("a.py", TEXT))
    forward = _class(living).body[3]
    assert isinstance(forward, ast.FunctionDef)
    body = list(forward.body)
    for text in (TEXT.replace("x + 1", "x + 2"), "\n" + TEXT):
        living.become(text)
    _is_fresh(living)
    assert revision(forward) == 0
    assert forward.body == body


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("size = 3", "size = 4"),
        ("class Net(Base)", "class Net(Other)"),
        ("def forward(self, x)", "def forward(self, x, y)"),
        ("yield i", "print(i)"),
        ("@decorated\n", ""),
    ],
)
def test_what_the_main_part_reads_is_a_new_statement(old: str, new: str) -> None:
    living = Living(SourceFile("a.py", TEXT))
    before = list(living.tree.body)
    living.become(TEXT.replace(old, new))
    _is_fresh(living)
    assert len([node for node in living.tree.body if node not in before]) == 1


def test_a_broken_text_keeps_the_rest() -> None:
    living = Living(SourceFile("a.py", TEXT))
    before = list(living.tree.body)
    living.become(TEXT.replace("y = x + 1", "y = (x + 1"))
    _is_fresh(living)
    assert living.tree.body == before
    living.become(TEXT)
    _is_fresh(living)
    assert [revision(node) for node in _class(living).body] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("y = x + 1", "y = (x + 1"),
        ("size = 3", "size ="),
        ("def forward(self, x):", "def forward(self, x"),
        ("for i in range(3):", "for i in range(3)"),
        ('if __name__ == "__main__":', 'if __name__ == "__main__"'),
        ("import torch", "import"),
    ],
)
def test_a_broken_edit_reads_only_what_is_around_it(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    living = Living(SourceFile("a.py", TEXT))
    last = living.tree.body[-1] if "__main__" not in old else living.tree.body[0]
    with monkeypatch.context() as patch:
        patch.setattr("samedevice.syntax.parse._parse", lambda source: pytest.fail("all of it was read"))
        living.become(TEXT.replace(old, new))
        living.become(TEXT.replace(old, new + " "))
        living.become(TEXT.replace(old, new))
    _is_fresh(living)
    assert parse(living.source).errors
    assert last in living.tree.body
    living.become(TEXT)
    _is_fresh(living)


PIECES = [
    "(",
    ")",
    '"""',
    "\\",
    ";",
    "#",
    ":",
    "else:",
    "@x",
    "  ",
    "\n",
    "\n\n",
    "x = 1\n",
    "\ufeff",
    "\0",
    "\t",
    "async ",
    "'",
]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_random_edits_give_the_fresh_tree(seed: int) -> None:
    chance = random.Random(seed)
    text = TEXT
    living = Living(SourceFile("a.py", text))
    for _ in range(8):
        at = chance.randrange(len(text) + 1)
        if chance.random() < 0.3:
            text = TEXT
        elif chance.random() < 0.5:
            text = text[:at] + chance.choice(PIECES) + text[at:]
        else:
            text = text[:at] + text[at + chance.randrange(1, 30) :]
        living.become(text)
        _is_fresh(living)
