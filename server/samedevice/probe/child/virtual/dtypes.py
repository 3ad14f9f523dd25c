"""Dtypes that a GPU takes otherwise than the CPU: kernels that it has not, and kernels that only it has."""

from __future__ import annotations

from typing import Any

import torch
from torch.utils._pytree import tree_map

_NARROW = (torch.float16, torch.bfloat16)
_PRODUCTS = {
    "mm": "addmm_cuda",
    "addmm": "addmm_cuda",
    "bmm": "baddbmm_cuda",
    "baddbmm": "baddbmm_cuda",
    "addbmm": "addmm_cuda",
    "mv": "addmv_impl_cuda",
    "addmv": "addmv_impl_cuda",
    "dot": "dot",
    "vdot": "vdot",
}
"""Products of matrices, and the kernel that does not know integers."""

_MIXED_NORMS = {"native_layer_norm": "weight", "native_group_norm": "weight"}


def check(func: Any, name: str, args: Any, kwargs: Any) -> None:
    """Raises where the CUDA kernel refuses a dtype that the CPU's takes."""
    tensor = next((one for one in args if isinstance(one, torch.Tensor)), None)
    if tensor is None:
        return
    kernel = _PRODUCTS.get(name.rstrip("_"))
    if kernel is not None and not (tensor.dtype.is_floating_point or tensor.dtype.is_complex):
        first, second = [one for one in args if isinstance(one, torch.Tensor)][-2:]
        if first.dtype == second.dtype:
            raise NotImplementedError(f"\"{kernel}\" not implemented for '{scalar_type(tensor.dtype)}'")
    if name in _MIXED_NORMS:
        _norm(name, args)


def _norm(name: str, args: Any) -> None:
    """CUDA's norms want the input and the weights in one dtype."""
    tensor, weights = args[0], args[2:4] if name == "native_layer_norm" else args[1:3]
    for weight in weights:
        if isinstance(weight, torch.Tensor) and weight.dtype != tensor.dtype:
            raise RuntimeError(
                f"expected scalar type {scalar_type(tensor.dtype)} but found {scalar_type(weight.dtype)}"
            )


_SCALAR_TYPES = {
    torch.float32: "Float",
    torch.float64: "Double",
    torch.float16: "Half",
    torch.bfloat16: "BFloat16",
    torch.int64: "Long",
    torch.int32: "Int",
    torch.int16: "Short",
    torch.int8: "Char",
    torch.uint8: "Byte",
    torch.bool: "Bool",
    torch.complex64: "ComplexFloat",
    torch.complex128: "ComplexDouble",
}


def scalar_type(dtype: torch.dtype) -> str:
    """The dtype, as torch's C++ calls it."""
    return _SCALAR_TYPES.get(dtype, str(dtype).replace("torch.", ""))


def wider(func: Any, args: Any, kwargs: Any, error: Exception) -> Any:
    """Half precision that only the GPU has: computed in float32 and brought back."""
    found: list[Any] = [None]

    def widen(one: Any) -> Any:
        if isinstance(one, torch.Tensor) and one.dtype in _NARROW:
            found[0] = one.dtype
            return one.float()
        return torch.float32 if one in _NARROW and isinstance(one, torch.dtype) else one

    if "not implemented for" not in str(error) or any(
        one.alias_info is not None and one.alias_info.is_write for one in func._schema.arguments
    ):
        raise error
    new_args, new_kwargs = tree_map(widen, (args, kwargs))
    if found[0] is None:
        raise error
    try:
        out = func(*new_args, **new_kwargs)
    except Exception:
        raise error from None
    return tree_map(
        lambda one: one.to(found[0]) if isinstance(one, torch.Tensor) and one.dtype == torch.float32 else one, out
    )
