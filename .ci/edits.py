"""Random edits of Python text, as people make them while they type: half of them leave it broken for a moment."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Edit = Callable[[list[str], random.Random], None]
"""Changes lines in place."""

_WORDS = [
    "x",
    "self",
    "device",
    "torch.zeros(3)",
    "None",
    "'cuda'",
    "torch.float64",
    "(",
    ")",
    ":",
    "[",
    '"',
    ".",
    "if",
]
_MOVES = [".to('cuda')", ".cpu()", ".half()", ".double()", ".to(device)", ".float()"]
_LINES = ["x = torch.zeros(3)", "return x", "y = x.to('cuda')", "self.extra = torch.ones(2)", "import math", "x ="]


def random_edit(text: str, chance: random.Random) -> tuple[str, str]:
    """The name of an edit and the text after it."""
    lines = text.split("\n")
    edit = chance.choice(EDITS)
    edit(lines, chance)
    return edit.__name__.strip("_"), "\n".join(lines)


def _token(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    words = list(re.finditer(r"\w+|[^\w\s]", lines[at]))
    if words:
        word = chance.choice(words)
        lines[at] = lines[at][: word.start()] + chance.choice(_WORDS) + lines[at][word.end() :]


def _number(lines: list[str], chance: random.Random) -> None:
    at = _line_with(lines, r"\b\d+\b", chance)
    lines[at] = re.sub(r"\b\d+\b", str(chance.randrange(9)), lines[at], count=1)


def _deletion(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    del lines[at : at + chance.choice([1, 1, 1, 2, 5])]
    if not lines:
        lines.append("")


def _duplication(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    part = lines[at : at + chance.choice([1, 1, 3, 10])]
    to = chance.randrange(len(lines) + 1)
    lines[to:to] = part


def _new_line(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    lines.insert(at, _indent(lines[at]) + chance.choice(_LINES))


def _blank_lines_above(lines: list[str], chance: random.Random) -> None:
    at = chance.choice([0, chance.randrange(len(lines))])
    lines[at:at] = [""] * chance.choice([1, 2, 7])


def _comment(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    words = chance.choice(["note", "samedevice: ignore[device-mismatch]", "é😀", "samedevice: ignore"])
    if chance.random() < 0.5:
        lines[at] += f"  # {words}"
    else:
        lines.insert(at, f"{_indent(lines[at])}# {words}")


def _broken(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]


def _indentation(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    lines[at] = f"    {lines[at]}" if chance.random() < 0.5 else lines[at].removeprefix("    ")


def _rename(lines: list[str], chance: random.Random) -> None:
    names = re.findall(r"\b(?:def|class)\s+(\w+)|\b(\w+)\s*=", "\n".join(lines))
    flat = [name for pair in names for name in pair if name]
    if flat:
        name = chance.choice(flat)
        at = _line_with(lines, rf"\b{name}\b", chance)
        everywhere = chance.random() < 0.5
        for number in range(len(lines)) if everywhere else [at]:
            lines[number] = re.sub(rf"\b{name}\b", f"{name}_2", lines[number])


def _moved_definition(lines: list[str], chance: random.Random) -> None:
    start, end = _definition(lines, chance)
    part = lines[start:end]
    del lines[start:end]
    to = chance.randrange(len(lines) + 1)
    lines[to:to] = part
    if not lines:
        lines.append("")


def _removed_definition(lines: list[str], chance: random.Random) -> None:
    start, end = _definition(lines, chance)
    del lines[start:end]
    if not lines:
        lines.append("")


def _move(lines: list[str], chance: random.Random) -> None:
    """A move or cast where there was none, or none where there was one."""
    pattern = r"\.(?:to|cuda|cpu|half|double|float)\([^()]*\)"
    at = _line_with(lines, pattern, chance)
    if re.search(pattern, lines[at]) and chance.random() < 0.5:
        lines[at] = re.sub(pattern, "", lines[at], count=1)
    else:
        lines[at] = re.sub(r"(\w\))\s*$", rf"\1{chance.choice(_MOVES)}", lines[at])


def _initializer(lines: list[str], chance: random.Random) -> None:
    at = _line_with(lines, r"def __init__", chance)
    new = ["self.extra = torch.zeros(4)", "self.register_buffer('extra', torch.zeros(4))", "self.width = 7", "return"]
    lines.insert(at + 1, f"{_indent(lines[at])}    {chance.choice(new)}")


def _decorator(lines: list[str], chance: random.Random) -> None:
    at = _line_with(lines, r"^\s*def ", chance)
    above = max(at - 1, 0)
    if lines[above].lstrip().startswith("@"):
        del lines[above]
    else:
        words = ["@torch.no_grad()", "@property", "@staticmethod", "@unknown", "@functools.lru_cache"]
        lines.insert(at, _indent(lines[at]) + chance.choice(words))


def _parameter(lines: list[str], chance: random.Random) -> None:
    at = _line_with(lines, r"def \w+\(", chance)
    new = chance.choice(["extra=None", "device='cuda'", "*rest", "scale=2.0"])
    lines[at] = re.sub(r"\)(\s*(?:->.*)?:)", rf", {new})\1", lines[at], count=1)


def _import(lines: list[str], chance: random.Random) -> None:
    at = _line_with(lines, r"^\s*(?:import|from) ", chance)
    if chance.random() < 0.5:
        del lines[at]
        if not lines:
            lines.append("")
    else:
        new = ["from torch import nn as other", "import torch as t", "from math import *", "from helpers import build"]
        lines.insert(at, chance.choice(new))


EDITS: list[Edit] = [
    _token,
    _token,
    _number,
    _deletion,
    _duplication,
    _new_line,
    _blank_lines_above,
    _comment,
    _broken,
    _indentation,
    _rename,
    _moved_definition,
    _removed_definition,
    _move,
    _move,
    _initializer,
    _decorator,
    _parameter,
    _import,
]


def _line_with(lines: list[str], pattern: str, chance: random.Random) -> int:
    """A line that a pattern is in, any where there is none."""
    found = [number for number, line in enumerate(lines) if re.search(pattern, line)]
    return chance.choice(found or range(len(lines)))


def _definition(lines: list[str], chance: random.Random) -> tuple[int, int]:
    """The lines of a function or class."""
    start = _line_with(lines, r"^\s*(?:def|class|async def) ", chance)
    indent = len(_indent(lines[start]))
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or len(_indent(lines[end])) > indent):
        end += 1
    return start, end


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
