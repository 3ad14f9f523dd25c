"""What is kept of a file from edit to edit never changes what is found in it."""

from __future__ import annotations

import ast
import gc
import random
import weakref
from pathlib import Path

import pytest

from samedevice.features.check import examine
from samedevice.features.infer import from_analysis
from samedevice.interpret import parts
from samedevice.interpret.run import Memory
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile
from samedevice.values.value import size_name

SETTINGS = Settings(max_seconds=60)
NETWORK = """import torch
from torch import nn

SIZE = 8


def scale(x, factor):
    return x * torch.tensor(factor)


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.fc = nn.Linear(size, size)
        self.mask = torch.ones(size)

    def forward(self, x):
        return self.fc(x) * self.mask


class Net(nn.Module):
    def __init__(self, size=SIZE):
        super().__init__()
        self.blocks = nn.ModuleList([Block(size) for _ in range(2)])
        self.count = torch.ones(1)

    def forward(self, x):
        x = x * self.count
        for block in self.blocks:
            x = block(x)
        return self.late(x)

    def late(self, x):
        return scale(x, [1.0]) + torch.zeros(SIZE)

    def reset(self):
        return self


def outer():
    def inner(x: torch.Tensor):
        return x.cpu() + torch.zeros(3, device="cuda")

    return inner


def train(loader):
    net = Net().cuda()
    for x, y in loader:
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()


if __name__ == "__main__":
    net = Net().cuda()
    out = net(torch.randn(4, SIZE))
"""
EDITS = {
    "a body": ("return self.fc(x) * self.mask", "return self.fc(x) * self.mask.to(x.device)"),
    "a constructor": ("self.mask = torch.ones(size)", 'self.register_buffer("mask", torch.ones(size))'),
    "a helper": ("torch.tensor(factor)", "torch.tensor(factor, device=x.device)"),
    "a constant": ("SIZE = 8", 'SIZE = 8 if torch.rand(1) > 0 else "cuda"'),
    "a default": ("size=SIZE", "size=5"),
    "a base": ("class Block(nn.Module)", "class Block(torch.nn.Identity)"),
    "an import": ("from torch import nn", "import torch.nn as nn"),
    "the caller": ("Net().cuda()\n    out", "Net()\n    out"),
    "a name": ("def scale", "def scaled"),
    "what another method sets": ("return self\n", "self.count = None\n"),
    "a call that makes promises needless": ("    out = net", "    train([])\n    out = net"),
    "a call of an inner function": ("    out = net", "    inner(1)\n    out = net"),
    "a decorator": ("def scale", "@torch.no_grad()\ndef scale"),
    "a generator": ("    return x * torch.tensor(factor)", "    yield x * torch.tensor(factor)"),
    "lines above": ("import torch\n", "# 1\n# 2\n\nimport torch\n"),
    "a broken line": ("x = block(x)", "x = block(x"),
    "a class taken away": ("class Block(nn.Module):", "class Other(nn.Module):"),
}


def _shown(memory: Memory | None, text: str) -> tuple[object, ...]:
    checked, analysis = examine(SourceFile("a.py", text), SETTINGS, memory)
    assert analysis is not None
    found = [
        (one.span, one.rule, one.message, one.severity, [(item.span, item.message) for item in one.related])
        for one in checked.findings
    ]
    fixes = [
        (fix.title, [(edit.span, edit.text) for edit in fix.edits]) for one in checked.findings for fix in one.fixes
    ]
    return found, fixes, checked.problems, sorted(checked.notes), [item.record() for item in from_analysis(analysis)]


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_and_its_undoing(name: str) -> None:
    changed = NETWORK.replace(*EDITS[name])
    assert changed != NETWORK
    memory = Memory(SourceFile("a.py", NETWORK))
    for text in (NETWORK, changed, NETWORK, "\n" + changed, NETWORK):
        assert _shown(memory, text) == _shown(None, text)


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_after_a_rest(name: str) -> None:
    changed = NETWORK.replace(*EDITS[name])
    memory = Memory(SourceFile("a.py", NETWORK))
    for text in (NETWORK, changed, NETWORK, changed):
        assert _shown(memory, text) == _shown(None, text)
        memory.rest()


def test_a_rest_keeps_the_text_and_nothing_of_earlier_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(SourceFile("a.py", NETWORK))
    weakly = []
    for number in range(20):
        text = NETWORK.replace("SIZE)\n\n    def reset", f"SIZE + {number})\n\n    def reset")
        analysis = memory.analyse(text, SETTINGS)
        late = next(
            node
            for node in ast.walk(analysis.tree)
            if isinstance(node, ast.Return) and str(number) in ast.unparse(node)
        )
        weakly.append(weakref.ref(late))
        del analysis, late
    memory.rest()
    gc.collect()
    assert [one() is not None for one in weakly] == [False] * 19 + [True]
    ran: list[object] = []
    really = parts._ran
    monkeypatch.setattr(parts, "_ran", lambda *given: (ran.append(given), really(*given))[1])
    memory.analyse(text, SETTINGS)
    assert ran == []


def test_only_what_an_edit_touches_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(SourceFile("a.py", NETWORK))
    memory.analyse(NETWORK, SETTINGS)
    ran: list[object] = []
    really = parts._ran
    monkeypatch.setattr(parts, "_ran", lambda *given: (ran.append(given[-1].keywords), really(*given))[1])
    memory.analyse(NETWORK.replace("loss.backward()", "loss.backward();"), SETTINGS)
    assert [keywords["node"].name for keywords in ran] == ["train"]  # type: ignore[index]  # of a partial
    ran.clear()
    memory.analyse("# above\n" + NETWORK, SETTINGS)
    assert ran == []


@pytest.mark.parametrize(
    "path", sorted(Path(__file__).parent.glob("programs/*/*/buggy.py"))[::9], ids=lambda path: path.parent.name
)
def test_random_edits(path: Path) -> None:
    chance = random.Random(path.parent.name)
    first = path.read_text(encoding="utf-8").split("\n")
    memory = Memory(SourceFile("a.py", "\n".join(first)))
    lines = first
    for _ in range(8):
        lines = first if chance.random() < 0.2 else _edited(chance, list(lines))
        assert _shown(memory, "\n".join(lines)) == _shown(None, "\n".join(lines))


def _edited(chance: random.Random, lines: list[str]) -> list[str]:
    at = chance.randrange(len(lines))
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    match chance.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines.insert(at, f'{indent}y = torch.zeros(3) + torch.ones(3, device="cuda")')
        case 3:
            lines[at] = lines[at].replace("cuda", "cpu") + "("
        case 4:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 5:
            lines.insert(at, f"{indent}# {at}")
    return lines or [""]


@pytest.mark.parametrize(
    ("size", "shown"),
    [("conf#12.batch_size", "conf.batch_size"), ("forward#.n", "n"), ("@7.width", "width"), ("n#3", "n")],
)
def test_sizes_are_shown_without_our_numbers(size: str, shown: str) -> None:
    assert size_name(size) == shown
