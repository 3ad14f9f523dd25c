"""The program itself is run where something speaks against a clean verdict; it leaves nothing behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from samedevice.features.check import examine
from samedevice.probe import both, launch, make
from samedevice.probe.findings import joined, noted
from samedevice.probe.request import Wanted, requests
from samedevice.probe.result import Result
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile

NET = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)
"""
METER = """

class Meter:
    def __init__(self):
        self.total = torch.zeros(2{})

    def update(self, out):
        self.total += out.detach().sum(0)


net, meter = Net().cuda(), Meter()
meter.update(net(torch.randn(3, 4).cuda()))
"""


def source(folder: Path, text: str) -> SourceFile:
    """A file with a text."""
    path = folder / "net.py"
    path.write_text(dedent(text), encoding="utf-8")
    return SourceFile(str(path), path.read_text(encoding="utf-8"))


def probed(folder: Path, text: str, name: str = "Net") -> Result:
    """A network of a text on the virtual device, with what reading the code says."""
    own = source(folder, text)
    checked, analysis = examine(own, Settings())
    plans = make.plans(own, Settings(), name, analysis=analysis)
    result = both.run(requests(plans, Wanted(on="virtual", program=True), bool(checked.findings)), sys.executable)
    return noted(result, joined(result, own, checked.findings))


def program(folder: Path, text: str, **more: Any) -> Result:
    """The program of a text by itself."""
    plans = make.plans(source(folder, NET + text), Settings(), "Net")
    whole = [one for one in requests(plans, Wanted(on="virtual", program=True), True) if one.get("whole")]
    assert len(whole) == 1
    return launch.run({**whole[0], **more})


def test_a_mistake_outside_of_the_network_is_found(tmp_path: Path) -> None:
    """The failure is on its line; the network's own run stays in the answer."""
    result = probed(tmp_path, NET + METER.format(""))
    assert result.verdict == "mismatch" and "the network itself runs, but the program does not" in result.why
    assert result.failure is not None and result.failure.text == "self.total += out.detach().sum(0)"
    assert result.runs[0].verdict == "clean" and result.program is not None and result.program.verdict == "mismatch"


def test_a_program_without_doubts_is_not_run(tmp_path: Path) -> None:
    result = probed(tmp_path, NET + METER.format(", device='cuda'"))
    assert result.verdict == "clean" and result.program is None


def test_calls_that_could_not_be_cut_out_run_in_their_program(tmp_path: Path) -> None:
    """What the call needs reads a file; the program reads it too, which is no harm."""
    (tmp_path / "numbers.txt").write_text("1 2 3 4")
    text = "\nnet = Net().cuda()\nvalues = [float(word) for word in open('numbers.txt').read().split()]\n"
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        result = probed(tmp_path, NET + text + "out = net(torch.tensor(values).cuda())\n")
    finally:
        os.chdir(here)
    assert (result.verdict, result.left_out) == ("clean", ()), result.why
    assert result.program is not None and result.program.verdict == "clean"


def test_a_network_that_only_its_program_can_call(tmp_path: Path) -> None:
    """It has no forward: by itself it is not run, and says what to do; with its program it is."""
    bare = NET.replace("forward", "encode")
    result = probed(tmp_path, bare)
    assert result.verdict == "not run" and "no forward" in result.why and "write a forward" in result.why
    result = probed(tmp_path, bare + "\nprint(Net().cuda().encode(torch.randn(2, 4).cuda()))\n")
    assert result.verdict == "clean" and "no forward" in result.why and result.why.startswith("the program runs")


def test_loops_that_train_end_early_and_others_do_not(tmp_path: Path) -> None:
    text = """
built = [number for number in range(9)]
for number in range(9):
    built.append(number)
net = Net().cuda()
optimizer = torch.optim.Adam(net.parameters())
steps = 0
for epoch in range(1000):
    while True:
        optimizer.zero_grad()
        net(torch.randn(2, 4).cuda()).sum().backward()
        optimizer.step()
        steps += 1
print(len(built), steps)
"""
    result = program(tmp_path, text)
    assert (result.verdict, result.captured["stdout"]) == ("clean", "18 4\n"), result


@pytest.mark.parametrize(
    "line",
    [
        "open('out.txt', 'w').write('x')",
        "__import__('pathlib').Path('out.txt').write_text('x')",
        "torch.save(Net(), 'out.txt')",
        "getattr(__import__('os'), 'mk' + 'dir')('out.txt')",
        "__import__('os').system('touch out.txt')",
        "__import__('subprocess').run(['touch', 'out.txt'])",
        "__import__('socket').create_connection(('127.0.0.1', 9))",
    ],
)
def test_nothing_is_left_behind(tmp_path: Path, line: str) -> None:
    """What writes, starts or connects is refused, also where the text does not show it."""
    result = program(tmp_path, f"\nimport os\nos.chdir({str(tmp_path)!r})\ncall = eval\ncall({line!r}, globals())\n")
    assert result.verdict == "not run" and "not run to its end, because it" in result.why, result
    assert os.listdir(tmp_path) == ["net.py"]


TEMPORARY = """
import os, tempfile
folder = tempfile.mkdtemp()
path = os.path.join(folder, "last.pth")
net = Net().cuda()
torch.save({"net": net.state_dict(), "step": 3}, path)
os.rename(path, path + "h")
found = torch.load(path + "h", map_location="cpu")
with open(os.path.join(folder, "log.txt"), "w") as log:
    log.write(str(found["step"]))
weight = next(iter(found["net"].values()))
print(folder, open(log.name).read(), weight.device)
"""


def test_temporary_files_may_be_written(tmp_path: Path) -> None:
    """Checkpoints in a temporary folder are read back, where `map_location` says."""
    result = program(tmp_path, TEMPORARY, scratch=str(tmp_path))
    assert result.verdict == "clean", result
    folder, step, device = result.captured["stdout"].split()
    assert (Path(folder).parent, step, device) == (tmp_path, "3", "cpu")


def test_temporary_files_are_taken_away(tmp_path: Path) -> None:
    stop = TEMPORARY.replace("print(", "if os.path.exists(log.name):\n    raise ValueError(")
    result = probed(tmp_path, NET + stop + METER.format(""))
    assert result.program is not None and result.program.failure is not None, result
    folder = Path(result.program.failure.message.split("'")[1])
    assert "samedevice-" in str(folder) and not folder.parent.exists()


@pytest.mark.parametrize(
    "line",
    ["os.rename(path, 'out.txt')", "os.symlink('net.py', path + '.py')", "torch.save(1, folder + '/../out.txt')"],
)
def test_a_temporary_folder_is_no_way_out(tmp_path: Path, line: str) -> None:
    own, scratch = tmp_path / "own", tmp_path / "scratch"
    own.mkdir()
    scratch.mkdir()
    text = f"""
import os, tempfile
os.chdir({str(own)!r})
folder = tempfile.gettempdir()
path = tempfile.mkstemp()[1]
call = eval
call({line!r}, globals())
"""
    result = program(own, text, scratch=str(scratch))
    assert result.verdict == "not run" and "not run to its end, because it" in result.why, result
    assert (os.listdir(own), len(os.listdir(scratch)), len(os.listdir(tmp_path))) == (["net.py"], 1, 2)


def test_what_its_text_shows_to_reach_out_is_not_even_started(tmp_path: Path) -> None:
    plans = make.plans(source(tmp_path, NET + "\nimport os\nos.system('true')\n"), Settings(), "Net")
    assert not any(one.get("whole") for one in requests(plans, Wanted(program=True), True))


def test_the_end_of_a_program(tmp_path: Path) -> None:
    """`sys.exit()` is one, with an error it is none; its command line is empty, what it parses itself is not."""
    assert program(tmp_path, "\nimport sys; sys.exit()\n").verdict == "clean"
    assert program(tmp_path, "\nimport sys; sys.exit('no')\n").verdict == "error"
    text = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--width", type=int, default=3)
print(parser.parse_args().data, parser.parse_args().width, parser.parse_args(["x", "--width", "5"]).width)
"""
    result = program(tmp_path, text)
    assert (result.verdict, result.captured["stdout"]) == ("clean", "None 3 5\n"), result


def test_a_second_gpu_is_not_there(tmp_path: Path) -> None:
    """What needs one is not called wrong."""
    result = probed(tmp_path, NET.replace("nn.Linear(4, 2)", "nn.Linear(4, 2, device='cuda:1')"))
    assert result.verdict == "uncertain" and "asks for cuda:1" in result.why and "more GPUs" in result.why


def test_a_finding_about_another_machine_is_not_settled_by_a_run(tmp_path: Path) -> None:
    """The line runs on one GPU, and speaks of two."""
    text = NET.replace("return self.fc(x)", "return self.fc(x) + self.other")
    text = text.replace("self.fc = nn.Linear(4, 2)", "self.fc = nn.Linear(4, 2)\n        self.other = 0")
    text += "\nnet = Net().cuda()\nif torch.cuda.device_count() > 1:\n    net.other = torch.zeros(2, device='cuda:1')\n"
    result = probed(tmp_path, text + "out = net(torch.randn(2, 4).cuda())\n")
    assert result.verdict != "clean" or not result.program, result.why
