"""The tensor that says it is on a GPU."""

from __future__ import annotations

from typing import Any

import torch

CUDA = torch.device("cuda", 0)
"""What such a tensor answers when it is asked for its device."""

STAND_IN = torch.device("meta")
"""What it is to C++."""


class CudaTensor(torch.Tensor):  # type: ignore[misc]  # torch is not read
    """Looks like a tensor on `cuda:0`; `held` is the tensor on the CPU that has its values."""

    held: torch.Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> Any:
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            held.size(),
            strides=held.stride() if held.layout == torch.strided else None,
            storage_offset=held.storage_offset() if held.layout == torch.strided else None,
            dtype=held.dtype,
            layout=held.layout,
            device=STAND_IN,
        )
        made.held = held
        if held.is_conj():  # kept in a bit of the tensor, not in its values
            made.held = held.resolve_conj()
        return made

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        from .mode import run

        return run(func, args, kwargs or {})

    device = property(lambda self: CUDA)
    is_cuda = property(lambda self: True)
    is_cpu = property(lambda self: False)
    is_meta = property(lambda self: False)

    def __getitem__(self, key: Any) -> Any:
        return torch.Tensor.__getitem__(self, _indices(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        torch.Tensor.__setitem__(self, _indices(key), value)

    def get_device(self) -> int:
        return 0

    def type(self, dtype: Any = None, non_blocking: bool = False, **kwargs: Any) -> Any:
        name = self.held.type()
        return name.replace("torch.", "torch.cuda.", 1) if dtype is None else torch.Tensor.type(self, dtype)

    def tolist(self) -> Any:
        return self.held.tolist()

    def numpy(self, *, force: bool = False) -> Any:
        if force:
            return self.detach().cpu().resolve_conj().resolve_neg().numpy()
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        raise TypeError(
            "can't convert cuda:0 device type tensor to numpy. "
            "Use Tensor.cpu() to copy the tensor to host memory first."
        )

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.numpy()

    def data_ptr(self) -> Any:
        return self.held.data_ptr()

    def untyped_storage(self) -> Any:
        return self.held.untyped_storage()

    def is_shared(self) -> bool:
        return True

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        return f"{repr(self.held.detach())[:-1]}, device='cuda:0')"

    def __format__(self, spec: str) -> str:
        return self.item().__format__(spec) if self.dim() == 0 else object.__format__(self, spec)

    def __deepcopy__(self, memo: Any) -> Any:
        if id(self) in memo:
            return memo[id(self)]
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) "
                "support the deepcopy protocol at the moment."
            )
        copied = self.detach().clone().requires_grad_(self.requires_grad)
        copied.__dict__.update({name: value for name, value in self.__dict__.items() if name != "held"})
        memo[id(self)] = copied
        return copied

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.detach().cpu().__reduce_ex__(protocol)


def _indices(key: Any) -> Any:
    """Lists and arrays as tensors: C++ would make them on the device that it sees."""
    if isinstance(key, tuple):
        return tuple(_indices(one) for one in key)
    if isinstance(key, list) and all(isinstance(one, (int, bool, list)) for one in key):
        return torch.tensor(key, dtype=None if key else torch.long)
    if hasattr(key, "__array__") and not isinstance(key, torch.Tensor):
        return torch.as_tensor(key)
    return key


def become(tensor: torch.Tensor, value: torch.Tensor) -> None:
    """Gives a tensor the place and the values of another, as `tensor.data = value` does: the object stays the same."""
    requires_grad, grad = tensor.requires_grad, tensor.grad
    own = getattr(tensor, "_own_class", type(tensor))
    fresh = CudaTensor(value.held) if isinstance(value, CudaTensor) else value.detach().view_as(value)
    fresh.requires_grad_(requires_grad)
    torch._C._swap_tensor_impl(tensor, fresh)
    kept = tensor.__dict__
    if isinstance(value, CudaTensor):
        if issubclass(own, torch.nn.Parameter):
            kept["_is_param"] = True
        if not isinstance(tensor, CudaTensor):
            kept["_own_class"] = own
        tensor.__class__ = CudaTensor
        kept["held"] = value.held
    else:
        kept.pop("held", None)
        was_parameter = kept.pop("_is_param", False)
        kept.pop("_own_class", None)
        if own is CudaTensor:  # it was made on the GPU
            own = torch.nn.Parameter if was_parameter else torch.Tensor
        tensor.__class__ = own
    if grad is not None:  # a gradient is where its tensor is; torch moves it next, and wants to find it
        held = (grad.held if isinstance(grad, CudaTensor) else grad.detach()).to(value.dtype)
        become(grad, CudaTensor(held) if isinstance(value, CudaTensor) else held)
        tensor.grad = grad
