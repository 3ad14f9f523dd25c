"""Rows: linear algebra."""

from __future__ import annotations

from samedevice.ops.outcome import Refusal
from samedevice.ops.row import one, op
from samedevice.ops.words_check import Check, kernel_takes, same_dtypes, takes
from samedevice.ops.words_device import checked, following, refused_text
from samedevice.ops.words_dtype import (
    complex_of_input,
    fixed,
    follows,
    given_or,
    real_part,
)
from samedevice.ops.words_linalg import (
    b_and_a,
    batch_only,
    centred,
    diagonal_of,
    eig_result,
    eigh_result,
    factors,
    flipped,
    inverse_power,
    lowrank_result,
    lu_and_b,
    lu_result,
    matrix_norm_shape,
    pair,
    pseudo_inverse,
    qr_result,
    second_shape,
    singular_norm,
    slogdet_result,
    solved,
    svd_result,
    tensorinv_shape,
    vander_shape,
    vector_norm_shape,
    with_info,
)
from samedevice.ops.words_matmul import first_known
from samedevice.ops.words_shape import broadcast, like, unknown_shape

_L = "torch.linalg"
_ORD = "dim=None, keepdim=False, *, dtype=None, out=None"

for _text, _shape in {
    f"{_L}.inv(input, *, out=None)": like(),
    "torch.inverse(input, *, out=None)": like(),
    f"{_L}.cholesky(input, *, upper=False, out=None)": like(),
    "torch.cholesky(input, upper=False, *, out=None)": like(),
    "torch.cholesky_inverse(input, upper=False, *, out=None)": like(),
    f"{_L}.matrix_power(input, n, *, out=None)": like(),
    "torch.matrix_power(input, n, *, out=None)": like(),
    f"{_L}.matrix_exp(input)": like(),
    "torch.matrix_exp(input)": like(),
    f"{_L}.det(input, *, out=None)": batch_only,
    "torch.det(input)": batch_only,
    "torch.logdet(input)": batch_only,
    f"{_L}.pinv(input, rcond=None, hermitian=False, *, atol=None, rtol=None, out=None)": flipped,
    "torch.pinverse(input, rcond=1e-15)": flipped,
    f"{_L}.tensorinv(input, ind=2, *, out=None)": tensorinv_shape,
    f"{_L}.vander(input, *, N=None)": vander_shape,
}.items():
    _words = {"pinv": pseudo_inverse, "pinverse": pseudo_inverse, "matrix_power": inverse_power}
    _checks = tuple(word for name, word in _words.items() if f".{name}(" in _text)
    op(_text, device=following(), dtype=follows(), shape=_shape, checks=_checks)
for _text in (
    f"{_L}.svdvals(input, *, driver=None, out=None)",
    f"{_L}.eigvalsh(input, UPLO='L', *, out=None)",
):
    op(_text, device=following(), dtype=real_part, shape=diagonal_of)
op(f"{_L}.eigvals(input, *, out=None)", device=following(), dtype=complex_of_input, shape=diagonal_of)
op(f"{_L}.cond(input, p=None, *, out=None)", device=following(), dtype=real_part, shape=batch_only)
op(
    f"{_L}.matrix_rank(input, tol=None, hermitian=False, *, atol=None, rtol=None, out=None)",
    device=following(),
    dtype=fixed("int64"),
    shape=batch_only,
    grad=False,
    checks=(
        takes(
            "input",
            "float32 float64 complex64 complex128",
            "This function doesn't handle types other than float and double",
            Refusal.FLOAT_NEEDED,
            empty_too=True,
        ),
    ),
)
op(
    f"{_L}.svd(input, full_matrices=True, *, driver=None, out=None)",
    device=following(),
    dtype=follows(),
    shape=unknown_shape,
    result=svd_result,
)
op(
    "torch.svd(input, some=True, compute_uv=True, *, out=None)",
    device=following(),
    dtype=follows(),
    shape=unknown_shape,
    result=svd_result,
)
op(
    f"{_L}.qr(input, mode='reduced', *, out=None)",
    device=following(),
    dtype=follows(),
    shape=unknown_shape,
    result=qr_result,
)
op(
    "torch.qr(input, some=True, *, out=None)",
    device=following(),
    dtype=follows(),
    shape=unknown_shape,
    result=qr_result,
)
op(
    f"{_L}.eigh(input, UPLO='L', *, out=None)",
    device=following(),
    dtype=follows(),
    shape=unknown_shape,
    result=eigh_result,
)
op(f"{_L}.eig(input, *, out=None)", device=following(), dtype=complex_of_input, shape=unknown_shape, result=eig_result)
for _name in f"{_L}.slogdet", "torch.slogdet":
    op(f"{_name}(input, *, out=None)", device=following(), dtype=follows(), shape=unknown_shape, result=slogdet_result)
for _name in ["inv_ex", "cholesky_ex"]:
    op(
        f"{_L}.{_name}(input, *, upper=False, check_errors=False, out=None)",
        device=following(),
        dtype=follows(),
        shape=like(),
        result=with_info,
    )
for _name in ["lu_factor", "lu_factor_ex", "ldl_factor", "ldl_factor_ex"]:
    op(
        f"{_L}.{_name}(input, *, pivot=True, hermitian=False, check_errors=False, out=None)",
        device=following(),
        dtype=follows(),
        shape=like(),
        result=factors,
    )
op(
    f"{_L}.lu(input, *, pivot=True, out=None)",
    device=following(),
    dtype=follows(),
    shape=unknown_shape,
    result=lu_result,
)


def _inexact(name: str, argument: str = "input") -> Check:
    """What linear algebra says to integers, before it compares dtypes."""
    text = f"{name}: Expected a floating point or complex tensor as input. Got {{0}}"
    return takes(argument, "inexact", text, Refusal.FLOAT_NEEDED, empty_too=True)


_solve = same_dtypes(
    "input",
    "B",
    text="linalg.solve: Expected A and B to have the same dtype, but found A of type {0} and B of type {1} instead",
)
for _name in f"{_L}.solve", f"{_L}.solve_ex":
    op(
        f"{_name}(input, B, *, left=True, check_errors=False, out=None)",
        device=checked("_linalg_solve_ex", A="input", B="B"),
        dtype=first_known("input", "B"),
        shape=solved,
        checks=(_inexact("linalg.solve"), _solve),
        result=with_info if _name.endswith("_ex") else one,
    )
op(
    f"{_L}.solve_triangular(input, B, *, upper, left=True, unitriangular=False, out=None)",
    device=checked("_linalg_solve_triangular", self="input", B="B"),
    dtype=first_known("input", "B"),
    shape=second_shape("B"),
    checks=(kernel_takes("input", "float32 float64 complex64 complex128", "triangular_solve_cpu", empty_too=True),),
)
op(
    "torch.cholesky_solve(input, L, upper=False, *, out=None)",
    device=refused_text(
        Refusal.DEVICE,
        "Expected b and A to be on the same device, but found b on {0} and A on {1} instead.",
        "input",
        "L",
    ),
    dtype=first_known("input", "L"),
    shape=second_shape("input"),
    checks=(b_and_a("input", "L"),),
)
op(
    "torch.triangular_solve(input, A, upper=True, transpose=False, unitriangular=False, *, out=None)",
    device=checked("triangular_solve", self="input", A="A"),
    dtype=first_known("input", "A"),
    shape=unknown_shape,
    result=pair("solution", "cloned_coefficient"),
    checks=(b_and_a("input", "A"),),
)
op(
    f"{_L}.tensorsolve(input, B, dims=None, *, out=None)",
    device=checked("_linalg_solve_ex", A="input", B="B"),
    dtype=first_known("input", "B"),
    shape=unknown_shape,
    checks=(_inexact("linalg.solve"), _solve),
)
op(
    f"{_L}.householder_product(input, tau, *, out=None)",
    device=checked("_linalg_householder_product", input="input", tau="tau"),
    dtype=first_known("input", "tau"),
    shape=like(),
    also=("torch.orgqr",),
    checks=(
        same_dtypes(
            "input", "tau", text="torch.linalg.householder_product: tau dtype {1} does not match input dtype {0}"
        ),
    ),
)
op("torch.geqrf(input, *, out=None)", device=following(), dtype=follows(), shape=unknown_shape, result=pair("a", "tau"))
op(
    "torch.ormqr(input, tau, other, left=True, transpose=False, *, out=None)",
    device=checked("_ormqr", self="input", input2="tau", input3="other"),
    dtype=first_known("input", "other"),
    shape=like("other"),
    checks=(
        same_dtypes(
            "input",
            "tau",
            text="torch.ormqr: Expected input and tau to have the same dtype, but input has "
            "dtype{0} and tau has dtype {1}",
        ),
        same_dtypes(
            "input",
            "other",
            text="torch.ormqr: Expected input and other to have the same dtype, but input has "
            "dtype{0} and other has dtype {1}",
        ),
    ),
)
op(
    f"{_L}.lu_solve(LU, pivots, B, *, left=True, adjoint=False, out=None)",
    device=checked("linalg_lu_solve", LU="LU", pivots="pivots", B="B"),
    dtype=follows("LU"),
    shape=unknown_shape,
    checks=(_inexact("torch.linalg.lu_solve", "LU"), lu_and_b("LU", "B")),
)
op(
    "torch.lu_solve(input, LU_data, LU_pivots, *, out=None)",
    device=checked("linalg_lu_solve", LU="LU_data", pivots="LU_pivots", B="input"),
    dtype=follows(),
    shape=unknown_shape,
    checks=(_inexact("torch.linalg.lu_solve", "LU_data"), lu_and_b("LU_data", "input")),
)
op(
    f"{_L}.ldl_solve(LD, pivots, B, *, hermitian=False, out=None)",
    device=checked("linalg_ldl_solve", LD="LD", pivots="pivots", B="B"),
    dtype=follows("LD"),
    shape=unknown_shape,
    checks=(_inexact("torch.linalg.ldl_solve", "LD"), b_and_a("B", "LD")),
)
op(
    f"{_L}.vector_norm(input, ord=2, {_ORD})",
    device=following(),
    dtype=given_or(real_part),
    shape=vector_norm_shape,
)
op(f"{_L}.norm(input, ord=None, {_ORD})", device=following(), dtype=given_or(real_part), shape=vector_norm_shape)
op(
    f"{_L}.matrix_norm(input, ord='fro', dim=(-2, -1), keepdim=False, *, dtype=None, out=None)",
    device=following(),
    dtype=given_or(real_part),
    shape=matrix_norm_shape,
    checks=(singular_norm,),
)
for _name in f"{_L}.cross(input, other, *, dim=-1, out=None)", "torch.cross(input, other, dim=None, *, out=None)":
    op(
        _name,
        device=checked("linalg_cross", self="input", other="other"),
        shape=broadcast,
        dtype=first_known("input", "other"),
        checks=(same_dtypes("input", "other", text="expected scalar type {0} but found {1}"),),
    )
op(
    f"{_L}.vecdot(x, y, *, dim=-1, out=None)",
    device=checked("_vdot", self="x", other="y"),
    dtype=first_known("x", "y"),
    shape=unknown_shape,
    checks=(
        _inexact("linalg.vecdot", "x"),
        same_dtypes(
            "x",
            "y",
            text="linalg.vecdot: Expected x and y to have the same dtype, but found x of type {0} and y of type {1} "
            "instead",
        ),
    ),
)
for _text in "torch.svd_lowrank(A, q=6, niter=2, M=None)", "torch.pca_lowrank(A, q=None, center=True, niter=2)":
    op(
        _text,
        device=following("A"),
        dtype=follows("A"),
        shape=unknown_shape,
        checks=(centred,),
        result=lowrank_result,
    )
