"""Which inputs are tried for a network, and what its layers and its text say of them."""

from __future__ import annotations

import importlib.util
import linecache
import sys
import types
from pathlib import Path
from typing import Any

import pytest
import torch

from probe.many import Silent, child
from samedevice.probe import make
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile

HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
FOLDER = Path(make.__file__).parent / "child" / "guess"


@pytest.fixture(scope="module")
def guess() -> Any:
    """The part of the child that makes inputs, loaded by itself."""
    spec = importlib.util.spec_from_file_location(
        "_guess", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["_guess"] = module
    spec.loader.exec_module(module)
    return module


def network(text: str, name: str = "Net", *arguments: Any) -> Any:
    """A network of a text, whose source can be read as in the child."""
    module = types.ModuleType("__probe__")
    file = f"<{abs(hash(text))}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    sys.modules["__probe__"] = module
    vars(module)["__file__"] = file
    exec(compile(text, file, "exec"), vars(module))
    return vars(module)[name](*arguments)


def first(guess: Any, made: Any, hints: Any = None) -> list[tuple[list[int], str]]:
    """Shapes and dtypes of the first guess that the network takes."""
    for _, args, kwargs in guess.candidates(made, hints or {}):
        try:
            made.eval()(*args, **kwargs)
        except (RuntimeError, IndexError, TypeError, ValueError):
            continue
        tensors = [one for one in [*args, *kwargs.values()] if isinstance(one, torch.Tensor)]
        return [(list(one.shape), str(one.dtype)[6:]) for one in tensors]
    raise AssertionError("no guess fits")


def module(init: str, forward: str, parameters: str = "x") -> str:
    """A network with these layers and this forward."""
    lines = "".join(f"        {line}\n" for line in init.split("\n"))
    body = "".join(f"        {line}\n" for line in forward.split("\n"))
    return (
        f"{HEAD}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{lines}"
        f"    def forward(self, {parameters}):\n{body}"
    )


LAYERS = {
    "pictures": (module("self.c = nn.Conv2d(5, 4, 3)", "return self.c(x)"), [([2, 5, 64, 64], "float32")]),
    "features": (module("self.f = nn.Linear(7, 4)", "return self.f(x)"), [([2, 7], "float32")]),
    "a sequence": (module("self.f = nn.LSTM(7, 4)", "return self.f(x)[0]"), [([16, 2, 7], "float32")]),
    "batch first": (
        module("self.f = nn.GRU(7, 4, batch_first=True)", "return self.f(x)[0]"),
        [([2, 16, 7], "float32")],
    ),
    "ids": (module("self.e = nn.Embedding(3, 4)", "return self.e(x)"), [([2, 16], "int64")]),
    "the rank in the text": (
        module("self.f = nn.Linear(7, 4)", "b, t, c = x.shape\nreturn self.f(x)"),
        [([2, 16, 7], "float32")],
    ),
    "flattened pictures": (
        module("self.f = nn.Linear(784, 4)", "n, c, h, w = x.shape\nreturn self.f(x.view(n, -1))"),
        [([2, 1, 28, 28], "float32")],
    ),
    "channels last": (
        module("self.c = nn.Conv1d(6, 4, 3)", "return self.c(x.transpose(1, 2))"),
        [([2, 64, 6], "float32")],
    ),
    "joined": (
        module("self.f = nn.Linear(10, 1)", "return self.f(torch.cat([x, a], 1))", "x, a"),
        [([2, 5], "float32"), ([2, 5], "float32")],
    ),
    "a mask": (
        module("self.f = nn.Linear(7, 7)", "return self.f(x).masked_fill(mask, 0)", "x, mask"),
        [([2, 7], "float32"), ([2, 16], "bool")],
    ),
    "inside": (
        HEAD + "class In(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.c = nn.Conv2d(2, 4, 3)\n"
        + "    def forward(self, y):\n        return self.c(F.relu(y))\n"
        + module("self.s = nn.Sequential(nn.Identity(), In())", "return self.helper(x)\n")[len(HEAD) :]
        + "    def helper(self, z):\n        return self.s(z)\n",
        [([2, 2, 64, 64], "float32")],
    ),
    "taken apart by a loop": (
        module("self.c = nn.GRUCell(3, 5)", "return [self.c(one) for one in []] + [self.step(x)]")
        + "    def step(self, x):\n        for one in x:\n            h = self.c(one)\n        return h\n",
        [([16, 2, 3], "float32")],
    ),
    "a mean over time": (
        module("self.f = nn.Bilinear(4, 6, 2)", "return self.f(x, y.mean(1))", "x, y"),
        [([2, 4], "float32"), ([2, 16, 6], "float32")],
    ),
    "a dimension more": (
        module("self.c = nn.Conv1d(1, 4, 3)", "return self.c(x[:, None])"),
        [([2, 64], "float32")],
    ),
    "a weight the other way round": (
        module("self.e = nn.Embedding(6, 4)", "return x.reshape(-1, x.size(-1)) @ self.e.weight.t()"),
        [([2, 4], "float32")],
    ),
    "ids one by one and many": (
        module(
            "self.e = nn.Embedding(9, 4)\nself.b = nn.EmbeddingBag(9, 4)",
            "return (self.e(user) + self.b(seen)).sum(-1)[:, None] * torch.ones(user.shape[0], 1)",
            "user, seen",
        ),
        [([2], "int64"), ([2, 16], "int64")],
    ),
    "in half": (
        module("self.f = nn.Linear(7, 4).to(torch.bfloat16)", "return self.f(x)"),
        [([2, 7], "bfloat16")],
    ),
    "an optional input": (
        module("self.f = nn.Linear(7, 4)", "return self.f(x if y is None else y)", "x, y=None"),
        [([2, 7], "float32")],
    ),
    "its own size": (
        module(
            "self.image_size = 20\nself.c = nn.Conv2d(3, 1, 1)\nself.f = nn.Linear(400, 2)",
            "return self.f(self.c(x).flatten(1))",
        ),
        [([2, 3, 20, 20], "float32")],
    ),
}


@pytest.mark.parametrize("text, expected", LAYERS.values(), ids=LAYERS)
def test_what_layers_want(guess: Any, text: str, expected: list[tuple[list[int], str]]) -> None:
    made = network(text)
    if "mask" in text and "masked_fill" in text:
        _, args, _ = next(iter(guess.candidates(made, {})))
        assert [(list(one.shape), str(one.dtype)[6:]) for one in args] == expected
        return
    assert first(guess, made) == expected


def test_library_networks_are_read_too(guess: Any) -> None:
    layer = nn_layer()
    assert first(guess, layer) == [([16, 2, 8], "float32")]
    assert first(guess, torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 3))) == [([2, 12], "float32")]


def nn_layer() -> Any:
    """A transformer's layer, which is not batch first."""
    return torch.nn.TransformerEncoderLayer(8, 2)


def test_hints_come_before_layers(guess: Any) -> None:
    made = network(module("self.f = nn.Linear(7, 4)", "return self.f(x)"))
    assert first(guess, made, {"x": {"shape": [3, None, 7], "dtype": "float32"}}) == [([3, 16, 7], "float32")]
    assert first(guess, made, {"0": {"shape": [5, 7], "dtype": "float32"}}) == [([5, 7], "float32")]


def candidates(text: str, name: str = "Net") -> Any:
    """The candidates of a plan."""
    return make.plans(SourceFile("/p/a.py", text), Settings(), name)[0].inputs


def test_what_the_engine_knows_comes_first() -> None:
    text = module("self.f = nn.Linear(7, 4)", "return self.f(x)")
    (one, *_) = candidates(f"{text}\ndef run(net, data):\n    net(data)\nrun(Net(), torch.zeros(3, 5, 7))\n")
    assert one.kwargs == {"x": "__import__('torch').randn(3, 5, 7, dtype=__import__('torch').float32)"}


def test_ids_are_made_by_the_program() -> None:
    text = module("self.e = nn.Embedding(30, 4)", "return self.e(ids)", "ids")
    (one, *_) = candidates(
        f"{text}\nnet = Net()\nids = torch.tensor([[1, 2]])\nopen('/nowhere')\nfor epoch in range(3):\n    net(ids)\n"
    )
    assert (one.source, one.call) == ("the call on line 15", "((ids,), {})")
    assert "ids = torch.tensor([[1, 2]])" in [statement.code for statement in one.build]
    assert not any("open" in statement.code for statement in one.build)


def test_files_are_not_read_for_inputs() -> None:
    text = module("self.e = nn.Embedding(30, 4)", "return self.e(ids)", "ids")
    found = candidates(f"{text}\nnet = Net()\nids = torch.tensor(eval(open('ids.txt').read()))\nnet(ids)\n")
    assert not any(one.call for one in found)


STATED = {
    "jaxtyping": (
        module("pass", "return x", "x: 'Float[torch.Tensor, \"batch 5 h w\"]'"),
        {"x": {"shape": [2, 5, 32, 32], "dtype": "float32"}},
    ),
    "a docstring": (
        module("pass", "'''Moves.\n\nArgs:\n    x (Tensor): of shape (B, T, 12)\n'''\nreturn x"),
        {"x": {"shape": [2, 16, 12]}},
    ),
    "an annotation": (module("pass", "return x", "x: torch.LongTensor"), {"x": {"dtype": "int64"}}),
}


@pytest.mark.parametrize("text, hints", STATED.values(), ids=STATED)
def test_what_the_text_states(text: str, hints: Any) -> None:
    assert [one.hints for one in candidates(text) if one.source == "annotations and docstring"] == [hints]


def test_example_input_array() -> None:
    text = module("self.f = nn.Linear(7, 4)\nself.example_input_array = torch.zeros(1, 7)", "return self.f(x)")
    assert [one.args for one in candidates(text) if one.source == "example_input_array"] == [
        ("_probed.example_input_array",)
    ]


def test_what_the_user_wrote_decides() -> None:
    text = module("self.f = nn.Linear(7, 4)", "return self.f(x)", "x, mask=None")
    (one,) = candidates(f"{text}\n# probe: x = torch.ones(1, 7), mask = None\nNet()(torch.ones(2, 7))\n")
    assert one.kwargs == {"x": "torch.ones(1, 7)", "mask": "None"}
    found = candidates(f"{text}\n# probe: mask = torch.ones(3)\n")
    assert all(one.hints is None or one.hints["mask"] == {"code": "torch.ones(3)"} for one in found[:1])


CLASHES = {
    "joined with a state": (
        "self.c = nn.Conv2d(5, 4, 3)",
        "return self.c(torch.cat([x, x.new_zeros(x.shape[0], 3, *x.shape[2:])], 1))",
        [2, 2, 64, 64],
    ),
    "joined with itself": ("self.f = nn.Linear(6, 4)", "return self.f(torch.cat([x, x - 1], -1))", [2, 3]),
}


@pytest.mark.parametrize("init, forward, shape", CLASHES.values(), ids=CLASHES)
def test_a_size_that_is_a_part_of_what_a_layer_wants(init: str, forward: str, shape: list[int]) -> None:
    """The layer got more than the input has: the clash says by how much, or how many times."""
    found = guessed(module(init, forward))
    assert found["verdict"] == "clean", found["why"]
    assert found["input"]["args"][0]["shape"] == shape


def guessed(text: str, **more: Any) -> dict[str, Any]:
    """What a probe on the CPU says of `Net()` when nothing is known of its inputs but its layers."""
    request = {
        "file": "/net.py",
        "text": text,
        "build": [{"code": text, "line": 1}],
        "network": "Net()",
        "inputs": [{"source": "its layers", "guess": {}}],
        "on": "cpu",
    }
    return child("probing").Probe({**request, **more}, Silent()).result()


SIX = "self.f = nn.Linear(6, 6)"
SPOKEN = {
    "a product": ("self.w = nn.Parameter(torch.ones(5, 3))", "return (x.sin() * 2) @ self.w[:, :2]", [5]),
    "a sum": ("self.p = torch.zeros(7)", "return x.sin() + self.p", [7]),
    "a view": ("self.k = 3", "a, b, c = x.shape; return x.view(a, 2, self.k)", None),
    "channels": ("self.w = nn.Parameter(torch.ones(4, 5, 3, 3))", "return F.conv2d(x.cos(), weight=self.w)", None),
    "a mask": ("self.a = nn.MultiheadAttention(4, 2)", "return self.a(x, x, x, attn_mask=torch.zeros(3, 3))[0]", [4]),
    "an index": (SIX, "y, n = self.f(x), x.T; return y.gather(1, torch.zeros(5, 1, dtype=torch.long))", [5, 6]),
    "a mask as an index": ("self.m = torch.ones(9, dtype=torch.bool)", "return x[self.m]", None),
    "rows": (SIX, "a, b = x.shape; return torch.zeros(4, b).index_add_(0, torch.tensor([0, 1, 3]), self.f(x))", [3, 6]),
    "stacked rows": ("self.k = 0", "a, b = x.shape; return torch.cat([x, torch.zeros(2, 11)])", [2, 11]),
}


@pytest.mark.parametrize("init, forward, last", SPOKEN.values(), ids=SPOKEN)
def test_a_size_that_only_the_text_of_the_exception_tells(init: str, forward: str, last: list[int] | None) -> None:
    found = guessed(module(init, forward))
    assert found["verdict"] == "clean", found["why"]
    assert last is None or found["input"]["args"][0]["shape"][-len(last) :] == last


def test_whole_numbers_give_way_to_fractions() -> None:
    text = module("self.e = nn.Embedding(6, 4)", "return x.reshape(-1, 4) @ self.e.weight.t() + self.e(x)[0, 0, 0]")
    assert guessed(text)["verdict"] != "clean"
    text = module("self.e = nn.Embedding(6, 4)", "return x.reshape(-1, x.size(-1)) @ self.e.weight.t()")
    assert guessed(text)["verdict"] == "clean"


OWN = module("self.f = nn.Linear(4, 4)", "return self.f(x.bfloat16())")
CAST = next(line for line in OWN.splitlines() if "bfloat16" in line)


def test_dtypes_that_clash_whatever_the_input_is_are_the_networks_own() -> None:
    found = guessed(OWN, casts=False)
    failure = found["runs"][0]["failure"]
    assert (found["verdict"], failure["kind"], failure["line"]) == (
        "mismatch",
        "dtype",
        OWN.splitlines().index(CAST) + 1,
    )


@pytest.mark.parametrize(
    "init, forward, casts",
    [
        ("self.f = nn.Linear(4, 4)", "return self.f(x.bfloat16())", True),
        ("self.f = nn.Linear(4, 4)", "return ~x & (self.f.weight[0] > 0)", False),
        ("self.f = nn.Linear(4, 4).to(torch.complex64)", "return self.f(x)", False),
    ],
    ids=["the program may cast it", "a mask would do", "a complex one would do"],
)
@pytest.mark.filterwarnings("ignore:Complex modules are a new feature")
def test_dtypes_that_may_be_the_inputs(init: str, forward: str, casts: bool) -> None:
    assert guessed(module(init, forward), casts=casts)["verdict"] != "mismatch"


@pytest.mark.parametrize(
    "after, casts",
    [
        ("Net()(torch.ones(2, 4))", False),
        ("Net().to('cuda')", False),
        ("Net().half()", True),
        ("net = Net()\nnet.to('cuda', torch.bfloat16)", True),
        ("torch.set_default_dtype(torch.float64)", True),
    ],
)
def test_a_program_that_changes_dtypes_is_known(after: str, casts: bool) -> None:
    plan = make.plans(SourceFile("/p/net.py", f"{OWN}\n{after}\n"), Settings(), "Net")[0]
    assert plan.casts is casts


@pytest.mark.parametrize(
    "made, built",
    [
        ("Net()", "Net()"),
        ("Net().cuda()", "Net()"),
        ("Net().bfloat16()", "Net().bfloat16()"),
        ("Net().to('cuda', dtype=torch.half).eval()", "Net().to('cuda', dtype=torch.half)"),
    ],
)
def test_a_class_is_made_with_the_casts_of_its_program(made: str, built: str) -> None:
    text = f"{OWN}\ndef main():\n    net = {made}\n    net(torch.ones(2, 4))\n"
    plan = make.plans(SourceFile("/p/net.py", text), Settings(), "Net")[0]
    assert [one.code for one in plan.build][-1] == f"_probed = {built}"


def test_dicts_in_dicts() -> None:
    init = "self.e, self.f = nn.Embedding(9, 6), nn.Linear(9, 4)"
    forward = "return self.f(torch.cat([self.e(x['ids']).mean(1), x['more']['dense']], -1))"
    found = guessed(module(init, forward))
    assert found["verdict"] == "clean", found["why"]


def test_calls_with_different_dtypes_are_not_told_apart() -> None:
    """Which network belongs to which of them is not known, so what the program's own statements make comes first."""
    text = f"""{HEAD}class Net(nn.Module):
    def __init__(self, dtype):
        super().__init__()
        self.f = nn.Linear(4, 2, dtype=dtype)
    def forward(self, x):
        return self.f(x)

def main(dtype):
    net = Net(dtype)
    x = torch.rand(2, 4).to(dtype)
    net(x)

main(torch.float64)
main(torch.float32)
"""
    plan = make.plans(SourceFile("/p/net.py", text), Settings(), "Net")[0]
    assert plan.inputs[0].source.startswith("the call on line")
