"""Rows: what a tensor says of itself."""

from __future__ import annotations

from samedevice.ops.row import does
from samedevice.ops.texts import words
from samedevice.ops.words_attributes import (
    as_index,
    as_number,
    as_truth,
    boolean,
    byte_count,
    complex_value,
    count_value,
    device_index,
    device_value,
    dtype_value,
    flag_value,
    floating_value,
    integer,
    is_kind,
    item,
    length_value,
    nothing,
    part,
    rank_value,
    shape_value,
    size_value,
    to_list,
    transposed,
)

does("torch.Tensor.shape(input)", shape_value)
does("torch.Tensor.size(input, dim=None)", size_value)
does("torch.Tensor.dim(input)", rank_value, also=("torch.Tensor.ndim", "torch.Tensor.ndimension", "torch.ndim"))
does("torch.numel(input)", count_value, also=("torch.Tensor.numel", "torch.Tensor.nelement"))
does("torch.Tensor.__len__(input)", length_value)
does("torch.Tensor.device(input)", device_value)
does("torch.Tensor.dtype(input)", dtype_value)
for _kind in ["cuda", "cpu", "mps", "xpu", "meta"]:
    does(f"torch.Tensor.is_{_kind}(input)", is_kind(_kind))
does("torch.Tensor.get_device(input)", device_index)
for _name in ["requires_grad", "is_leaf"]:
    does(f"torch.Tensor.{_name}(input)", flag_value(_name))
does("torch.is_floating_point(input)", floating_value)
does("torch.is_complex(input)", complex_value)
does("torch.Tensor.element_size(input)", byte_count, also=("torch.Tensor.itemsize",))
does("torch.Tensor.item(input)", item)
for _kind in ["int", "float", "complex"]:
    does(f"torch.Tensor.__{_kind}__(input)", as_number(_kind))
does("torch.Tensor.__index__(input)", as_index)
does("torch.Tensor.__bool__(input)", as_truth)
does("torch.Tensor.tolist(input)", to_list)
does("torch.Tensor.__contains__(input, element)", boolean)
does("torch.Tensor.is_contiguous(input, memory_format=None)", boolean)
for _name in words("is_pinned is_shared is_sparse is_quantized is_nested retains_grad"):
    does(f"torch.Tensor.{_name}(input, *ignored)", boolean)
for _name in ["data_ptr", "nbytes", "output_nr", "storage_offset"]:
    does(f"torch.Tensor.{_name}(input)", integer)
does("torch.Tensor.backward(input, gradient=None, retain_graph=None, create_graph=False, inputs=None)", nothing)
does("torch.Tensor.retain_grad(input)", nothing)
does("torch.Tensor.record_stream(input, stream)", nothing)
for _name in ["real", "imag"]:
    does(f"torch.{_name}(input)", part, also=(f"torch.Tensor.{_name}",))
for _name in ["T", "H", "mT", "mH"]:
    does(f"torch.Tensor.{_name}(input)", transposed)
does("torch.adjoint(input)", transposed)
