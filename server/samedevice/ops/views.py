"""Rows: views and rearrangements of one tensor."""

from __future__ import annotations

from samedevice.ops.row import op
from samedevice.ops.words_check import takes
from samedevice.ops.words_device import following
from samedevice.ops.words_dtype import complex_of_input, follows, real_part
from samedevice.ops.words_shape import like, sized, unknown_shape
from samedevice.ops.words_views import (
    as_other,
    at_least,
    broadcast_to,
    complex_view,
    diag_embed_shape,
    diag_shape,
    diagonal_shape,
    expanded,
    flattened,
    moved_dims,
    narrowed,
    permuted,
    raveled,
    real_view,
    repeated,
    reversed_dims,
    selected,
    squeezed,
    swapped,
    unflattened,
    unfolded,
    unsqueezed,
    view_dtype_result,
    view_shape,
)

op(
    "torch.Tensor.view(input, dtype: dtype)",
    device=following(),
    dtype=follows(),
    shape=like(),
    result=view_dtype_result,
)
for _text, _shape in {
    "torch.Tensor.view(input, *size)": view_shape,
    "torch.Tensor.reshape(input, *size)": view_shape,
    "torch.reshape(input, size)": view_shape,
    "torch.Tensor.view_as(input, other)": as_other,
    "torch.Tensor.reshape_as(input, other)": as_other,
    "torch.Tensor.expand_as(input, other)": as_other,
    "torch.Tensor.resize_as_(input, other, memory_format=None)": as_other,
    "torch.flatten(input, start_dim=0, end_dim=-1)": flattened,
    "torch.ravel(input)": raveled,
    "torch.unflatten(input, dim, sizes)": unflattened,
    "torch.Tensor.permute(input, *dims)": permuted,
    "torch.permute(input, dims)": permuted,
    "torch.transpose(input, dim0, dim1)": swapped,
    "torch.swapaxes(input, dim0, dim1)": swapped,
    "torch.swapdims(input, dim0, dim1)": swapped,
    "torch.movedim(input, source: any, destination)": moved_dims,
    "torch.moveaxis(input, source: any, destination)": moved_dims,
    "torch.t(input)": reversed_dims,
    "torch.unsqueeze(input, dim)": unsqueezed,
    "torch.squeeze(input, dim=None)": squeezed,
    "torch.Tensor.expand(input, *size, implicit=False)": expanded,
    "torch.broadcast_to(input, size)": expanded,
    "torch.Tensor.repeat(input, *repeats)": repeated,
    "torch.Tensor.tile(input, *repeats)": repeated,
    "torch.tile(input, repeats)": repeated,
    "torch.narrow(input, dim, start, length)": narrowed,
    "torch.narrow_copy(input, dim, start, length)": narrowed,
    "torch.select(input, dim, index: any)": selected,
    "torch.diagonal(input, offset=0, dim1=0, dim2=1)": diagonal_shape,
    "torch.linalg.diagonal(input, *, offset=0, dim1=-2, dim2=-1)": diagonal_shape,
    "torch.diag(input, diagonal=0, *, out=None)": diag_shape,
    "torch.diag_embed(input, offset=0, dim1=-2, dim2=-1)": diag_embed_shape,
    "torch.Tensor.unfold(input, dimension, size, step)": unfolded,
    "torch.as_strided(input, size, stride, storage_offset=None)": sized(),
    "torch.Tensor.resize_(input, *size, memory_format=None)": sized(),
    "torch.flip(input, dims)": like(),
    "torch.Tensor.flip(input, *dims)": like(),
    "torch.fliplr(input)": like(),
    "torch.flipud(input)": like(),
    "torch.roll(input, shifts, dims=None)": like(),
    "torch.tril(input, diagonal=0, *, out=None)": like(),
    "torch.triu(input, diagonal=0, *, out=None)": like(),
    "torch.diagflat(input, offset=0)": unknown_shape,
    "torch.Tensor.to_dense(input, dtype=None, *, masked_grad=True)": like(),
    "torch.Tensor.to_sparse(input, *args)": like(),
}.items():
    op(_text, device=following(), dtype=follows(), shape=_shape)
op("torch.view_copy(input, size)", device=following(), dtype=follows(), shape=view_shape)
op("torch.rot90(input, k=1, dims=(0, 1))", device=following(), dtype=follows(), shape=unknown_shape)
op(
    "torch.view_as_complex(input)",
    device=following(),
    dtype=complex_of_input,
    shape=complex_view,
    checks=(
        takes(
            "input",
            "float16 float32 float64",
            "view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar type: "
            "{0}",
        ),
    ),
)
op("torch.view_as_real(input)", device=following(), dtype=real_part, shape=real_view)
for _rank in (1, 2, 3):
    op(
        f"torch.atleast_{_rank}d(*tensors)",
        device=following("tensors"),
        dtype=follows("tensors"),
        shape=unknown_shape,
        result=at_least(_rank),
    )
op(
    "torch.broadcast_tensors(*tensors)",
    device=following("tensors"),
    dtype=follows("tensors"),
    shape=unknown_shape,
    result=broadcast_to,
)
