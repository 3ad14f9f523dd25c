"""Every operation of torch passes here: is it allowed on a GPU, and what comes out of it."""

from __future__ import annotations

from typing import Any, Callable

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten

from . import devices, dtypes
from .tensor import CudaTensor

aten = torch.ops.aten
watchers: list[Callable[..., None]] = []
"""Called with each operation that ran: what counts FLOPs."""

_IN_PLACE_VIEW = getattr(torch.Tag, "inplace_view", None)
_PINNING = ("aten::_pin_memory", "aten::pin_memory")
_ANY_DEVICE = {"copy_", "_copy_from", "record_stream", "_has_compatible_shallow_copy_type", "is_same_size", "is_set_to"}


class VirtualCuda(TorchDispatchMode):  # type: ignore[misc]  # torch is not read
    """Stays on for the whole life of the child."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # otherwise torch imports its compiler, for two seconds

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return run(func, args, kwargs or {})


def run(func: Any, args: Any, kwargs: Any) -> Any:
    """Runs one operation on the tensors that are held, if a GPU would run it."""
    flat, tree = tree_flatten((args, kwargs))
    tensors = [one for one in flat if isinstance(one, torch.Tensor)]
    virtual = [one for one in tensors if isinstance(one, CudaTensor)]
    target = _target(kwargs, bool(virtual))
    if not virtual and target is None:
        devices.check_generator(flat, on_cuda=False)
        if kwargs.get("pin_memory"):
            kwargs["pin_memory"] = False
        out = args[0].clone() if func._schema.name in _PINNING else func(*args, **kwargs)
        _tell(func, args, kwargs, out)
        return out
    name = func._schema.name[6:] if func._schema.name.startswith("aten::") else func._schema.name
    devices.check_kernel(func, name, args)
    if len(virtual) < len(tensors) and virtual and name not in _ANY_DEVICE:
        composite = devices.check(func, name, args, kwargs)
        if composite is not None:
            with VirtualCuda():
                return composite()
    if virtual or target == "cuda":
        devices.check_generator(flat, on_cuda=True)
        dtypes.check(func, name, args, kwargs)
    held = tree_unflatten([one.held if isinstance(one, CudaTensor) else one for one in flat], tree)
    out = _on_cpu(func, name, held[0], dict(held[1]), target)
    _tell(func, held[0], held[1], out)
    return _wrapped(func, args, kwargs, out, bool(virtual), target)


def _target(kwargs: Any, virtual: bool) -> Any:
    """`cuda` or `cpu` where the operation says on what device its result is to be."""
    device = kwargs.get("device")
    if device is None:
        return None
    kind = torch.device(device).type
    if kind == "cuda":
        index = torch.device(device).index
        if index:
            devices.no_such(index)
        return "cuda"
    if kind == "meta":  # C++ took it from a tensor that stands for one on the GPU
        return "cuda"
    return "cpu" if virtual else None


def _on_cpu(func: Any, name: str, args: Any, kwargs: Any, target: Any) -> Any:
    """The operation on the CPU, in a wider dtype where only a GPU has a kernel for a narrow one."""
    if target is not None:
        kwargs["device"] = torch.device("cpu")
    if kwargs.get("pin_memory"):
        kwargs["pin_memory"] = False
    if name == "_to_copy" and target is not None:
        return func(*args, **kwargs)
    try:
        return func(*args, **kwargs)
    except (RuntimeError, NotImplementedError) as error:
        return dtypes.wider(func, args, kwargs, error)


def _wrapped(func: Any, args: Any, kwargs: Any, out: Any, virtual: bool, target: Any) -> Any:
    """What the operation gives to the user: the same object where it works in place."""
    written = [
        (argument, kwargs[argument.name] if argument.name in kwargs else args[at] if at < len(args) else None)
        for at, argument in enumerate(func._schema.arguments)
        if argument.alias_info is not None and argument.alias_info.is_write
    ]
    if (
        written
        and func._schema.returns
        and all(one.alias_info is not None and one.alias_info.is_write for one in func._schema.returns)
    ):
        if _IN_PLACE_VIEW is not None and _IN_PLACE_VIEW in func.tags:
            _same_sizes(written[0][1], func, args, kwargs)
        elif any(isinstance(one, CudaTensor) and one.shape != one.held.shape for _, one in written):
            _resized(written)
        given = [one for _, one in written]
        return given[0] if len(func._schema.returns) == 1 else tuple(given)
    on_cuda = target == "cuda" or (virtual and target is None)
    if func._schema.name.endswith("_scatter") and isinstance(args[0], torch.Tensor):
        on_cuda = isinstance(args[0], CudaTensor)  # these take the values of another device
    if not on_cuda:
        return out
    return tree_map(lambda one: CudaTensor(one) if type(one) is torch.Tensor else one, out)


def _same_sizes(tensor: Any, func: Any, args: Any, kwargs: Any) -> None:
    """Makes the sizes that C++ sees those of the held tensor, after `t_`, `squeeze_` and the like."""
    if isinstance(tensor, CudaTensor):
        from torch.utils._mode_utils import no_dispatch

        with no_dispatch():
            func(*args, **kwargs)


def _resized(written: Any) -> None:
    for _, one in written:
        if isinstance(one, CudaTensor) and one.shape != one.held.shape:
            from torch.utils._mode_utils import no_dispatch

            with no_dispatch():
                aten.resize_(one, one.held.shape)


def _tell(func: Any, args: Any, kwargs: Any, out: Any) -> None:
    for watcher in watchers:
        watcher(func, args, kwargs, out)


__all__ = ["VirtualCuda", "run", "watchers"]
