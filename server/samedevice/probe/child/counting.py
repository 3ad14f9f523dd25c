"""FLOPs, by torch's own table, and mult-adds as torchinfo counts them."""

from __future__ import annotations

import logging
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

_known: dict[Any, Any] = {}


def _formulas() -> dict[Any, Any]:
    if not _known:
        logging.disable(logging.WARNING)  # it would say that triton is not there
        from torch.utils.flop_counter import flop_registry

        logging.disable(logging.NOTSET)
        _known.update(flop_registry)
    return _known


def flops(func: Any, args: Any, kwargs: Any, out: Any) -> int:
    """The FLOPs of one operation; 0 for those that torch does not count."""
    formula = _formulas().get(func._overloadpacket)
    if formula is None:
        return 0
    try:
        return int(formula(*args, **kwargs, out_val=out))
    except Exception:  # a count is never worth a run
        return 0


class Counter(TorchDispatchMode):  # type: ignore[misc]  # torch is not read
    """Tells a listener the FLOPs of each operation while it is entered."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # otherwise torch imports its compiler, for two seconds

    def __init__(self, listener: Any) -> None:
        super().__init__()
        self.listener = listener

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        self.listener(func, args, kwargs, out)
        return out


def mult_adds(module: torch.nn.Module, output: Any) -> int | None:
    """Multiplications with additions of one call of a leaf layer, counted from its parameters as torchinfo does."""
    size = _size(output)
    if size is None:
        return None
    total = 0
    for name, parameter in module.named_parameters():
        count = parameter.numel()
        name = name[:-5] if name.endswith("_orig") else name
        if name in ("weight", "bias"):
            if "Conv" in type(module).__name__:
                total += _product([size[0], *size[2:]]) * count
            else:
                total += size[0] * count
        elif "weight" in name or "bias" in name:  # recurrent layers
            total += _product(size[:2]) * count
    return int(total)


def _size(output: Any) -> list[int] | None:
    """The sizes of the first tensor that comes out."""
    if isinstance(output, torch.Tensor):
        return [int(one) for one in output.shape] or None
    if isinstance(output, dict):
        output = list(output.values())
    if isinstance(output, (list, tuple)):
        packed = getattr(output, "batch_sizes", None) is not None
        for one in output[:1] if packed else output:
            found = _size(one)
            if found:
                return found
    return None


def _product(sizes: Any) -> int:
    total = 1
    for size in sizes:
        total *= size
    return total


def parameters_of(module: torch.nn.Module, recurse: bool = True) -> dict[str, int]:
    """Parameters, those that train, and bytes; what is shared counts once."""
    seen = {id(one): one for one in module.parameters(recurse=recurse)}
    total = trainable = size = 0
    for one in seen.values():
        try:
            count = one.numel()
        except Exception:  # not known before the first call of a lazy layer
            continue
        total += count
        trainable += count if one.requires_grad else 0
        size += count * one.element_size()
    return {"parameters": total, "trainable": trainable, "bytes": size}
