"""Rows: moving, casting, detaching, copying."""

from __future__ import annotations

from samedevice.ops.row import does
from samedevice.ops.words_check import fits
from samedevice.ops.words_creation import generator_fits
from samedevice.ops.words_fill import filling, legacy_new
from samedevice.ops.words_move import (
    cloned,
    copied,
    copy_,
    detached,
    gradient,
    itself,
    maybe_itself,
    overwritten,
    pinned,
    requires_grad_,
    to,
    to_device,
    to_dtype,
    to_numpy,
    type_,
    type_as,
)

does(
    "torch.Tensor.to(input, first=None, second=None, third=None, fourth=None, *, device=None, dtype=None, other=None,"
    "non_blocking=False, copy=False, memory_format=None)",
    to,
)
for _name in ["cuda", "xpu"]:
    does(f"torch.Tensor.{_name}(input, device=None, non_blocking=False, memory_format=None)", to_device(_name))
does("torch.Tensor.cpu(input, memory_format=None)", to_device("cpu"))
for _name, _dtype in {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "bfloat16": "bfloat16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "char": "int8",
    "byte": "uint8",
    "bool": "bool",
    "cfloat": "complex64",
    "cdouble": "complex128",
    "chalf": "complex32",
}.items():
    does(f"torch.Tensor.{_name}(input, memory_format=None)", to_dtype(_dtype))
does("torch.Tensor.type(input, dtype=None, non_blocking=False)", type_)
does("torch.Tensor.type_as(input, other)", type_as)
does("torch.Tensor.numpy(input, *, force=False)", to_numpy)
does("torch.Tensor.__array__(input, dtype=None)", to_numpy)
does("torch.Tensor.detach(input)", detached, also=("torch.Tensor.data", "torch.detach", "torch.Tensor.detach_"))
does("torch.clone(input, *, memory_format=None)", cloned, also=("torch.Tensor.clone",))
does("torch.Tensor.__deepcopy__(input, memo=None)", copied)
does("torch.Tensor.contiguous(input, memory_format=None)", maybe_itself)
does("torch.Tensor.pin_memory(input, device=None)", pinned)
does("torch.Tensor.requires_grad_(input, requires_grad=True)", requires_grad_)
does("torch.Tensor.grad(input)", gradient)
for _name in ["share_memory_", "coalesce", "as_subclass"]:
    does(f"torch.Tensor.{_name}(input, *ignored)", itself)
does("torch.Tensor.copy_(input, src, non_blocking=False)", copy_)
does("torch.Tensor.set_data(input, src)", copy_)
for _text in (
    "normal_(input, mean=0, std=1, *, generator=None)",
    "uniform_(input, from_=0, to=1, *, generator=None)",
    "random_(input, from_=0, to=None, *, generator=None)",
    "bernoulli_(input, p=0.5, *, generator=None)",
    "exponential_(input, lambd=1, *, generator=None)",
    "geometric_(input, p, *, generator=None)",
    "log_normal_(input, mean=1, std=2, *, generator=None)",
    "cauchy_(input, median=0, sigma=1, *, generator=None)",
):
    does(f"torch.Tensor.{_text}", filling(generator_fits))
does("torch.Tensor.fill_(input, value)", filling(fits("value")), also=("torch.fill_",))
does("torch.Tensor.zero_(input)", overwritten, also=("torch.zero_",))
does("torch.Tensor.fill_diagonal_(input, fill_value, wrap=False)", filling(fits("fill_value")))
does("torch.Tensor.apply_(input, callable)", overwritten)
does("torch.Tensor.map_(input, tensor, callable)", overwritten)
does("torch.Tensor.new(input, *data: each, device=None)", legacy_new)
