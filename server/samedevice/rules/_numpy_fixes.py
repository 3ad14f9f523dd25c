"""Fixes that bring a tensor to where Python and NumPy can read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from samedevice.findings import Fix
from samedevice.interpret.analysis import Analysis, Operand, Refused
from samedevice.ops.outcome import Refusal
from samedevice.rules._offers import offered
from samedevice.rules._placing import at_callers, at_use
from samedevice.rules._provenance import device
from samedevice.values.device import CPU
from samedevice.values.value import Tensor


def numpy_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Detach, copy to the CPU or cast before the call."""
    operand = next((one for one in fact.operands if isinstance(one.value, Tensor)), None)
    return () if operand is None else offered(_candidates(analysis, fact, operand))


def lengths_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """`lengths.cpu()`."""
    operand = next((one for one in fact.operands if one.name == "lengths"), None)
    if operand is None:
        operand = next((one for one in fact.operands if isinstance(one.value, Tensor)), None)
    if operand is None:
        return ()
    origin = operand.value.device_from if isinstance(operand.value, Tensor) else None
    return offered(
        (
            *_in_place(analysis, fact, operand, [".cpu()"]),
            *at_callers(analysis, fact, operand, origin, lambda _: [".cpu()"]),
        )
    )


def _candidates(analysis: Analysis, fact: Refused, operand: Operand) -> Iterator[Fix]:
    chains = _chains(fact, operand)
    yield from _in_place(analysis, fact, operand, chains)
    origin = operand.value.device_from if isinstance(operand.value, Tensor) else None
    yield from at_callers(analysis, fact, operand, origin, lambda _: chains)


def _in_place(analysis: Analysis, fact: Refused, operand: Operand, chains: list[str]) -> Iterator[Fix]:
    """The call in the expression first: a copy for NumPy is for this use alone."""
    found = list(at_use(analysis, fact, operand, lambda _: chains))
    yield from (fix for fix in found if not fix.title.startswith("Add "))
    yield from (fix for fix in found if fix.title.startswith("Add "))


def _chains(fact: Refused, operand: Operand) -> list[str]:
    """The method calls that are missing, in PyTorch's usual order."""
    assert isinstance(operand.value, Tensor)
    if fact.kind is Refusal.TO_NUMPY_DTYPE:
        return [".float()"]
    off = device(operand, fact) != CPU
    if fact.kind is Refusal.TO_NUMPY_GRAD:
        return [".detach().cpu()" if off else ".detach()"]
    grad = operand.value.requires_grad
    if grad is False or operand.text.endswith(".detach()"):
        return [".cpu()"]
    return [".detach().cpu()"] if grad else [".cpu()", ".detach().cpu()"]
