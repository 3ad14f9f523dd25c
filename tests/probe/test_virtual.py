"""The virtual CUDA device against recorded verdicts of PyTorch's CUDA build, and against what users look at.

`networks/verdicts.json` was recorded with PyTorch 2.13.0+cu130 over stand-ins for NVIDIA's libraries, so that all of
its own checks ran: each example moved to `cuda`, run forward and backward. An empty record is a clean run. Every third
example is tried here; `.ci/probe_suite.py --recorded` tries all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from probe.many import CHILD, NETWORKS, examples, failure, probed, unlike

VERDICTS: dict[str, dict[str, str]] = json.loads((NETWORKS / "verdicts.json").read_text(encoding="utf-8"))
NAMED = ("buggy/FactoryInForward", "buggy/PlainListOfLayers")
PART = [name for place, name in enumerate(VERDICTS) if place % 3 == 0 or name in NAMED]
FACTS = """
import copy
import torch
from torch import nn

CUDA = torch.device("cuda:0")

def refuses(text, function):
    try:
        function()
    except Exception as error:
        assert text in str(error), (text, error)
    else:
        raise AssertionError("not refused: " + text)

assert torch.cuda.is_available() and torch.cuda.device_count() == 1 and torch.cuda.current_device() == 0
x = torch.randn(3, 4, device="cuda")
for y in (x, torch.zeros(2).cuda(), torch.zeros(2).to("cuda:0"), torch.zeros(2).to(x), x[0, 1], x.data,
          torch.tensor([1.0], device=CUDA), torch.zeros(2).type("torch.cuda.FloatTensor"),
          x.new_tensor([1, 2]), torch.arange(3, device=0)):
    assert y.device == CUDA and y.is_cuda and y.get_device() == 0 and not y.is_cpu and not y.is_meta, y
assert x.cpu().device.type == "cpu" and x.to("cpu").numpy().shape == (3, 4) and torch.as_tensor(x[0, 0]).is_cuda
assert x.type() == "torch.cuda.FloatTensor" and isinstance(x, torch.cuda.FloatTensor)
assert repr(x).endswith("device='cuda:0')") and f"{x.sum():.2f}" and x.tolist() == x.cpu().tolist()
assert torch.tensor([x[0, 0], x[0, 1]]).tolist() == x[0, :2].tolist()
assert bool((x > -99).all()) and len(x) == 3 and [row.device for row in x] == [CUDA] * 3
refuses("can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu()", x.numpy)
refuses("Can't call numpy() on Tensor that requires grad", x.clone().requires_grad_().numpy)
refuses("invalid device ordinal", lambda: x.to("cuda:1"))
refuses("either on cpu or on the same device as the indexed tensor (cpu)", lambda: torch.zeros(3)[x.argmax(1)])
assert x[torch.tensor([0, 2])].shape == (2, 4) and x[[0, 1]].is_cuda
view = x.clone()
view[1:].zero_()
view[0] = 7
assert view.sum().item() == 28 and view.t_().shape == (4, 3) and view.unsqueeze_(0).shape == (1, 4, 3)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(4, 4)
        self.same = [self.lin.weight]
        self.register_buffer("scale", torch.ones(4))

net = Net()
optimizer = torch.optim.Adam(net.parameters())
net.cuda()
assert net.same[0] is net.lin.weight and isinstance(net.lin.weight, nn.Parameter) and net.lin.weight.is_leaf
assert all(one.is_cuda for one in [*net.parameters(), *net.buffers(), *optimizer.param_groups[0]["params"]])
before = net.lin.weight.detach().clone()
(net.lin(x) * net.scale).sum().backward()
assert net.lin.weight.grad.device == CUDA
optimizer.step()
assert not torch.equal(before, net.lin.weight)
twin = copy.deepcopy(net)
assert twin.lin.weight.is_cuda and twin.lin.weight is not net.lin.weight and isinstance(twin.lin.weight, nn.Parameter)
twin.load_state_dict({name: one.cpu() for name, one in net.state_dict().items()})
net.cpu()
assert type(net.lin.weight) is nn.Parameter and net.same[0] is net.lin.weight
assert net.lin(torch.zeros(4)).device.type == "cpu" and net.lin.weight.grad.device.type == "cpu"
leaf = torch.ones(2, requires_grad=True)
(leaf.cuda() * 3).cpu().sum().backward()
assert leaf.grad.tolist() == [3, 3] and leaf.grad.device.type == "cpu"

for generator, device in ((torch.Generator("cuda"), "cuda"), (torch.Generator(), "cpu")):
    other = "cpu" if device == "cuda" else "cuda"
    assert torch.randn(2, generator=generator.manual_seed(1), device=device).device.type == device
    assert generator.device.type == device
    refuses(f"Expected a '{other}' device type for generator but found '{device}'",
            lambda: torch.randperm(3, generator=generator, device=other))

half = torch.randn(4, 4, device="cuda").half()
assert (half @ half).dtype == torch.float16 and nn.Conv1d(4, 4, 1).cuda().half()(half).dtype == torch.float16
with torch.autocast("cuda", dtype=torch.bfloat16):
    assert (x @ x.t()).dtype == torch.bfloat16 and twin.lin(x).softmax(-1).dtype == torch.float32
    assert torch.einsum("ij,kj->ik", x, x).dtype == torch.bfloat16
    assert (torch.zeros(2, 2) @ torch.zeros(2, 2)).dtype == torch.float32
    refuses("unsafe to autocast", lambda: nn.functional.binary_cross_entropy(x.sigmoid(), x.sigmoid()))
assert torch.ones(2).pin_memory().sum() == 2 and torch.cuda.memory_allocated() == 0
with torch.device("cuda"):
    assert nn.Linear(2, 2).weight.is_cuda
torch.set_default_device("cuda")
assert torch.get_default_device() == CUDA and torch.Generator(torch.get_default_device()).device == CUDA
assert torch.tensor([1]).is_cuda and torch.zeros(2).is_cuda
torch.set_default_device("cpu")
print(x)
assert f"{x.sum():.2f}" and not torch.tensor([1]).is_cuda
print("all hold")
"""


@cache
def results() -> dict[str, dict[str, Any]]:
    """The examples on the virtual device, all in one process."""
    found = examples()
    return dict(zip(PART, probed([found[name] for name in PART]), strict=True))


def test_every_example_has_a_verdict() -> None:
    """And there are many."""
    assert examples().keys() == VERDICTS.keys() and len(VERDICTS) >= 60


@pytest.mark.parametrize("name", PART)
def test_verdict(name: str) -> None:
    """Clean or not, the class of the exception, and the first line of its text."""
    assert unlike(name, results()[name], VERDICTS[name]) == ""


def test_the_failure_shows_both_devices() -> None:
    """Also where one of the tensors has no name."""
    operands = failure(results()["buggy/FactoryInForward"])["operands"]
    assert {one["device"] for one in operands} == {"cuda:0", "cpu"}


def test_the_weight_that_stayed_behind_is_named() -> None:
    """As the failing line calls its layer."""
    given, weight = failure(results()["buggy/PlainListOfLayers"])["operands"]
    assert (given["name"], given["device"]) == ("x", "cuda:0")
    assert (weight["name"], weight["device"], weight["layer"]) == ("layer.weight", "cpu", "layer")


def python(text: str) -> str:
    """Runs a text with the virtual device."""
    start = f"import sys; sys.path.insert(0, {str(NETWORKS.parent)!r})\nfrom many import child\n"
    start += "child('virtual').install()\n"
    done = subprocess.run([sys.executable, "-B", "-c", start + text], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_what_users_look_at() -> None:
    """Devices, moves, identity of parameters, gradients, generators, half precision, autocast."""
    assert python(FACTS).endswith("device='cuda:0')\nall hold\n")


def test_what_is_not_known_is_said() -> None:
    """A kernel of a library that meets tensors of two devices."""
    text = """
import torch
from torch import nn

library = torch.library.Library("probe_test", "DEF")
library.define("plus(Tensor a, Tensor b) -> Tensor")
library.impl("plus", lambda a, b: a + b, "CPU")

class Net(nn.Module):
    def forward(self, x):
        return torch.ops.probe_test.plus(x, torch.ones(2))
"""
    request = {
        "file": "/net.py",
        "text": text,
        "build": [{"code": text, "line": 1}],
        "network": "Net()",
        "inputs": [{"source": "the test", "args": ["torch.ones(2)"]}],
        "on": "virtual",
    }
    found = probed([request])[0]
    assert found["verdict"] == "uncertain" and "probe_test.plus" in failure(found)["note"], found["why"]


def test_the_table_of_checks() -> None:
    """Known operations, in torch's words."""
    lines = (CHILD / "virtual/device_checks.txt").read_text(encoding="utf-8").splitlines()
    assert "mm\twrapper_CUDA_mm\tself mat2" in lines and "add.Tensor\t-\tself other" in lines and len(lines) > 900
