"""Rows: joining several tensors, splitting one."""

from __future__ import annotations

from samedevice.ops.outcome import Refusal
from samedevice.ops.row import op
from samedevice.ops.words_check import same_dtypes
from samedevice.ops.words_device import following, refused_text
from samedevice.ops.words_dtype import follows
from samedevice.ops.words_joining import (
    block_diag_shape,
    cat_shape,
    check_tensors,
    chunk_result,
    column_shape,
    dstack_shape,
    hstack_shape,
    joined_device,
    joined_dtype,
    meshgrid_device,
    meshgrid_result,
    product_shape,
    split_result,
    stack_shape,
    tensor_split_result,
    unbind_result,
    vstack_shape,
)
from samedevice.ops.words_shape import like, unknown_shape

op(
    "torch.cat(tensors, dim=0, *, out=None)",
    device=joined_device,
    dtype=joined_dtype,
    shape=cat_shape,
    checks=(check_tensors,),
    also=("torch.concat", "torch.concatenate"),
)
for _text, _shape in {
    "torch.stack(tensors, dim=0, *, out=None)": stack_shape,
    "torch.hstack(tensors, *, out=None)": hstack_shape,
    "torch.vstack(tensors, *, out=None)": vstack_shape,
    "torch.row_stack(tensors, *, out=None)": vstack_shape,
    "torch.dstack(tensors, *, out=None)": dstack_shape,
    "torch.column_stack(tensors, *, out=None)": column_shape,
}.items():
    op(_text, device=joined_device, dtype=joined_dtype, shape=_shape, checks=(check_tensors,))
for _text, _result in {
    "torch.split(input, split_size, dim=0)": split_result,
    "torch.split_with_sizes(input, split_size, dim=0)": split_result,
    "torch.chunk(input, chunks, dim=0)": chunk_result,
    "torch.unsafe_split(input, split_size, dim=0)": split_result,
    "torch.unsafe_chunk(input, chunks, dim=0)": chunk_result,
    "torch.tensor_split(input, indices_or_sections, dim=0)": tensor_split_result,
    "torch.hsplit(input, indices_or_sections)": tensor_split_result,
    "torch.vsplit(input, indices_or_sections)": tensor_split_result,
    "torch.dsplit(input, indices_or_sections)": tensor_split_result,
    "torch.unbind(input, dim=0)": unbind_result,
    "torch.Tensor.__iter__(input)": unbind_result,
}.items():
    op(_text, device=following(), dtype=follows(), shape=like(), result=_result)
_meshgrid_dtypes = same_dtypes("tensors", text="meshgrid expects all tensors to have the same dtype")
op(
    "torch.meshgrid(*tensors, indexing=None)",
    device=meshgrid_device,
    dtype=follows("tensors"),
    shape=unknown_shape,
    checks=(_meshgrid_dtypes,),
    result=meshgrid_result,
)
op(
    "torch.block_diag(*tensors)",
    device=refused_text(
        Refusal.DEVICE,
        "torch.block_diag: input tensors must all be on the same device. Input 0 is on device {0} and input 1 is on "
        "device {1}",
        "tensors",
    ),
    dtype=joined_dtype,
    shape=block_diag_shape,
)
op(
    "torch.cartesian_prod(*tensors)",
    device=meshgrid_device,
    dtype=follows("tensors"),
    shape=product_shape,
    checks=(_meshgrid_dtypes,),
)
