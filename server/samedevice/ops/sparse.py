"""Rows: sparse tensors, and what asks about dtypes and shapes alone."""

from __future__ import annotations

from samedevice.ops.row import does, op
from samedevice.ops.words_attributes import integer
from samedevice.ops.words_check import same_dtypes
from samedevice.ops.words_creation import empty_result
from samedevice.ops.words_device import checked, following, given_or_following
from samedevice.ops.words_dtype import fixed, follows, given_or
from samedevice.ops.words_functional import embedding_index_second, embedding_shape_second
from samedevice.ops.words_matmul import first_known, mm_shape
from samedevice.ops.words_shape import flat, sized, unknown_shape
from samedevice.ops.words_types import common_shape, common_type, float_limits, integer_limits, promoted_types

_OPTIONS = "dtype=None, device=None, pin_memory=False, requires_grad=False, check_invariants=None, is_coalesced=None"

op(
    f"torch.sparse_coo_tensor(indices: any, values, size=None, *, {_OPTIONS})",
    device=given_or_following("values"),
    dtype=given_or(follows("values")),
    shape=sized(),
    result=empty_result,
)
for _name in ("csr", "csc", "bsr", "bsc"):
    op(
        f"torch.sparse_{_name}_tensor(crow_indices, col_indices, values, size=None, *, {_OPTIONS})",
        device=given_or_following("values"),
        dtype=given_or(follows("values")),
        shape=sized(),
        result=empty_result,
    )
op(
    "torch.sparse.mm(mat1, mat2)",
    device=checked("_sparse_mm", mat1="mat1", mat2="mat2"),
    dtype=first_known("mat1", "mat2"),
    shape=mm_shape("mat1", "mat2"),
    checks=(same_dtypes("mat1", "mat2", text="expected scalar type {0} but found {1}"),),
)
op(
    "torch.sparse.mm(mat1, mat2, reduce)",
    device=checked("_sparse_mm", mat1="mat1", mat2="mat2"),
    dtype=first_known("mat1", "mat2"),
    shape=mm_shape("mat1", "mat2"),
    checks=(
        same_dtypes(
            "mat1",
            "mat2",
            text="Expected tensor for argument #1 'other' to have scalar type {0}; but got torch.{1}Tensor instead "
            "(while checking arguments for sparse_mm_reduce)",
        ),
    ),
)
op("torch.Tensor.values(input)", device=following(), dtype=follows(), shape=unknown_shape)
op("torch.Tensor.indices(input)", device=following(), dtype=fixed("int64"), shape=lambda call: (None, None), grad=False)
op(
    "torch.embedding(weight, indices, padding_idx=-1, scale_grad_by_freq=False, sparse=False)",
    device=checked("_index_select", self="weight", index="indices"),
    dtype=follows("weight"),
    shape=embedding_shape_second,
    checks=(embedding_index_second,),
)
op("torch.norm_except_dim(v, pow=2, dim=0)", device=following("v"), dtype=follows("v"), shape=unknown_shape)
op("torch.Tensor.histc(input, bins=100, min=0, max=0)", device=following(), dtype=follows(), shape=flat)
does("torch.Tensor.stride(input, dim=None)", integer)
does("torch.promote_types(type1, type2)", promoted_types)
does("torch.finfo(type=None)", float_limits)
does("torch.iinfo(type)", integer_limits)
does("torch.result_type(tensor1: any, tensor2: any)", common_type)
does("torch.broadcast_shapes(*shapes)", common_shape)
