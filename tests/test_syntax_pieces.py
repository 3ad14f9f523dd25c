"""The top level of a file, told apart without reading its definitions, is what a parser finds."""

from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest

from samedevice.resolve import modules
from samedevice.syntax.parse import parse
from samedevice.syntax.pieces import Piece, outline, read
from samedevice.syntax.source import SourceFile

ROOT = Path(__file__).parent.parent
FILES = sorted([*(ROOT / "server").rglob("*.py"), *(ROOT / "tests").rglob("*.py")])


def _pieced(source: SourceFile) -> list[str] | None:
    """What the pieces of a file hold; None where it has to be read as a whole."""
    found = outline(source)
    if found is None:
        return None
    nodes = [read(source, one) if isinstance(one, Piece) else one for one in found.in_order()]
    return None if None in nodes else [ast.dump(one, include_attributes=True) for one in nodes if one is not None]


def _parsed(source: SourceFile) -> list[str]:
    return [ast.dump(one, include_attributes=True) for one in parse(source).tree.body]


def test_our_own_files() -> None:
    whole = 0
    for path in FILES:
        source = SourceFile(str(path), path.read_text(encoding="utf-8"))
        pieced = _pieced(source)
        whole += pieced is None
        assert pieced is None or pieced == _parsed(source), path
    assert whole < len(FILES) / 20


def test_broken_and_shuffled_files() -> None:
    chance, compared = random.Random(0), 0
    for path in chance.sample(FILES, 60):
        lines = path.read_text(encoding="utf-8").split("\n")
        for _ in range(8):
            at = chance.randrange(len(lines))
            lines.insert(at, chance.choice([lines.pop(at), '"""', "@x", "x = (", "def f(): pass", ")", "'''", "else:"]))
            source = SourceFile("a.py", "\n".join(lines))
            pieced = _pieced(source)
            if pieced is not None:
                compared += 1
                assert not parse(source).errors
                assert pieced == _parsed(source)
    assert compared > 10


ODD = {
    "words of a definition inside its string": 'def f():\n    """\ndef g():\n    """\n\ndef h(): pass\n',
    "words of a definition inside another string": 'TEXT = """\nclass A:\n    pass\n"""\n\ndef h(): pass\n',
    "a decorator over several lines": "@f(\n    1,\n)\n# why\n@g\nasync def h(): pass\nx = 1\n",
    "a signature that closes at the margin": "def h(\n    x,\n) -> int:\n    return x\n",
    "arguments at the margin": "def h():\n    return f(\nx,\n)\n",
    "a line that goes on at the margin": "def h():\n    return 1 + \\\n2\n",
    "code after a definition": "def h(): pass\nh = 1\nif h:\n    def h(): pass\nelse:\n    class h: pass\n",
    "Windows line ends": "import a\r\n\r\ndef h():\r\n    return 1\r\n",
    "a mark at the beginning": "\ufeffdef h(): pass\n",
    "letters of two bytes": "ä = 1\n\n\ndef h():\n    return 'ö', 1\n",
    "nothing": "",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_files(name: str) -> None:
    source = SourceFile("a.py", ODD[name])
    pieced = _pieced(source)
    assert pieced is None or pieced == _parsed(source)


def _binding(folder: Path, text: str, name: str) -> list[str]:
    path = folder / "module.py"
    path.write_text(text, encoding="utf-8")
    modules.forget()
    module = modules.load(str(path))
    assert module is not None
    first = module.binding(name)
    assert [id(node) for node in module.binding(name)] == [id(node) for node in first]
    return [ast.unparse(node) for node in first]


def test_all_that_binds_a_name_in_its_order(tmp_path: Path) -> None:
    text = "from a import h, other\n\ndef h(): pass\n\nh = other(h)\n\n@h\ndef h(): return 2\n"
    assert _binding(tmp_path, text, "h") == [
        "from a import h",
        "def h():\n    pass",
        "h = other(h)",
        "@h\ndef h():\n    return 2",
    ]


def test_a_module_with_a_broken_definition(tmp_path: Path) -> None:
    text = "def good():\n    return 1\n\ndef bad():\n    return (1\n\n\ndef late():\n    return 2\n"
    assert _binding(tmp_path, text, "late") == ["def late():\n    return 2"]
    assert _binding(tmp_path, text, "bad") == [ast.unparse(node) for node in _mended(text, "bad")]


def _mended(text: str, name: str) -> list[ast.stmt]:
    return [node for node in parse(SourceFile("a.py", text)).tree.body if getattr(node, "name", None) == name]


def test_only_what_is_asked_for_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def reading(source: SourceFile, piece: Piece) -> ast.stmt | None:
        seen.append(piece.name)
        return read(source, piece)

    monkeypatch.setattr("samedevice.resolve.modules.read_piece", reading)
    _binding(tmp_path, "def one(): pass\n\ndef two(): pass\n\nclass three: pass\n", "two")
    assert seen == ["two"]
