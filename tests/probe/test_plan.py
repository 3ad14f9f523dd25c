"""What of a program is taken to build a network, and what is not: the plans are run as the probe's child runs them."""

from __future__ import annotations

import argparse
import ast
import shutil
import sys
import types
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import torch

from probe.many import child
from samedevice.probe import make
from samedevice.probe.interpreter import interpreter
from samedevice.probe.plan import NoPlan, Plan
from samedevice.resolve import environment
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile

HEAD = "import torch\nfrom torch import nn\n"
NET = """
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, 4)

    def forward(self, x):
        return self.fc(x)
"""


def planned(text: str, name: str = "", path: str = "/p/train.py", **more: Any) -> Plan:
    """The plan for a network of a text."""
    return make.plans(SourceFile(path, dedent(text)), Settings(), name, **more)[0]


def built(plan: Plan) -> Any:
    """The network, built as the child builds it."""
    module = types.ModuleType("__probe__")
    vars(module).update(__file__=plan.source.path, __package__=plan.package or "")
    sys.modules["__probe__"] = module
    before, parser = sys.path[:], dict(vars(argparse.ArgumentParser))
    sys.path[:0] = plan.path
    try:
        for one in plan.build:
            exec(compile("\n" * (one.line - 1) + one.code, plan.source.path, "exec"), vars(module))
        return eval(plan.network, vars(module))
    finally:
        sys.path[:] = before
        for name, own in parser.items():  # the build answers for the command line, in a process of its own
            if vars(argparse.ArgumentParser).get(name) is not own:
                setattr(argparse.ArgumentParser, name, own)
        del sys.modules["__probe__"]


def codes(plan: Plan) -> str:
    """All that the plan runs."""
    return "\n".join(one.code for one in plan.build)


def width(network: Any) -> int:
    """The input width of the network's first linear layer."""
    return next(one.in_features for one in network.modules() if isinstance(one, torch.nn.Linear))


def test_only_what_the_network_needs_is_run() -> None:
    text = f"""{HEAD}
import os
raise_if_run = 1
HIDDEN = 24
UNUSED = open("/nowhere/at/all")
{NET}
model = Net(HIDDEN).to("cuda")
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(10):
    raise RuntimeError("the training loop ran")
"""
    plan = planned(text, "model")
    assert width(built(plan)) == 24
    for word in ("os", "open", "optimizer", "RuntimeError", "cuda", "raise_if_run"):
        assert word not in codes(plan)


def test_statements_keep_their_lines() -> None:
    text = f"{HEAD}\nSIZE = 8\n\ndef main():\n    size = SIZE * 2\n    model = nn.Linear(\n        size, 3)\nmain()\n"
    plan = planned(text, "model")
    places = {(one.code.strip().splitlines()[-1].strip(), one.line) for one in plan.build}
    assert ("SIZE = 8", 4) in places and ("size = SIZE * 2", 6) in places
    assert width(built(plan)) == 16 and plan.line == 8


CASES = {
    "a call site in main": f"{HEAD}{NET}\ndef main():\n    dims = [7, 9]\n    net = Net(dims[1])\nmain()\n",
    "a default": f"{HEAD}{NET.replace('width', 'width=9', 1)}",
    "an argument of a caller": f"{HEAD}{NET}\ndef run(size):\n    net = Net(size)\nrun(9)\n",
    "an argument by keyword": f"{HEAD}{NET}\ndef run(size, depth=2):\n    net = Net(size)\nrun(depth=3, size=9)\n",
    "a default of the function": f"{HEAD}{NET}\nSIZE = 9\ndef run(size=SIZE):\n    net = Net(size)\n",
    "the command line": f"""{HEAD}
import argparse
{NET}
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--width", type=int, default=9)
    parser.add_argument("data", help="required")
    parser.add_argument("--name", required=True)
    args = parser.parse_args()
    net = Net(args.width)
    raise RuntimeError("the rest of main ran")
if __name__ == "__main__":
    main()
""",
    "a dataclass": f"{HEAD}from dataclasses import dataclass\n@dataclass\nclass Config:\n    width: int = 9\n"
    + NET.replace("width):", "cfg: Config):").replace("width, 4", "cfg.width, 4"),
    "a changed configuration": f"{HEAD}from types import SimpleNamespace\ncfg = SimpleNamespace(width=1)\n"
    + f"cfg.width = 9\n{NET}\nnet = Net(cfg.width)\n",
    "the main guard": f"{HEAD}{NET}\nif __name__ == '__main__':\n    size = 9\n    net = Net(size).cuda()\n",
    "an annotation": HEAD + NET.replace("width)", "width: int)").replace("nn.Linear(width", "nn.Linear(width * 0 + 9"),
    "another network's constructor": f"{HEAD}{NET}\nclass Outer(nn.Module):\n    def __init__(self, n=9):\n"
    "        super().__init__()\n        self.inner = Net(n)\n    def forward(self, x):\n"
    "        return self.inner(x)\n",
    "a class in a function": f"{HEAD}\ndef make():\n    size = 9\n    class Net(nn.Module):\n"
    "        def __init__(self):\n"
    "            super().__init__()\n            self.fc = nn.Linear(size, 2)\n        def forward(self, x):\n"
    "            return self.fc(x)\n    return Net()\n",
    "a syntax error elsewhere": f"{HEAD}{NET}\nnet = Net(9)\ndef broken(:\n    pass\n",
    "names with unicode": f"{HEAD}größe = 9\n{NET}\nnet = Net(größe)\n",
    "a loop over sizes": f"{HEAD}{NET}\nfor size in (9, 10):\n    net = Net(size)\n",
    "a comprehension": f"{HEAD}{NET}\nnets = [Net(size) for size in (9, 10)]\n",
    "a data parallel wrapper": f"{HEAD}{NET}\nnet = nn.DataParallel(Net(9)).cuda()\n",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_a_class_gets_its_arguments(text: str) -> None:
    plan = planned(text, "Net")
    assert not plan.missing
    assert width(built(plan)) == 9


HELD = {
    "a sequence of layers": ("model = nn.Sequential(nn.Linear(9, 3), nn.ReLU())", "model"),
    "a changed head": ("model = nn.Sequential(nn.Linear(1, 3))\nmodel[0] = nn.Linear(9, 3)", "model"),
    "a wrapped network": ("net = nn.Linear(9, 3)\nmodel = torch.compile(nn.DataParallel(net).cuda())", "model"),
    "a network in a dict": ("models = {'a': nn.Linear(9, 3), 'b': nn.Linear(1, 2)}", "models"),
    "a network in a list": ("models = [nn.Linear(9, 3)]", "models"),
    "a function": ("def build_model(size=9):\n    return nn.Linear(size, 3)", "build_model"),
    "a function that gives two things": (
        "def build(size):\n    m = nn.Linear(size, 3)\n    return m, torch.optim.SGD(m.parameters(), lr=1)\n"
        "model, optimizer = build(9)",
        "model",
    ),
    "that function by its name": (
        "def build(size):\n    m = nn.Linear(size, 3)\n"
        "    return torch.optim.SGD(m.parameters(), lr=1), m\nx, y = build(9)",
        "build",
    ),
    "an attribute of a trainer": (
        "class Trainer:\n    def __init__(self, size):\n        self.size = size\n        self.log = open('/nowhere')\n"
        "        self.model = nn.Linear(self.size, 3)\ntrainer = Trainer(9)",
        "self.model",
    ),
    "a conditional": ("small = True\nmodel = nn.Linear(9, 3) if small else nn.Linear(99, 3)", "model"),
    "under torch.no_grad": ("with torch.no_grad():\n    model = nn.Linear(9, 3)", "model"),
}


@pytest.mark.parametrize("text, name", HELD.values(), ids=HELD)
def test_what_holds_a_network(text: str, name: str) -> None:
    plan = planned(HEAD + text + "\n", name)
    assert not plan.missing
    assert width(built(plan)) == 9


def test_a_module_of_a_package_is_imported(tmp_path: Path) -> None:
    package = tmp_path / "pkg" / "models"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").write_text("")
    (package.parent / "sizes.py").write_text("WIDTH = 9\n")
    text = f"{HEAD}from ..sizes import WIDTH\n{NET}\ndef build_net():\n    return Net(WIDTH)\n"
    (package / "net.py").write_text(text)
    for given in (text, text + "# not saved\n"):
        plan = planned(given, "build_net", str(package / "net.py"))
        assert plan.package == "pkg.models"
        assert width(built(plan)) == 9
        for name in [name for name in sys.modules if name.split(".")[0] == "pkg"]:
            del sys.modules[name]


def test_what_is_missing_is_said_with_a_proposal() -> None:
    text = f"{HEAD}{NET.replace('width):', 'thing, hidden):').replace('nn.Linear(width', 'nn.Linear(thing(hidden)')}"
    plan = planned(text, "Net")
    assert [one.name for one in plan.missing] == ["thing"]
    assert [(one.name, one.code) for one in plan.chosen] == [("hidden", "64")]
    plan = planned(f"# probe: thing = lambda n: 9\n{text}", "Net")
    assert not plan.missing and width(built(plan)) == 9
    plan = planned(text, "Net", given={"thing": "lambda n: n - 55"})
    assert width(built(plan)) == 9


def test_a_configuration_is_made_of_what_is_read_from_it() -> None:
    text = f"{HEAD}{NET.replace('width):', 'cfg):').replace('nn.Linear(width', 'nn.Linear(cfg.hidden_size')}"
    plan = planned(text, "Net")
    assert not plan.missing and width(built(plan)) == 64


def test_pyproject_remembers(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.samedevice.probe.Net]\nwidth = "9"\nx = "torch.zeros(3, 9)"\n')
    plan = planned(f"{HEAD}{NET}\nnet = Net(5)\n", "Net", str(tmp_path / "a.py"))
    assert plan.inputs[0].kwargs == {"x": "torch.zeros(3, 9)"}
    assert width(built(planned(f"{HEAD}{NET}", "Net", str(tmp_path / "a.py")))) == 9


def test_which_network_is_meant() -> None:
    text = f"{HEAD}{NET}\nclass Outer(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    text += "        self.a = Net(3)\n    def forward(self, x):\n        return self.a(x)\n"
    assert planned(text).name == "Outer"
    assert planned(text, place=(9, 10)).name == "Net"
    assert planned(text + "model = Outer()\n", place=(text.count("\n") + 1, 2)).name == "model"
    with pytest.raises(NoPlan, match="there are: Net, Outer"):
        planned(text, "Nothing")
    with pytest.raises(NoPlan, match="several networks: name one of Net, Other"):
        planned(f"{HEAD}{NET}{NET.replace('Net', 'Other')}")
    with pytest.raises(NoPlan, match="no network"):
        planned("x = 1\n")


def test_trained_weights_are_not_fetched() -> None:
    text = "import torchvision\nmodel = torchvision.models.resnet18(weights='DEFAULT')\n"
    assert "resnet18(weights=None)" in codes(planned(text, "model"))


def test_trained_weights_inside_of_definitions_are_not_fetched() -> None:
    """The child changes what it runs; lines and everything else stay."""
    text = """def build(name, *, pretrained=True):
    return dict(name=name, pretrained=pretrained)

def other(pretrained=True, weights=(1, 2)):
    return build("a", pretrained=pretrained), build("b", pretrained=True), weights
"""
    names: dict[str, Any] = {}
    exec(compile(child("program").offline(ast.parse(text)), "<test>", "exec"), names)
    first, second, weights = names["other"]()
    assert (first["pretrained"], second["pretrained"], weights) == (False, False, (1, 2))
    assert names["build"]("c", pretrained=1)["pretrained"] == 1


def test_a_class_of_transformers_is_a_network() -> None:
    """By its name, though no file of the project has it."""
    text = (
        "from transformers import ViTForImageClassification\nmodel = ViTForImageClassification(config).cuda().half()\n"
    )
    assert planned(text).name == "model"


def test_which_python_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project's own comes before an active one, as everywhere; one from the PATH without torch is none."""
    own, active, path = (tmp_path / name for name in ("work/.venv", "active", "path"))
    for folder in (own, active, path):
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python3").touch(mode=0o755)
        (folder / "bin" / "python").touch(mode=0o755)
        (folder / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    file = str(tmp_path / "work" / "net.py")
    monkeypatch.setenv("PATH", str(path / "bin"))
    monkeypatch.setenv("VIRTUAL_ENV", str(active))
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    environment.forget()
    assert interpreter(file) == str(own / "bin" / "python")
    assert interpreter(file, sys.executable) == sys.executable
    shutil.rmtree(own)
    environment.forget()
    assert interpreter(file) == str(active / "bin" / "python")
    monkeypatch.delenv("VIRTUAL_ENV")
    environment.forget()
    assert interpreter(file) == sys.executable
    (path / "lib/python3.11/site-packages/torch-2.13.0.dist-info").mkdir(parents=True)
    environment.forget()
    assert interpreter(file) == str(path / "bin" / "python3")
    environment.forget()


def test_the_program_s_own_call_is_planned_with_its_moves() -> None:
    text = f"""{HEAD}{NET}
def train(model, data, device):
    for x, y in data:
        x = x.to(device)
        out = model(x)
        loss = nn.functional.cross_entropy(out, y)
        loss.backward()

device = "cuda"
model = Net(9).to(device)
train(model, [(torch.randn(2, 9), torch.zeros(2, dtype=torch.long))], device)
"""
    own, call = make.plans(SourceFile("/p/a.py", text), Settings(), "Net")
    assert (own.move, call.move, call.network) == ("network", "program", "model")
    assert call.loss == "nn.functional.cross_entropy(output, y)"
    code = codes(call)
    assert "model = Net(9).to(device)" in code and "x = x.to(device)" in code and "backward" not in code
    assert call.inputs[0].call == "((x,), {})"


def test_a_call_in_a_trainer_is_planned_with_a_real_trainer() -> None:
    text = f"""{HEAD}{NET}
class Trainer:
    def __init__(self, model, data):
        self.model = model
        self.data = data

    def run(self):
        for batch in self.data:
            self.step(batch)

    def step(self, batch):
        return self.model(batch * 2)

Trainer(Net(9), [torch.ones(2, 9)]).run()
"""
    call = make.plans(SourceFile("/p/a.py", text), Settings(), "Net")[1]
    assert call.network == "self.model" and width(built(call)) == 9
    assert [one.code for one in call.build][-3:] == [
        "self = Trainer(Net(9), [torch.ones(2, 9)])",
        "batch = next(iter(self.data))",
        "batch = batch",
    ] or "self = Trainer(Net(9), [torch.ones(2, 9)])" in codes(call)


def test_networks_assigned_side_by_side() -> None:
    text = f"{HEAD}{NET}\na, b = Net(9), Net(3)\nx = torch.ones(2, 3)\nb(x)\n"
    call = make.plans(SourceFile("/p/a.py", text), Settings(), "Net")[1]
    assert call.network == "b" and width(built(call)) == 3


def test_another_file_of_the_project_makes_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "net.py").write_text(text := f"{HEAD}{NET}")
    (tmp_path / "other.py").write_text("def Net(x):\n    return x\nNet(3)\n")
    (tmp_path / "train.py").write_text(
        "import torch\nfrom net import Net\nopen('/nowhere')\n\ndef main():\n    size = 9\n    model = Net(size)\n"
        "    ids = torch.ones(3, size)\n    model(ids)\n"
    )
    plan, *calls = make.plans(SourceFile(str(tmp_path / "net.py"), text), Settings(), "Net")
    assert plan.source.path == str(tmp_path / "train.py") and not plan.chosen
    assert width(built(plan)) == 9 and "open" not in codes(plan)
    assert [one.network for one in calls] == ["model"]
    assert any(one.call == "((ids,), {})" for one in plan.inputs)
    del sys.modules["net"]
    unsaved = planned(text + "# new\n", "Net", str(tmp_path / "net.py"))
    assert [one.code for one in unsaved.chosen] == ["64"], "what is not saved can't be imported"


def test_calls_that_are_left_out_are_named() -> None:
    """What reads a file, and what torch calls; not what another network calls, nor what can be cut out."""
    text = f"""
import torch
from torch import nn
from torch.func import functional_call
{NET}

class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = Net(3)

    def forward(self, x):
        return self.net(x)

net = Net(3)
out = net(torch.ones(2, 3))
read = net(torch.load(open("x.pt", "rb")))
fast = functional_call(net, dict(net.named_parameters()), (torch.ones(2, 3),))
"""
    own, *calls = make.plans(SourceFile("/p/train.py", text), Settings(), "Net")
    lines = text.splitlines()
    assert [lines[line - 1].split(" ")[0] for line in own.left_out] == ["read", "fast"]
    assert [lines[one.line - 1].split(" ")[0] for one in calls] == ["out"]
