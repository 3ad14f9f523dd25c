"""Names of devices as PyTorch reads them."""

from __future__ import annotations

import ast
import re

from samedevice.interpret import refusals
from samedevice.interpret.analysis import Operand
from samedevice.interpret.context import Arguments, Run, text_of
from samedevice.ops.outcome import Clash, Refusal
from samedevice.values.value import Const

_KINDS = (
    "cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, mps, meta, hpu, mtia, "
    "privateuseone"
)
_FORM = re.compile(r"([a-zA-Z_]+)(?::(?:[1-9]\d*|0))?")
_BACKENDS = frozenset({"npu", "mlu", "musa", "gcu", "ppu", "neuron"})
"""Names that a plug-in gives to privateuseone."""


def check(run: Run, node: ast.AST, op: str, arguments: Arguments) -> None:
    """Records a device name that PyTorch does not read: `x.to("gpu")`, `device="cuda0"`."""
    given = arguments.keywords.get("device")
    at: ast.expr | None = arguments.keyword_nodes.get("device")
    if given is None and op == "torch.Tensor.to" and len(arguments.positional) > 1:
        given, at = arguments.positional[1], arguments.node(1)
    if given is None and op == "torch.device" and arguments.positional:
        given, at = arguments.positional[0], arguments.node(0)
    if not isinstance(given, Const) or not isinstance(given.value, str):
        return
    text = _refusal(given.value)
    if text is not None:
        words = text_of(at, run.frame.source) if at is not None else ""
        operand = Operand("device", words, given, at)
        refusals.record(run, node, op, Clash(Refusal.ARGUMENT, ("device",), text), (operand,))


def _refusal(name: str) -> str | None:
    found = _FORM.fullmatch(name)
    if found is None:
        return f"RuntimeError: Invalid device string: '{name}'"
    if found[1] in _KINDS.split(", ") or found[1] in _BACKENDS:
        return None
    return f"RuntimeError: Expected one of {_KINDS} device type at start of device string: {name}"
