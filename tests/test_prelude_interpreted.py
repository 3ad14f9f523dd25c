"""The prelude as the interpreter runs it: what it knows of a program's result is what torch gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from samedevice.interpret.analysis import Refused
from samedevice.interpret.run import analyse
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile
from samedevice.values.value import Tensor, Tuple

IMPORTS = """
import collections
import numpy
import torch
from torch import nn, ones, zeros
from torch.distributions import Bernoulli, Categorical, Independent, MultivariateNormal, Normal, kl_divergence
from torch.func import functional_call
from torch.nn.utils import prune
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader, TensorDataset, default_collate, random_split
"""

PROGRAMS = (Path(__file__).parent / "prelude_programs.txt").read_text(encoding="utf-8").splitlines()


def agrees(value: Any, genuine: Any) -> bool:
    """Device and dtype are known and right; sizes are right where they are known."""
    if isinstance(genuine, torch.Tensor):
        if not isinstance(value, Tensor):
            return False
        sizes = genuine.shape if value.shape is None else value.shape
        right = len(sizes) == genuine.dim() and all(
            one == other for one, other in zip(sizes, genuine.shape, strict=True) if isinstance(one, int)
        )
        return right and (str(value.device), f"torch.{value.dtype}") == (str(genuine.device), str(genuine.dtype))
    if isinstance(genuine, list | tuple):
        same = isinstance(value, Tuple) and len(value.items) == len(genuine)
        return same and all(agrees(one, other) for one, other in zip(value.items, genuine, strict=True))
    raise AssertionError(f"compare tensors, not {type(genuine)}")


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.filterwarnings("ignore")
def test_interpreted(program: str) -> None:
    text = IMPORTS + program.replace("; ", "\n") + "\n"
    names: dict[str, Any] = {}
    exec(text, names)
    analysis = analyse(SourceFile("program.py", text), Settings())
    assert [fact.text for fact in analysis.all(Refused)] == []
    found = [binding.value for binding in analysis.bindings if binding.name == "r"]
    assert agrees(found[-1], names["r"]), f"{found[-1]} for {names['r']}"
