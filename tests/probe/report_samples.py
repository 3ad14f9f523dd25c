"""Results for the tests of the report: a ResNet-50 by arithmetic, in the JSON of the contract, whole and broken."""

from __future__ import annotations

import math
from typing import Any

Json = dict[str, Any]
FILE = "/home/ada/vision/resnet.py"
STAGES = ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2))
"""Width, blocks and first stride of each stage."""
PARENTS = ("Sequential", "Bottleneck", "ResNet")
"""Classes of layers that only hold others."""


def tensor(*shape: int, dtype: str = "float32", device: str = "cuda:0") -> Json:
    """A tensor in the JSON of a result."""
    return {"shape": list(shape), "dtype": dtype, "device": device}


class _Net:
    """Layers in the order in which they run, each with the shape that comes out."""

    def __init__(self, batch: int, dtype: str) -> None:
        self.layers: list[Json] = []
        self.shape = (batch, 3, 224, 224)
        self.dtype = dtype

    def parent(self, path: str, kind: str, line: int) -> Json:
        """A layer that holds others; its sums are filled in later."""
        return self._add(path, kind, line, 0, 0)

    def conv(self, path: str, out: int, kernel: int, stride: int, line: int) -> None:
        """A convolution without bias that keeps the picture's size up to the stride."""
        batch, channels, height, wide = self.shape
        parameters = out * channels * kernel * kernel
        after = (batch, out, -(-height // stride), -(-wide // stride))
        self._add(path, "Conv2d", line, parameters, 2 * parameters * after[2] * after[3] * batch, after)

    def same(self, path: str, kind: str, line: int, parameters: int = 0, after: tuple[int, ...] | None = None) -> None:
        """A layer without FLOPs worth counting."""
        self._add(path, kind, line, parameters, 0, after or self.shape)

    def linear(self, path: str, out: int, line: int) -> None:
        """The classifier."""
        batch, features = self.shape
        self._add(path, "Linear", line, out * features + out, 2 * out * features * batch, (batch, out))

    def _add(
        self, path: str, kind: str, line: int, parameters: int, flops: int, after: tuple[int, ...] | None = None
    ) -> Json:
        layer: Json = {
            "path": path,
            "class": kind,
            "depth": path.count(".") + 1 if path else 0,
            "calls": 1,
            "file": FILE,
            "line": line,
            "input": [tensor(*self.shape, dtype=self.dtype)],
            "output": tensor(*(after or self.shape), dtype=self.dtype),
            "parameters": parameters,
            "own_parameters": parameters,
            "parameter_dtype": self.dtype if parameters else None,
            "parameter_device": "cuda:0" if parameters else None,
            "flops": flops,
            "ms": None,
            "bytes": None,
            "status": "ok",
        }
        self.shape = after or self.shape
        self.layers.append(layer)
        return layer


def resnet_layers(batch: int = 8, dtype: str = "float32") -> list[Json]:
    """The 151 layers of a ResNet-50, with times and memory that follow from their work."""
    net = _Net(batch, dtype)
    net.parent("", "ResNet", 61)
    net.conv("conv1", 64, 7, 2, 88)
    net.same("bn1", "BatchNorm2d", 88, 128)
    net.same("relu", "ReLU", 88)
    net.same("maxpool", "MaxPool2d", 89, after=(batch, 64, 56, 56))
    for number, (width, blocks, stride) in enumerate(STAGES, 1):
        net.parent(f"layer{number}", "Sequential", 89 + number)
        for block in range(blocks):
            _bottleneck(net, f"layer{number}.{block}", width, stride if block == 0 else 1, first=block == 0)
    net.same("avgpool", "AdaptiveAvgPool2d", 95, after=(batch, 2048, 1, 1))
    net.shape = (batch, 2048)
    net.linear("fc", 1000, 96)
    _measure(net.layers, 0.5 if dtype != "float32" else 1.0)
    return net.layers


def _bottleneck(net: _Net, path: str, width: int, stride: int, *, first: bool) -> None:
    """One residual block."""
    net.parent(path, "Bottleneck", 70)
    came = net.shape
    for number, (out, kernel, step) in enumerate([(width, 1, 1), (width, 3, stride), (4 * width, 1, 1)], 1):
        net.conv(f"{path}.conv{number}", out, kernel, step, 40 + number)
        net.same(f"{path}.bn{number}", "BatchNorm2d", 40 + number, 2 * out)
    if first:
        after, net.shape = net.shape, came
        net.parent(f"{path}.downsample", "Sequential", 45)
        net.conv(f"{path}.downsample.0", 4 * width, 1, stride, 45)
        net.same(f"{path}.downsample.1", "BatchNorm2d", 45, 8 * width)
        net.shape = after
    net.same(f"{path}.relu", "ReLU", 47)


def _measure(layers: list[Json], factor: float) -> None:
    """Times and bytes for the leaves, sums for their parents, outputs of parents from their last child."""
    for layer in layers:
        size = math.prod(layer["output"]["shape"])
        layer["bytes"] = size * (4 if factor == 1.0 else 2)
        layer["ms"] = round((0.011 + layer["flops"] / 9e9 + size / 4e8) * factor, 4)
    for parent in layers:
        if parent["class"] not in PARENTS:
            continue
        leaves = [one for one in layers if _inside(one, parent) and one["class"] not in PARENTS]
        for name in ("parameters", "flops", "ms"):
            parent[name] = round(sum(one[name] for one in leaves), 4)
        parent["bytes"] = max(one["bytes"] for one in leaves)
        parent["output"] = leaves[-1]["output"]
        parent["own_parameters"] = 0
        parent["parameter_dtype"], parent["parameter_device"] = layers[1]["parameter_dtype"], "cuda:0"


def _inside(layer: Json, parent: Json) -> bool:
    """Whether a layer lies in another one."""
    return not parent["path"] or layer["path"].startswith(f"{parent['path']}.")


def memory(layers: list[Json], held: int) -> list[Json]:
    """Memory after each leaf: the parameters, and what the forward pass keeps for the backward."""
    steps, allocated = [], held
    for layer in layers:
        if layer["class"] in PARENTS:
            continue
        allocated += layer["bytes"] if layer["class"] != "ReLU" else 0
        steps.append({"layer": layer["path"], "allocated": allocated})
        if layer["class"] == "ReLU":
            allocated -= layer["bytes"] // 2
    return steps


def run(dtype: str = "float32", **changes: Any) -> Json:
    """One clean run on a GPU."""
    layers = resnet_layers(dtype=dtype)
    held = layers[0]["parameters"] * (4 if dtype == "float32" else 2)
    steps = memory(layers, held)
    found: Json = {
        "dtype": dtype,
        "autocast": None,
        "verdict": "clean",
        "failure": None,
        "ms": layers[0]["ms"],
        "backward_ms": round(layers[0]["ms"] * 2.1, 3),
        "peak_bytes": max(step["allocated"] for step in steps),
        "flops": layers[0]["flops"],
        "output": layers[-1]["output"],
        "difference": None if dtype == "float32" else {"max_abs": 0.0127, "relative": 0.0031},
        "layers": layers,
        "values": [],
        "memory": steps,
    }
    return found | changes


def result(*runs: Json, **changes: Any) -> Json:
    """A whole answer; without runs, one clean float32 run on a GPU."""
    chosen = list(runs) or [run()]
    found: Json = {
        "schema": 1,
        "verdict": "clean",
        "why": "ResNet ran on cuda:0 in float32: forward and backward are clean",
        "environment": {
            "torch": "2.13.0",
            "cuda_build": "12.8",
            "python": "3.11.7",
            "on": "cuda:0",
            "gpu": "NVIDIA H100 80GB HBM3",
            "platform": "Linux-6.1-x86_64",
        },
        "network": {
            "class": "ResNet",
            "file": FILE,
            "line": 61,
            "parameters": 25557032,
            "trainable": 25557032,
            "buffers": 53120,
            "bytes": 102228128,
        },
        "input": {
            "source": "call site line 112",
            "args": [tensor(8, 3, 224, 224)],
            "kwargs": {},
            "tried": [{"source": "layer met first", "failed": "expected 3 channels, got 64"}],
        },
        "runs": chosen,
        "captured": {"stdout": "building resnet50\n", "stderr": ""},
    }
    return found | changes


def failing(dtype: str = "float32") -> Json:
    """A run that stopped in layer3: a buffer that was left on the CPU."""
    layers = resnet_layers(dtype=dtype)
    place = next(index for index, layer in enumerate(layers) if layer["path"] == "layer3.2.conv2")
    for index, layer in enumerate(layers):
        layer["ms"] = layer["bytes"] = None
        if index > place and layer["path"]:
            layer.update(status="not reached", calls=0, input=[], output=None, flops=None)
    for path in ("layer3.2.conv2", "layer3.2", "layer3", ""):
        layer = next(one for one in layers if one["path"] == path)
        layer.update(status="failed", output=None, flops=None, calls=1)
    layers[place]["parameter_device"] = "cpu"
    failure = {
        "kind": "device",
        "error": "RuntimeError",
        "message": "Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same",
        "stage": "forward",
        "file": FILE,
        "line": 42,
        "text": "        out = self.conv2(out)",
        "layer": "layer3.2.conv2",
        "operands": [
            {"name": "input", **tensor(8, 256, 14, 14)},
            {"name": "weight", **tensor(256, 256, 3, 3, device="cpu")},
        ],
        "traceback": [
            {"file": FILE, "line": 93, "function": "forward", "text": "    x = self.layer3(x)"},
            {"file": FILE, "line": 42, "function": "forward", "text": "        out = self.conv2(out)"},
        ],
        "certain": True,
        "note": "virtual CUDA: the rule was enforced by SameDevice with PyTorch's own message",
    }
    empty: Json = {
        "ms": None,
        "backward_ms": None,
        "peak_bytes": None,
        "flops": None,
        "output": None,
        "memory": [],
        "difference": None,
    }
    return run(dtype, verdict="mismatch", failure=failure, layers=layers, **empty)


def virtual_failure() -> Json:
    """The answer of a machine without a GPU to a network that mixes devices."""
    base = result(failing())
    return base | {
        "verdict": "mismatch",
        "why": "layer3.2.conv2 got an input on cuda:0 while its weight is on cpu",
        "environment": base["environment"] | {"on": "virtual", "gpu": None, "cuda_build": None},
    }


def three_dtypes() -> Json:
    """float32 and bfloat16 run, float16 is refused by one layer."""
    refused = failing("float16")
    refused["failure"] |= {
        "kind": "dtype",
        "message": "mat1 and mat2 must have the same dtype, but got Half and Float",
        "operands": [
            {"name": "input", **tensor(8, 256, 14, 14, dtype="float16")},
            {"name": "weight", **tensor(256, 256, 3, 3)},
        ],
    }
    return result(run(), run("bfloat16"), refused) | {
        "verdict": "mismatch",
        "why": "clean in float32 and bfloat16; in float16 layer3.2.conv2 refuses",
    }


def many_layers(number: int) -> Json:
    """A network of so many layers: blocks of nine, as transformers have them."""
    layers = [_plain("", "Big", 0, number)]
    kinds = ("LayerNorm", "Linear", "Linear", "Linear", "Dropout", "Linear", "GELU", "Linear")
    for block in range((number - 1) // 9):
        layers.append(_plain(f"blocks.{block}", "Block", block, number))
        layers += [_plain(f"blocks.{block}.{place}", kind, place + block, number) for place, kind in enumerate(kinds)]
    return result(run(layers=layers, memory=memory(layers, 10**9)))


def _plain(path: str, kind: str, seed: int, number: int) -> Json:
    """A layer with made-up numbers that differ."""
    spread = (seed * 2654435761) % 1000
    numbers = {"parameters": spread * 1000, "flops": spread * 10**6, "bytes": spread * 4096}
    return {
        "path": path,
        "class": kind,
        "depth": path.count(".") + 1 if path else 0,
        "calls": 1,
        "file": FILE,
        "line": seed + 1,
        "input": [tensor(4, 128, 768)],
        "output": tensor(4, 128, 768),
        "parameter_dtype": "float32",
        "parameter_device": "cuda:0",
        "ms": spread / 1000 * (number if not path else 1),
        "status": "ok",
    } | numbers
