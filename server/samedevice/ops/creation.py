"""Rows: tensors made from sizes, numbers and Python data."""

from __future__ import annotations

from samedevice.ops.row import does, op
from samedevice.ops.words_creation import (
    as_data,
    counted,
    empty_result,
    fill_fits,
    filled,
    from_array,
    from_data,
    grad_needs_float,
    inferred_shape,
    legacy,
)
from samedevice.ops.words_device import given_device, given_or_following
from samedevice.ops.words_dtype import fixed, follows, given_dtype, given_or, numbers
from samedevice.ops.words_shape import like, of_sizes, sized, unknown_shape

_OPTIONS = "out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False"
_LIKE = "*, dtype=None, layout=None, device=None, requires_grad=False, memory_format=None, pin_memory=False"

for _name in ["zeros", "ones", "empty"]:
    op(
        f"torch.{_name}(*size, {_OPTIONS}, names=None, memory_format=None)",
        device=given_device,
        dtype=given_dtype,
        shape=sized(),
        checks=(grad_needs_float,),
        result=empty_result,
    )
    op(
        f"torch.{_name}_like(input, {_LIKE})",
        device=given_or_following(),
        dtype=given_or(follows()),
        shape=like(),
        checks=(grad_needs_float,),
        result=empty_result,
    )
    op(
        f"torch.Tensor.new_{_name}(input, *size, {_OPTIONS})",
        device=given_or_following(),
        dtype=given_or(follows()),
        shape=sized(),
        checks=(grad_needs_float,),
        result=empty_result,
    )
op(
    f"torch.full(size, fill_value, *, {_OPTIONS})",
    device=given_device,
    dtype=filled,
    shape=sized(),
    checks=(grad_needs_float, fill_fits),
    result=empty_result,
)
op(
    f"torch.full_like(input, fill_value, {_LIKE})",
    device=given_or_following(),
    dtype=given_or(follows()),
    shape=like(),
    checks=(grad_needs_float, fill_fits),
    result=empty_result,
)
op(
    f"torch.Tensor.new_full(input, size, fill_value, *, {_OPTIONS})",
    device=given_or_following(),
    dtype=given_or(follows()),
    shape=sized(),
    checks=(grad_needs_float, fill_fits),
    result=empty_result,
)
op(
    f"torch.arange(end, *, {_OPTIONS}, start=0, step=1)",
    device=given_device,
    dtype=numbers("start", "end", "step"),
    shape=counted,
    checks=(grad_needs_float,),
    result=empty_result,
)
op(
    f"torch.arange(start, end, step=1, *, {_OPTIONS})",
    device=given_device,
    dtype=numbers("start", "end", "step"),
    shape=counted,
    checks=(grad_needs_float,),
    result=empty_result,
)
op(
    f"torch.range(start, end, step=1, *, {_OPTIONS})",
    device=given_device,
    dtype=given_dtype,
    shape=lambda call: (None,),
    checks=(grad_needs_float,),
    result=empty_result,
)
for _name in ["linspace", "logspace"]:
    _base = ", base=10.0" if _name == "logspace" else ""
    op(
        f"torch.{_name}(start, end, steps{_base}, *, {_OPTIONS})",
        device=given_device,
        dtype=given_dtype,
        shape=of_sizes("steps"),
        checks=(grad_needs_float,),
        result=empty_result,
    )
op(
    f"torch.eye(n, m=None, *, {_OPTIONS})",
    device=given_device,
    dtype=given_dtype,
    shape=lambda call: of_sizes("n", "n" if call.absent("m") else "m")(call),
    checks=(grad_needs_float,),
    result=empty_result,
)
for _name in ["tril_indices", "triu_indices"]:
    op(
        f"torch.{_name}(row, col, offset=0, *, dtype=None, device=None, layout=None)",
        device=given_device,
        dtype=given_or(fixed("int64")),
        shape=lambda call: (2, None),
        result=empty_result,
    )
for _name in ["bartlett", "blackman", "hamming", "hann", "kaiser"]:
    op(
        f"torch.{_name}_window(window_length, periodic=True, alpha=0.54, beta=0.46, *, {_OPTIONS})",
        device=given_device,
        dtype=given_dtype,
        shape=of_sizes("window_length"),
        checks=(grad_needs_float,),
        result=empty_result,
    )
does("torch.tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False)", from_data)
does("torch.scalar_tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False)", from_data)
does("torch.as_tensor(data, dtype=None, device=None)", as_data)
does("torch.asarray(data, *, dtype=None, device=None, copy=None, requires_grad=False)", as_data)
does("torch.from_numpy(data)", from_array)
op(
    "torch.Tensor.new_tensor(input, data, *, dtype=None, device=None, requires_grad=False, pin_memory=False)",
    device=given_or_following(),
    dtype=given_or(follows()),
    shape=lambda call: inferred_shape(call.value("data")),
    result=empty_result,
)
op(
    "torch.frombuffer(buffer, *, dtype, count=-1, offset=0, requires_grad=False)",
    device=given_device,
    dtype=given_dtype,
    shape=lambda call: (None,),
    result=empty_result,
)
op(
    "torch.empty_strided(size, stride, *, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False)",
    device=given_device,
    dtype=given_dtype,
    shape=sized(),
    result=empty_result,
)
op(
    "torch.Tensor.new_empty_strided(input, size, stride, *, dtype=None, layout=None, device=None, requires_grad=False,"
    "pin_memory=False)",
    device=given_or_following(),
    dtype=given_or(follows()),
    shape=sized(),
    result=empty_result,
)
op(
    "torch.empty_permuted(size, physical_layout, *, dtype=None, layout=None, device=None, requires_grad=False,"
    "pin_memory=False)",
    device=given_device,
    dtype=given_dtype,
    shape=sized(),
    result=empty_result,
)
op("torch.vander(input, N=None, increasing=False)", dtype=follows(), shape=unknown_shape)
for _name, _dtype in {
    "": "",
    "Float": "float32",
    "Double": "float64",
    "Half": "float16",
    "BFloat16": "bfloat16",
    "Long": "int64",
    "Int": "int32",
    "Short": "int16",
    "Char": "int8",
    "Byte": "uint8",
    "Bool": "bool",
}.items():
    if _name:
        does(f"torch.cuda.{_name}Tensor(*data: each, device=None)", legacy("cuda", _dtype))
    does(f"torch.{_name}Tensor(*data: each, device=None)", legacy("cpu", _dtype))
