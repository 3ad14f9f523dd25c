"""Which tensors of an operation have to be on one device, and what PyTorch says where they are not.

`device_checks.txt` has what torch generates in front of its CUDA kernels. What an operation checks itself stands below.
An operation that is made of others is taken apart by torch, and these are asked.
"""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, Iterator, NoReturn

import torch

from .dtypes import scalar_type
from .tensor import CudaTensor

SAME = "Expected all tensors to be on the same device, but "
uncertain: list[str] = []
"""Why a verdict of this run is not certain."""

_NAMED = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2]) >= (2, 8)
"""Since torch 2.8 the text names the argument that differs."""

Check = Callable[[Dict[str, Any]], None]


class VirtualRefusal(RuntimeError):
    """Never seen by the user: only its base class is raised."""


refused: list[tuple[str, torch.Tensor]] = []
"""The tensors of the operation that was refused last, by the names of its arguments."""


def check(func: Any, name: str, args: Any, kwargs: Any) -> Callable[[], Any] | None:
    """Raises what PyTorch raises where tensors of two devices meet; or gives the parts to run instead of the whole."""
    given = _arguments(func, args, kwargs)
    refused[:] = [(key, one) for key, value in given.items() for one in _tensors([value])]
    own = OWN.get(name.rstrip("_"))
    if own is not None:
        own(given)
        return None
    row = _row(func, name)
    if row is not None:
        wrapper, names = row
        if wrapper == "-":
            _iterator(given, names, written="self" if name.endswith("_") else "out")
        else:
            _common(given, names, wrapper)
        return None
    if _composite(func):
        return lambda: func._op_dk(torch._C.DispatchKey.CompositeExplicitAutograd, *args, **kwargs)
    tensors = list(_tensors(given.values()))
    if func.namespace != "aten" or any(one.dim() for one in tensors if not isinstance(one, CudaTensor)):
        uncertain.append(f"it is not known what {func} does with tensors of two devices")
        raise RuntimeError(f"{SAME}found at least two devices, cuda:0 and cpu!")
    return None


def _composite(func: Any) -> bool:
    key = torch._C.DispatchKey.CompositeExplicitAutograd
    return bool(torch._C._dispatch_has_kernel_for_dispatch_key(func.name(), key))


def _arguments(func: Any, args: Any, kwargs: Any) -> dict[str, Any]:
    """The arguments by name, in the order of the signature."""
    given = {one.name: value for one, value in zip(func._schema.arguments, args)}
    given.update(kwargs)
    return given


def _tensors(values: Any) -> Iterator[torch.Tensor]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _tensors(value)


_rows: dict[str, tuple[str, list[str]]] = {}


def _table() -> dict[str, tuple[str, list[str]]]:
    """An operation's wrapper and the arguments that it checks."""
    if not _rows:
        with open(os.path.join(os.path.dirname(__file__), "device_checks.txt"), encoding="utf-8") as file:
            for line in file:
                if not line.startswith("#"):
                    operation, wrapper, names = line.rstrip("\n").split("\t")
                    _rows[operation] = wrapper, names.split()
    return _rows


def _row(func: Any, name: str) -> tuple[str, list[str]] | None:
    overload = func._schema.overload_name
    return _table().get(f"{name}.{overload}" if overload else name)


def check_kernel(func: Any, name: str, args: Any) -> None:
    """Raises where torch has a kernel for the CPU and none for CUDA."""
    if name == "_pack_padded_sequence" and isinstance(args[1], CudaTensor):
        lengths = f"{args[1].dim()}D cuda:0 {scalar_type(args[1].dtype)} tensor"
        raise RuntimeError(f"'lengths' argument should be a 1D CPU int64 tensor, but got {lengths}")
    row = _row(func, name)
    if row is not None and row[0] == "none":
        raise NotImplementedError(
            f"Could not run '{func.name()}' with arguments from the 'CUDA' backend. This could be because the operator "
            "doesn't exist for this backend, or was omitted during the selective/custom build process "
            "(if using custom build)."
        )


def place(tensor: torch.Tensor) -> str:
    """The device, as torch prints it."""
    return "cuda:0" if isinstance(tensor, CudaTensor) else str(tensor.device)


def _common(given: dict[str, Any], names: list[str], wrapper: str) -> None:
    """The check that torch generates: the first tensor decides, the first other one is named."""
    common: str | None = None
    for name in names:
        for tensor in _tensors([given.get(name)]):
            if common is None:
                common = place(tensor)
            elif place(tensor) != common:
                different(name, place(tensor), common, wrapper)


def different(name: str, one: str, others: str, wrapper: str) -> NoReturn:
    """Raises the text that names an argument."""
    if _NAMED:
        raise RuntimeError(
            f"{SAME}got {name} is on {one}, different from other tensors on {others} "
            f"(when checking argument in method {wrapper})"
        )
    raise RuntimeError(
        f"{SAME}found at least two devices, {one} and {others}! "
        f"(when checking argument for argument {name} in method {wrapper})"
    )


def two() -> NoReturn:
    """Raises the text of TensorIterator."""
    raise RuntimeError(f"{SAME}found at least two devices, cuda:0 and cpu!")


def _iterator(given: dict[str, Any], names: list[str], scalars: bool = True, written: str = "out") -> None:
    """The check of TensorIterator: one CPU tensor without dimensions may stand in for a number."""
    left = 1 if scalars else 0
    for name in names:
        for tensor in _tensors([given.get(name)]):
            if isinstance(tensor, CudaTensor):
                continue
            if tensor.dim() or name == written or not left:
                two()
            left -= 1


def no_such(index: int) -> NoReturn:
    """Raises what a machine with one GPU says of another; one with more would go on."""
    uncertain.append(
        f"the program asks for cuda:{index}, and the virtual machine has cuda:0 only: run it where there are more GPUs"
    )
    raise getattr(torch, "AcceleratorError", RuntimeError)("CUDA error: invalid device ordinal")


cuda_generators: dict[int, Any] = {}
"""Generators of the virtual device, by what torch's C++ knows them by: it gives them back as other objects."""


def check_generator(flat: list[Any], on_cuda: bool) -> None:
    """A generator belongs to a device."""
    for one in flat:
        if isinstance(one, torch._C.Generator) and (one._cdata in cuda_generators) != on_cuda:
            wanted, found = ("cuda", "cpu") if on_cuda else ("cpu", "cuda")
            raise RuntimeError(f"Expected a '{wanted}' device type for generator but found '{found}'")


# What single operations check, each with its own words.


def _index(given: dict[str, Any]) -> None:
    tensor, indices = given["self"], [one for one in given["indices"] if one is not None]
    if not isinstance(tensor, CudaTensor) and any(isinstance(one, CudaTensor) for one in indices):
        raise RuntimeError("indices should be either on cpu or on the same device as the indexed tensor (cpu)")


def _index_put(given: dict[str, Any]) -> None:
    _index(given)
    tensor, values = given["self"], given["values"]
    if isinstance(tensor, CudaTensor) == isinstance(values, CudaTensor):
        return
    if isinstance(tensor, CudaTensor) and values.dim() == 0 and not given.get("accumulate"):
        return
    two()


def _masked_fill(given: dict[str, Any]) -> None:
    tensor, mask, value = given["self"], given["mask"], given.get("value")
    if isinstance(tensor, CudaTensor) != isinstance(mask, CudaTensor):
        found = f"mask on {place(mask)} and self on {place(tensor)}"
        raise RuntimeError(f"expected self and mask to be on the same device, but got {found}")
    if isinstance(value, CudaTensor) and not isinstance(tensor, CudaTensor):
        two()


def _where(given: dict[str, Any]) -> None:
    condition, first, second = given["condition"], given["self"], given["other"]
    found = [one for one in (first, second, condition) if isinstance(one, CudaTensor)]
    for one in (condition, first, second):
        if not isinstance(one, CudaTensor) and (one.dim() or not found):
            two()
    if not isinstance(condition, CudaTensor) and condition.dim() == 0:
        return


def _lerp(given: dict[str, Any]) -> None:
    names = ("self", "end", "weight")
    tensors = [given[name] for name in names if isinstance(given.get(name), torch.Tensor)]
    outside = [one for one in tensors if not isinstance(one, CudaTensor)]
    if any(one.dim() for one in outside) or len(outside) > 1:
        two()
    if isinstance(given.get("weight"), torch.Tensor) and outside[0] is given["weight"]:
        return
    _loops(1 if outside[0] is given["self"] else 2)


def _smooth_l1(given: dict[str, Any]) -> None:
    for at, name in ((1, "self"), (2, "target")):
        if not isinstance(given[name], CudaTensor):
            if given[name].dim():
                two()
            _loops(at)


def _loops(at: int) -> NoReturn:
    """Raises what kernels for the GPU say of a number that TensorIterator let through."""
    raise RuntimeError(
        'iter.device(arg).is_cuda() INTERNAL ASSERT FAILED at "/pytorch/aten/src/ATen/native/cuda/Loops.cuh":109, '
        f"please report a bug to PyTorch. argument {at}: expected a CUDA device but found cpu"
    )


def _addcmul(given: dict[str, Any]) -> None:
    tensors = {name: given[name] for name in ("self", "tensor1", "tensor2")}
    outside = {name: one for name, one in tensors.items() if not isinstance(one, CudaTensor)}
    if any(one.dim() for one in outside.values()) or len(outside) > 1:
        two()
    name = next(iter(outside))
    if name != "tensor2":
        more = (
            " However, CPU Scalar support for tensor2 is supported, please swap the tensor1 and tensor2 terms."
            if name == "tensor1"
            else ""
        )
        raise RuntimeError(
            f"CPU Scalar support for {name} argument is not supported when calling addcmul on CUDA tensors.{more}"
        )


def _strict(*names: str) -> Check:
    """No tensor may be elsewhere, not even one without dimensions."""

    def check_all(given: dict[str, Any]) -> None:
        _iterator(given, list(names), scalars=False)

    return check_all


def _free(given: dict[str, Any]) -> None:
    """Tensors on any device are fine."""


def _named(wrapper: str, *names: str) -> Check:
    def check_names(given: dict[str, Any]) -> None:
        _common(given, list(names), wrapper)

    return check_names


def _type(tensor: torch.Tensor) -> str:
    name: str = (tensor.held if isinstance(tensor, CudaTensor) else tensor).type()
    return name.replace("torch.", "torch.cuda.", 1) if isinstance(tensor, CudaTensor) else name


def _convolution(given: dict[str, Any]) -> None:
    tensor, weight, bias = given["input"], given["weight"], given.get("bias")
    if isinstance(tensor, CudaTensor) != isinstance(weight, CudaTensor):
        tail = (
            "" if isinstance(tensor, CudaTensor) else " or input should be a MKLDNN tensor and weight is a dense tensor"
        )
        raise RuntimeError(f"Input type ({_type(tensor)}) and weight type ({_type(weight)}) should be the same{tail}")
    if bias is not None and isinstance(tensor, CudaTensor) != isinstance(bias, CudaTensor):
        raise RuntimeError(f"Input type ({_type(tensor)}) and bias type ({_type(bias)}) should be the same")


OWN: dict[str, Check] = {
    "index": _index,
    "_unsafe_index": _index,
    "index_put": _index_put,
    "_index_put_impl": _index_put,
    "masked_fill": _masked_fill,
    "where": _where,
    "lerp": _lerp,
    "addcmul": _addcmul,
    "addcdiv": _strict("self", "tensor1", "tensor2"),
    "binary_cross_entropy": _strict("self", "target", "weight"),
    "mse_loss": _strict("self", "target"),
    "index_fill": _strict("self", "index"),
    "fill": _free,
    "copy": _free,
    "_trilinear": _named("wrapper_CUDA_bmm", "i1", "i2", "i3"),
    "smooth_l1_loss": _smooth_l1,
    "segment_reduce": _strict("data", "lengths", "indices", "offsets"),
    "as_strided_scatter": _free,
    "diagonal_scatter": _free,
    "select_scatter": _free,
    "slice_scatter": _free,
    "convolution": _convolution,
    "_convolution": _convolution,
}
