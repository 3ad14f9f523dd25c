"""Rows: products of matrices and vectors."""

from __future__ import annotations

from samedevice.ops.outcome import Refusal
from samedevice.ops.row import op
from samedevice.ops.words_check import same_dtypes, takes
from samedevice.ops.words_device import checked, iterated, refused_text
from samedevice.ops.words_dtype import promoted, promotes, promotes_plainly
from samedevice.ops.words_einsum import (
    einsum_device,
    einsum_dtype,
    einsum_dtypes,
    einsum_shape,
    tensordot_shape,
)
from samedevice.ops.words_linalg import cdist_shape, multi_dot_shape
from samedevice.ops.words_matmul import (
    added_dtypes,
    addmv_dtypes,
    first_known,
    floats_on_cuda,
    inner_dtypes,
    inner_shape,
    kron_shape,
    matmul_device,
    matmul_dtypes,
    matmul_shape,
    mm_shape,
    mv_shape,
    outer_shape,
)
from samedevice.ops.words_shape import scalar

op(
    "torch.matmul(input, other, *, out=None)",
    device=matmul_device,
    dtype=first_known("input", "other"),
    shape=matmul_shape,
    checks=(matmul_dtypes, floats_on_cuda),
    also=("torch.linalg.matmul",),
)
op(
    "torch.mm(input, mat2, *, out=None)",
    device=checked("mm", self="input", mat2="mat2"),
    dtype=first_known("input", "mat2"),
    shape=mm_shape("input", "mat2"),
    checks=(matmul_dtypes,),
)
op(
    "torch.bmm(input, mat2, *, out=None)",
    device=checked("bmm", self="input", mat2="mat2"),
    dtype=first_known("input", "mat2"),
    shape=mm_shape("input", "mat2"),
    checks=(same_dtypes("input", "mat2", text="expected scalar type {0} but found {1}"), floats_on_cuda),
)
op(
    "torch.mv(input, vec, *, out=None)",
    device=checked("addmv_", mat="input", vec="vec"),
    dtype=first_known("input", "vec"),
    shape=mv_shape("input", "vec"),
    checks=(
        same_dtypes("input", "vec", text="addmv input tensors must have the same dtype, but got {1}, {0}, and {1}"),
    ),
)
op(
    "torch.dot(input, tensor, *, out=None)",
    device=checked("_dot", self="input", tensor="tensor"),
    dtype=first_known("input", "tensor"),
    shape=scalar,
    checks=(
        same_dtypes("input", "tensor", text="dot : expected both vectors to have same dtype, but found {0} and {1}"),
    ),
)
op(
    "torch.vdot(input, other, *, out=None)",
    device=checked("_vdot", self="input", other="other"),
    dtype=first_known("input", "other"),
    shape=scalar,
    checks=(
        same_dtypes("input", "other", text="dot : expected both vectors to have same dtype, but found {0} and {1}"),
    ),
)
op(
    "torch.inner(input, other, *, out=None)",
    device=checked("_dot", self="input", tensor="other"),
    dtype=promoted,
    shape=inner_shape,
    checks=(inner_dtypes, floats_on_cuda),
)
op(
    "torch.outer(input, vec2, *, out=None)",
    device=iterated("input", "vec2"),
    dtype=promotes("input", "vec2"),
    shape=outer_shape("input", "vec2"),
    also=("torch.ger",),
)
op(
    "torch.addmm(input, mat1, mat2, *, beta=1, alpha=1, out=None)",
    device=checked("addmm", self="input", mat1="mat1", mat2="mat2"),
    dtype=first_known("input", "mat1", "mat2"),
    shape=mm_shape("mat1", "mat2"),
    checks=(added_dtypes,),
)
op(
    "torch.addmv(input, mat, vec, *, beta=1, alpha=1, out=None)",
    device=checked("addmv", self="input", mat="mat", vec="vec"),
    dtype=first_known("input", "mat", "vec"),
    shape=mv_shape("mat", "vec"),
    checks=(addmv_dtypes,),
)
op(
    "torch.addr(input, vec1, vec2, *, beta=1, alpha=1, out=None)",
    device=checked("_addr", self="input", vec1="vec1", vec2="vec2"),
    dtype=promotes_plainly("input", "vec1", "vec2"),
    shape=outer_shape("vec1", "vec2"),
)
op(
    "torch.baddbmm(input, batch1, batch2, *, beta=1, alpha=1, out=None)",
    device=checked("baddbmm", self="input", batch1="batch1", batch2="batch2"),
    dtype=first_known("input", "batch1", "batch2"),
    shape=mm_shape("batch1", "batch2"),
    checks=(
        same_dtypes("batch1", "batch2", text="expected scalar type {0} but found {1}"),
        same_dtypes(
            "input", "batch1", text="Input dtypes must be the same, got: input {c0}, batch1: {c1}, batch2: {c1}"
        ),
    ),
)
op(
    "torch.addbmm(input, batch1, batch2, *, beta=1, alpha=1, out=None)",
    device=checked("_addbmm", self="input", batch1="batch1", batch2="batch2"),
    dtype=first_known("input", "batch1", "batch2"),
    shape=lambda call: (mm_shape("batch1", "batch2")(call) or ())[1:] or None,
    checks=(added_dtypes,),
)
op(
    "torch.einsum(equation, *operands)",
    device=einsum_device,
    dtype=einsum_dtype,
    shape=einsum_shape,
    checks=(einsum_dtypes,),
)
op(
    "torch.tensordot(input, other, dims=2, *, out=None)",
    device=checked("mm", self="input", mat2="other"),
    dtype=first_known("input", "other"),
    shape=tensordot_shape,
    checks=(same_dtypes("input", "other", text="both inputs should have same dtype"),),
)
op("torch.kron(input, other, *, out=None)", dtype=promoted, shape=kron_shape)
for _name in "torch.linalg.multi_dot(tensors, *, out=None)", "torch.chain_matmul(*tensors, out=None)":
    op(
        _name,
        device=refused_text(
            Refusal.DEVICE,
            "multi_dot(): all tensors must be on the same device but tensor 0 is on {0} and tensor 1 on {1}",
            "tensors",
        ),
        dtype=first_known("tensors"),
        shape=multi_dot_shape,
        checks=(
            same_dtypes(
                "tensors",
                text="multi_dot(): all tensors must have be the same dtype but tensor 0 is {c0} and tensor 1 {c1}",
            ),
        ),
    )
op(
    "torch.cdist(x1, x2, p=2.0, compute_mode='use_mm_for_euclid_dist_if_necessary')",
    device=checked("__cdist_forward", x1="x1", x2="x2"),
    dtype=first_known("x1", "x2"),
    shape=cdist_shape,
    checks=(
        *(
            takes(
                f"x{_number}",
                "floating",
                f"cdist only supports floating-point dtypes, X{_number} got: {{0}}",
                Refusal.FLOAT_NEEDED,
                empty_too=True,
            )
            for _number in (1, 2)
        ),
        same_dtypes("x1", "x2", text="expected scalar type {0} but found {1}"),
    ),
)
