"""What a probe costs: against importing torch and running the network, and five hundred of them in a row.

.ci/probe_bench.py overhead     a network of the size of ResNet-50, on the CPU
.ci/probe_bench.py row [500]    no process, file or memory may be left behind
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "server"))

from samedevice.probe import launch

RESNET50 = """
import torch
from torch import nn

class Bottleneck(nn.Module):
    def __init__(self, cin, width, stride=1):
        super().__init__()
        def conv(a, b, k, s=1):
            return nn.Sequential(nn.Conv2d(a, b, k, s, k // 2, bias=False), nn.BatchNorm2d(b))
        self.a, self.b, self.c = conv(cin, width, 1), conv(width, width, 3, stride), conv(width, 4 * width, 1)
        self.skip = conv(cin, 4 * width, 1, stride) if stride > 1 or cin != 4 * width else nn.Identity()

    def forward(self, x):
        return torch.relu(self.c(torch.relu(self.b(torch.relu(self.a(x))))) + self.skip(x))

class ResNet50(nn.Module):
    def __init__(self):
        super().__init__()
        layers, cin = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
        for width, count, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
            for i in range(count):
                layers.append(Bottleneck(cin, width, stride if i == 0 else 1))
                cin = 4 * width
        self.body = nn.Sequential(*layers)
        self.fc = nn.Linear(2048, 1000)

    def forward(self, x):
        return self.fc(self.body(x).mean((2, 3)))
"""
PLAIN = """
network = ResNet50().eval()
x = torch.randn(8, 3, 224, 224)
with torch.no_grad():
    for _ in range(3):
        network(x)
"""
SMALL = "import torch\nnetwork = torch.nn.Linear(4, 2)\n"
MOST = 1.5


def request(text: str, network: str, inputs: str, **more: Any) -> dict[str, Any]:
    """A probe on the CPU."""
    return {
        "text": text,
        "file": "/bench.py",
        "build": [{"code": text, "line": 1}],
        "network": network,
        "inputs": [{"source": "the bench", "args": [inputs]}],
        "on": "cpu",
    } | more


def overhead() -> int:
    """Both in turn, three times; the best of each is compared, in seconds of work of the processor and of the clock."""
    probes, plains = [], []
    for _ in range(3):
        plains.append(_timed(lambda: subprocess.run([sys.executable, "-c", RESNET50 + PLAIN], check=True)))
        asked = request(RESNET50, "ResNet50()", "torch.randn(8, 3, 224, 224)", repeats=1)
        probes.append(_timed(lambda asked=asked: _clean(asked)))
    worst = 0.0
    for number, name in enumerate(("processor", "clock")):
        probe, plain = min(one[number] for one in probes), min(one[number] for one in plains)
        worst = max(worst, probe / plain)
        print(f"{name}: probe {probe:.2f} s, import and three passes {plain:.2f} s, {probe / plain:.2f} times")
    return int(worst > MOST)


def row(count: int) -> int:
    """Probes of a tiny network; processes, descriptors, files and memory before and after."""
    left = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            _clean(request(SMALL, "network", "torch.randn(1, 4)", cwd=folder, path=[folder], repeats=1))
            if number in (count // 10, count - 1):
                left.append((_processes(folder), len(os.listdir("/proc/self/fd")), os.listdir(folder), _memory()))
                processes, descriptors, files, memory = left[-1]
                print(f"{number + 1}: {processes} processes, {descriptors} descriptors, files {files}, {memory} MB")
    first, last = left[0], left[-1]
    return int(last[:3] != (0, first[1], []) or last[3] > first[3] + 20)


def _clean(asked: dict[str, Any]) -> None:
    result = launch.run(asked)
    assert result.verdict == "clean", result


def _timed(work: Any) -> tuple[float, float]:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - started


def _processes(folder: str) -> int:
    found = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            found += os.readlink(f"/proc/{name}/cwd") == folder
        except OSError:
            continue
    return found


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["overhead"]:
            sys.exit(overhead())
        case ["row", *rest]:
            sys.exit(row(int(rest[0]) if rest else 500))
        case _:
            sys.exit(__doc__)
