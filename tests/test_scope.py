"""How a device can be named at a place: only what is surely bound there counts."""

from __future__ import annotations

import ast

import pytest

from samedevice.interpret.analysis import Analysis, Binding
from samedevice.rules._scope import defined, device_names
from samedevice.syntax.source import SourceFile
from samedevice.values.device import CPU, Device
from samedevice.values.dtype import DType
from samedevice.values.value import DeviceValue, Tensor, Value

CUDA = Device("cuda", 0)
HELD: dict[str, Value] = {
    "device": DeviceValue(CUDA),
    "x": Tensor(CUDA, DType("float32")),
    "c": Tensor(CPU, DType("float32")),
}


def _analysis(text: str) -> tuple[Analysis, ast.Call]:
    """A text whose names hold what HELD says, and its call of `here`."""
    tree = ast.parse(text)
    analysis = Analysis(SourceFile("a.py", text), tree)
    for node in ast.walk(tree):
        name = node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else ""
        name = node.arg if isinstance(node, ast.arg) else name
        if name in HELD:
            analysis.bindings.append(Binding(node, name, "assign", HELD[name]))
    call = next(n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == "here")
    return analysis, call


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("device = 1\nhere()", ["device"]),
        ("here()\ndevice = 1", []),
        ("def f(x):\n    here()", ["x.device"]),
        ("def f(x, c):\n    here(c)", ["x.device"]),
        ("def f(device):\n    x = 1\n    here(x)", ["device", "x.device"]),
        ("if a:\n    device = 1\nhere()", []),
        ("if a:\n    device = 1\nelse:\n    here()", []),
        ("if a:\n    device = 1\nelse:\n    device = 2\nhere()", ["device"]),
        ("for x in y:\n    here()", ["x.device"]),
        ("for x in y:\n    pass\nhere()", []),
        ("with a:\n    x = 1\nhere()", ["x.device"]),
        ("device = 1\ndef f():\n    here()", ["device"]),
        ("def f():\n    here()\ndevice = 1", ["device"]),
        ("def f():\n    here()\nif __name__ == '__main__':\n    device = 1", []),
        ("def g():\n    device = 1\ndef f():\n    here()", []),
        ("def g():\n    device = 1\n    def f():\n        here()", ["device"]),
        ("x = 1\ndef f():\n    here()", []),
        (
            "class A(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(1, 1)\n"
            "    def forward(self, x):\n        here()",
            ["x.device", "next(self.parameters()).device"],
        ),
        ("class A(nn.Module):\n    def forward(self, x):\n        here()", ["x.device"]),
        (
            "class A(nn.Module):\n    def __init__(self):\n        self.a = nn.ModuleList([])\n"
            "    def join(self):\n        return B(self)\n    def forward(self, x):\n        here()",
            ["x.device"],
        ),
        (
            "class A:\n    def __init__(self):\n        self.device = 1\n    def f(self):\n        here()",
            ["self.device"],
        ),
        ("class A:\n    def g(self):\n        self.device = 1\n    def f(self):\n        here()", []),
    ],
)
def test_device_names(text: str, names: list[str]) -> None:
    analysis, call = _analysis(text)
    assert device_names(analysis, call, CUDA) == names


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("import torch as a\nhere()", True),
        ("def a():\n    pass\nhere()", True),
        ("try:\n    a = 1\nexcept E:\n    pass\nhere()", False),
        ("while b:\n    a = 1\n    here()", True),
    ],
)
def test_defined(text: str, bound: bool) -> None:
    analysis, call = _analysis(text)
    assert defined(analysis, "a", call) is bound
