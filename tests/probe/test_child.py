"""What the child reports, held against the network itself, independent hooks and torchinfo."""

from __future__ import annotations

import ast
import importlib.util
import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torchinfo import summary

from probe.many import CHILD, Silent, child, examples
from samedevice.probe.result import from_json, to_json

EXAMPLES = {name: one for name, one in examples().items() if not name.startswith("buggy/")}
FEW = ["convolutional/resnet", "attention/gpt", "recurrent/tagger", "dense/detector", "graphs/gat"]

PROGRAM = """import torch
from torch import nn

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(4, 4)

    def forward(self, x):
        return self.lin(x)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block, self.unused = Block(), nn.Linear(2, 2)
        self.seen = []
        self.count = 0

    def forward(self, x):
        self.seen.append(x)
        self.count += 1
        for step in range(2):
            y = (self.block(x)
                 .relu())
            x, total = y + 1, y.sum()
        half = x.half() if self.count else x
        return half, total
"""


def probe(request: dict[str, Any]) -> dict[str, Any]:
    """The child's answer, from this process: nothing is patched on the CPU."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return child("probing").Probe(request, Silent()).result()


def own(text: str = PROGRAM, **more: Any) -> dict[str, Any]:
    """A request for a network of a text, on the CPU."""
    return {
        "file": "/project/net.py",
        "text": text,
        "build": [{"code": text, "line": 1}],
        "network": "Net()",
        "inputs": [{"source": "the test", "args": ["torch.ones(3, 4)"]}],
        "on": "cpu",
        "seed": 0,
    } | more


def on_cpu(name: str, **more: Any) -> dict[str, Any]:
    """A request for an example, on the CPU."""
    return EXAMPLES[name] | {"on": "cpu", "backward": False} | more


def made(name: str) -> tuple[nn.Module, tuple[Any, ...]]:
    """The network and the input of an example, as the child makes them."""
    family, _, key = name.partition("/")
    spec = importlib.util.spec_from_file_location(family, Path(__file__).parent / f"networks/{family}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch.manual_seed(0)
    return module.EXAMPLES[key]()


@pytest.mark.parametrize("path", sorted(CHILD.rglob("*.py")), ids=lambda path: path.relative_to(CHILD).as_posix())
def test_python_3_8_reads_it(path: Path) -> None:
    """In syntax; what is asked of the standard library is old."""
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


def shown(value: Any) -> Any:
    """Shape, dtype and device, by a way of our own."""
    if isinstance(value, torch.Tensor):
        return {"shape": list(value.shape), "dtype": str(value.dtype)[6:], "device": str(value.device)}
    if isinstance(value, (list, tuple)):
        return {"type": "list" if isinstance(value, list) else "tuple", "items": [shown(one) for one in value]}
    return {"type": type(value).__name__}


@pytest.mark.parametrize("name", FEW)
def test_layers_are_those_of_independent_hooks(name: str) -> None:
    """Calls, shapes, dtypes and devices of every submodule."""
    network, inputs = made(name)
    seen: dict[str, tuple[Any, Any, int]] = {}

    def hook(path: str) -> Any:
        def note(module: Any, args: Any, output: Any) -> None:
            first = seen.get(path, ([shown(one) for one in args], shown(output), 0))
            seen[path] = (first[0], first[1], first[2] + 1)

        return note

    for path, module in network.named_modules():
        module.register_forward_hook(hook(path))
    network.eval()
    torch.manual_seed(0)
    with torch.no_grad():
        network(*inputs)
    layers = probe(on_cpu(name, seed=0))["runs"][0]["layers"]
    assert {layer["path"] for layer in layers} == {path for path, _ in network.named_modules()}
    for layer in layers:
        want = seen.get(layer["path"])
        assert layer["status"] == ("ok" if want else "not reached"), layer
        if want:
            given = [one for one in layer["input"] if "shape" in one][: len([one for one in want[0] if "shape" in one])]
            assert (given, layer["calls"]) == ([one for one in want[0] if "shape" in one], want[2]), layer
            if "shape" in want[1]:
                assert layer["output"] == want[1]


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in EXAMPLES
        if name.split("/")[0] in ("convolutional", "attention", "recurrent", "graphs") and name != "attention/encoder"
    ],  # its nested tensors are too much for torchinfo
)
def test_counts_are_torchinfos(name: str) -> None:
    """Parameters and mult-adds."""
    network, inputs = made(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        want = summary(network, input_data=list(inputs), verbose=0, device="cpu")
    found = probe(on_cpu(name))
    assert found["network"]["parameters"] == sum(one.numel() for one in network.parameters())
    assert (found["runs"][0]["mult_adds"] or 0) == want.total_mult_adds


CAUGHT = """import torch
from torch import nn

class Net(nn.Module):
    def forward(self, x):
        try:
            x + torch.ones(
                7)
        except RuntimeError:
            pass
        if x.sum() > 0:
            x = x + (
                1)
        else:
            x = x - 1
        return x
"""


def test_which_statements_ran_to_their_end() -> None:
    """Not the one that raised, nor the branch that was not taken."""
    (run,) = probe(own(CAUGHT))["runs"]
    assert run["verdict"] == "clean" and list(run["ran"]) == ["/project/net.py"]
    assert set(run["ran"]["/project/net.py"]) == {11, 12, 16}


def test_times_values_and_callers() -> None:
    """Where each layer was called, what assignments gave, what was never reached."""
    run = probe(own())["runs"][0]
    layers = {layer["path"]: layer for layer in run["layers"]}
    assert layers["block"]["line"] == 23 and layers["block.lin"]["line"] == 10 and layers["block"]["calls"] == 2
    assert layers["unused"]["status"] == "not reached" and layers["unused"]["ms"] is None
    assert layers["block.lin"]["ms"] > 0 and run["ms"] >= layers["block.lin"]["ms"] / 2
    assert layers[""]["order"] == 0 and layers["block"]["order"] == 1
    values = {(one["line"], one["name"]): one for one in run["values"]}
    assert values[23, "y"]["shape"] == [3, 4] and values[25, "total"]["shape"] == []
    assert values[26, "half"]["dtype"] == "float16" and values[19, "x"]["kind"] == "argument"
    assert run["layers"][0]["flops"] == layers["block.lin"]["flops"] == 2 * 2 * 3 * 4 * 4


def test_a_trial_leaves_no_trace() -> None:
    """The input is tried before the run; counters, lists and modes are as they were."""
    text = PROGRAM.replace("half = x.half()", "assert self.count == len(self.seen) == RUNS; half = x.half()")
    run = probe(own(text.replace("RUNS", "1"), repeats=1))["runs"][0]
    assert run["failure"]["stage"] == "measure", "the watched run is the first; only the timed one comes after it"


def test_dtypes_side_by_side() -> None:
    """Each from the same weights; how far the output is from the first."""
    text = PROGRAM.replace("half = x.half() if self.count else x", "half = x")
    runs = probe(own(text, dtypes=["float32", "float64", "bfloat16"]))["runs"]
    assert [run["output"]["items"][0]["dtype"] for run in runs] == ["float32", "float64", "bfloat16"]
    assert runs[0]["difference"] is None and runs[1]["difference"]["relative"] < 1e-6
    assert 1e-4 < runs[2]["difference"]["relative"] < 0.1
    assert runs[2]["layers"][-1]["parameter_dtype"] == "bfloat16"


def test_autocast_and_sweep() -> None:
    """Layers give bfloat16 under autocast; a sweep is a run for each batch."""
    runs = probe(own(autocast="bfloat16", sweep={"batch": [1, 5]}))["runs"]
    assert [run["batch"] for run in runs] == [1, 5]
    assert [run["layers"][0]["input"][0]["shape"] for run in runs] == [[1, 4], [5, 4]]
    assert next(one for one in runs[1]["layers"] if one["path"] == "block.lin")["output"]["dtype"] == "bfloat16"


def test_loss_and_backward() -> None:
    """The loss's own expression; its failure is one of the backward stage."""
    run = probe(own(backward=True, loss="output[1].pow(2)"))["runs"][0]
    assert run["verdict"] == "clean" and run["backward_ms"] > 0
    run = probe(own(backward=True, loss="nn.functional.nll_loss(output[0], torch.ones(7))"))["runs"][0]
    assert run["failure"]["stage"] == "backward" and run["verdict"] in ("error", "mismatch")


def test_a_failure_is_placed() -> None:
    """Line, layer, operands, kind; an exception that the network catches is none."""
    text = PROGRAM.replace("return self.lin(x)", "return self.lin(x.double())")
    run = probe(own(text))["runs"][0]
    failure = run["failure"]
    assert (failure["kind"], failure["line"], failure["layer"]) == ("dtype", 10, "block.lin")
    assert failure["text"] == "return self.lin(x.double())"
    assert failure["operands"] == [{"name": "x", "shape": [3, 4], "dtype": "float32", "device": "cpu"}]
    assert {layer["path"]: layer["status"] for layer in run["layers"]} == {
        "": "failed",
        "block": "failed",
        "block.lin": "failed",
        "unused": "not reached",
    }
    caught = PROGRAM.replace(
        "        self.count += 1", "        try: self.unused(x)\n        except RuntimeError: self.count += 1"
    )
    found = probe(own(caught))
    assert found["verdict"] == "clean" and found["runs"][0]["failure"] is None


def test_what_is_tried() -> None:
    """A candidate that raises, one that does not fit, and one that does."""
    inputs = [
        {"source": "first", "args": ["not_defined"]},
        {"source": "second", "kwargs": {"y": "torch.ones(3, 4)"}},
        {"source": "third", "build": [{"code": "made = torch.ones(6, 4)", "line": 40}], "call": "((made,), {})"},
    ]
    found = probe(own(inputs=inputs))["input"]
    assert found["source"] == "third" and [one["source"] for one in found["tried"]] == ["first", "second"]
    assert "NameError" in found["tried"][0]["failed"] and "unexpected keyword" in found["tried"][1]["failed"]


def test_json_there_and_back() -> None:
    """The records hold all that the child says."""
    found = probe(own(backward=True)) | {"captured": {}}
    result = from_json(found)
    assert from_json(to_json(result)) == result
    there = json.loads(json.dumps(to_json(result)))
    assert there["runs"][0] | found["runs"][0] == there["runs"][0] and there["network"] == found["network"]
