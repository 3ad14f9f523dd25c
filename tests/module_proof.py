"""Asks the real torch what a network gives, and compares the answer with that of the interpreter."""

from __future__ import annotations

import copy
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

import op_proof
from samedevice.interpret.analysis import Refused
from samedevice.interpret.run import analyse
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile
from samedevice.values.value import Value

SAMPLES = 8


class NotWritten(Exception):
    """An argument that has no text."""


@dataclass
class Tally:
    """What came of the comparisons."""

    facets: op_proof.Tally = field(default_factory=op_proof.Tally)
    refusal: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)


def written(real: Any) -> str:
    """An argument as text; elements of tensors do not matter to us."""
    match real:
        case torch.Tensor() if real.layout is torch.strided:
            return f"torch.zeros({tuple(real.shape)}, dtype={real.dtype})"
        case bool() | int() | float() | str() | None | torch.dtype():
            return repr(real)
        case list() | tuple() if type(real) in (list, tuple, torch.Size):
            inner = ", ".join(written(one) for one in real)
            return f"[{inner}]" if isinstance(real, list) else f"({inner}{',' if len(real) == 1 else ''})"
    raise NotWritten(type(real).__name__)


def called(name: str, given: Any) -> str:
    """A call as text."""
    shown = [written(one) for one in given.args]
    shown += [f"{key}={written(one)}" for key, one in given.kwargs.items()]
    return f"{name}({', '.join(shown)})"


def samples(info: Any, dtype: torch.dtype) -> Iterator[Any]:
    """A few of torch's own sample inputs of a network, spread over those it has."""
    made = []
    for training in (True, False):
        torch.manual_seed(0)
        made += info.module_inputs_func(info, device="cpu", dtype=dtype, requires_grad=False, training=training)
    yield from made[:: max(1, len(made) // SAMPLES)]


def cast(given: Any, dtype: torch.dtype) -> Any:
    """The same arguments with the first floating tensor of another dtype."""
    changed = copy.deepcopy(given)
    for index, one in enumerate(changed.args):
        if isinstance(one, torch.Tensor) and one.is_floating_point():
            changed.args = (*changed.args[:index], one.to(dtype), *changed.args[index + 1 :])
            break
    return changed


def prove(info: Any, tally: Tally) -> None:
    """Construct and call a network as its samples do, and with an input of another dtype."""
    name = f"torch.nn.{info.module_cls.__name__}"
    for sample in samples(info, torch.float32):
        if sample.forward_input is None:
            continue
        for dtype in (torch.float32, torch.float64, torch.int64):
            given = cast(sample.forward_input, dtype)
            try:
                text = f"import torch\nm = {called(name, sample.constructor_input)}\nr = {called('m', given)}\n"
            except NotWritten:
                tally.refusal["not written"] += 1
                continue
            _ask(info, sample, given, text, tally)


def _ask(info: Any, sample: Any, given: Any, text: str, tally: Tally) -> None:
    analysis = analyse(SourceFile("program.py", text), Settings())
    said = [fact.text for fact in analysis.all(Refused)]
    made = copy.deepcopy(sample.constructor_input)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.manual_seed(0)
            module = info.module_cls(*made.args, **made.kwargs)
            real = module(*copy.deepcopy(given.args), **given.kwargs)
    except Exception as error:
        tally.refusal["refused" if said else "missed"] += 1
        if not said:
            tally.missed[f"{text.splitlines()[2]} of {text.splitlines()[1]}: {str(error)[:90]}"] += 1
        return
    if said:
        tally.refusal["false alarm"] += 1
        tally.facets.disagreements.append(f"{text}: torch accepts, we say {said[0]}")
        return
    tally.refusal["accepted"] += 1
    value: Value = [binding.value for binding in analysis.bindings if binding.name == "r"][-1]
    op_proof.compare(real, value, text, tally.facets)
