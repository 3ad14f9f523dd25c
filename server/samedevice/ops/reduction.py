"""Rows: reductions, scans, sorting and counting."""

from __future__ import annotations

from samedevice.ops.outcome import Refusal
from samedevice.ops.row import does, op
from samedevice.ops.words_attributes import boolean
from samedevice.ops.words_check import kernel_takes, same_dtypes, takes
from samedevice.ops.words_comparison import all_close, equal
from samedevice.ops.words_device import checked, following, iterated, refused_text
from samedevice.ops.words_dtype import (
    byte_or_bool,
    fixed,
    float_of_input,
    floated,
    follows,
    given_or,
    int32_if_asked,
    promotes,
    promotes_to_float,
    real_promoted,
    summed,
)
from samedevice.ops.words_linalg import singular_norm
from samedevice.ops.words_reduction import (
    along,
    aminmax_result,
    bincount_result,
    histc_shape,
    histogram_result,
    mean_needs_float,
    nonzero_result,
    quantile_shape,
    search_shape,
    topk_shape,
    unique_result,
    values_and_indices,
    var_mean,
)
from samedevice.ops.words_shape import broadcast, flat, like, reduced, scalar, unknown_shape

for _name in ["sum", "nansum", "prod"]:
    op(f"torch.{_name}(input, dim=None, keepdim=False, *, dtype=None, out=None)", dtype=summed, shape=reduced)
for _name in ["mean", "nanmean"]:
    op(
        f"torch.{_name}(input, dim=None, keepdim=False, *, dtype=None, out=None)",
        dtype=given_or(follows()),
        shape=reduced,
        checks=(mean_needs_float,),
    )
op("torch.logsumexp(input, dim, keepdim=False, *, out=None)", dtype=floated, shape=reduced)
for _name in ["all", "any"]:
    op(f"torch.{_name}(input, dim=None, keepdim=False, *, out=None)", dtype=byte_or_bool, shape=reduced, grad=False)
for _name in ["amax", "amin"]:
    op(f"torch.{_name}(input, dim=(), keepdim=False, *, out=None)", dtype=follows(), shape=reduced)
for _name in ["argmax", "argmin"]:
    op(f"torch.{_name}(input, dim=None, keepdim=False, *, out=None)", dtype=fixed("int64"), shape=reduced, grad=False)
for _name in ["max", "min"]:
    op(f"torch.{_name}(input)", dtype=follows(), shape=scalar)
    op(
        f"torch.{_name}(input, dim: int, keepdim=False, *, out=None)",
        dtype=follows(),
        shape=reduced,
        result=values_and_indices,
    )
    op(f"torch.{_name}(input, other: Tensor, *, out=None)", dtype=promotes("input", "other"), shape=broadcast)
op("torch.aminmax(input, *, dim=None, keepdim=False, out=None)", dtype=follows(), shape=reduced, result=aminmax_result)
for _name in ["median", "nanmedian"]:
    op(f"torch.{_name}(input)", dtype=follows(), shape=scalar)
    op(
        f"torch.{_name}(input, dim: int, keepdim=False, *, out=None)",
        dtype=follows(),
        shape=along,
        result=values_and_indices,
    )
op("torch.mode(input, dim=-1, keepdim=False, *, out=None)", dtype=follows(), shape=along, result=values_and_indices)
op(
    "torch.kthvalue(input, k, dim=-1, keepdim=False, *, out=None)",
    dtype=follows(),
    shape=along,
    device=following(),
    result=values_and_indices,
)
for _name in ["std", "var"]:
    _tail = "*, correction=1, out=None"
    op(f"torch.{_name}(input, unbiased: flag, dim=None, keepdim=False)", dtype=float_of_input, shape=reduced)
    op(f"torch.{_name}(input, dim=None, unbiased=True, keepdim=False, {_tail})", dtype=float_of_input, shape=reduced)
    op(f"torch.{_name}_mean(input, unbiased: flag)", dtype=float_of_input, shape=scalar, result=var_mean)
    op(
        f"torch.{_name}_mean(input, dim=None, unbiased=True, keepdim=False, {_tail})",
        dtype=float_of_input,
        shape=reduced,
        result=var_mean,
    )
for _name in ["quantile", "nanquantile"]:
    op(
        f"torch.{_name}(input, q, dim=None, keepdim=False, *, interpolation='linear', out=None)",
        dtype=follows(),
        shape=quantile_shape,
        device=refused_text(
            Refusal.DEVICE, "quantile() q tensor must be on the same device as the input tensor", "input", "q"
        ),
        checks=(same_dtypes("input", "q", text="quantile() q tensor must be same dtype as the input tensor"),),
    )
for _name in ["cumsum", "cumprod"]:
    op(f"torch.{_name}(input, dim, *, dtype=None, out=None)", dtype=summed, shape=like())
op("torch.logcumsumexp(input, dim, *, out=None)", dtype=follows(), shape=like())
for _name in ["cummax", "cummin"]:
    op(f"torch.{_name}(input, dim, *, out=None)", dtype=follows(), shape=like(), result=values_and_indices)
op("torch.count_nonzero(input, dim=None)", dtype=fixed("int64"), shape=reduced, grad=False)
op(
    "torch.norm(input, p='fro', dim=None, keepdim=False, dtype=None, out=None)",
    dtype=given_or(float_of_input),
    shape=reduced,
    device=following(),
    checks=(singular_norm,),
)
op("torch.dist(input, other, p=2)", dtype=real_promoted, shape=scalar)
op("torch.renorm(input, p, dim, maxnorm, *, out=None)", dtype=follows(), shape=like(), device=following())

op(
    "torch.sort(input, dim=-1, descending=False, stable=False, *, out=None)",
    dtype=follows(),
    shape=like(),
    device=following(),
    result=values_and_indices,
)
op(
    "torch.sort(input, *, stable, dim=-1, descending=False, out=None)",
    dtype=follows(),
    shape=like(),
    device=following(),
    result=values_and_indices,
)
op("torch.argsort(input, dim=-1, descending=False, stable=False)", dtype=fixed("int64"), shape=like(), grad=False)
op("torch.msort(input, *, out=None)", dtype=follows(), shape=like())
op(
    "torch.topk(input, k, dim=-1, largest=True, sorted=True, *, out=None)",
    dtype=follows(),
    shape=topk_shape,
    device=following(),
    result=values_and_indices,
)
op(
    "torch.unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None)",
    dtype=follows(),
    shape=flat,
    grad=False,
    result=unique_result,
)
op(
    "torch.unique_consecutive(input, return_inverse=False, return_counts=False, dim=None)",
    dtype=follows(),
    shape=flat,
    grad=False,
    result=unique_result,
)
op(
    "torch.nonzero(input, *, as_tuple=False, out=None)",
    dtype=fixed("int64"),
    shape=unknown_shape,
    grad=False,
    result=nonzero_result,
)
op("torch.argwhere(input)", dtype=fixed("int64"), shape=unknown_shape, grad=False, result=nonzero_result)
op("torch.histc(input, bins=100, min=0, max=0, *, out=None)", dtype=follows(), shape=histc_shape, device=following())
op(
    "torch.histogram(input, bins, *, range=None, weight=None, density=False, out=None)",
    dtype=follows(),
    shape=unknown_shape,
    checks=(
        kernel_takes("input", "float32 float64", "histogramdd"),
        same_dtypes(
            "input",
            "weight",
            text="torch.histogramdd: if weight tensor is provided, input tensor and weight tensor should have the same "
            "dtype, but got input({c0}), and weight({c1})",
        ),
    ),
    result=histogram_result,
)
op(
    "torch.bincount(input, weights=None, minlength=0)",
    device=checked("bincount", self="input", weights="weights"),
    dtype=fixed("int64"),
    shape=flat,
    grad=False,
    checks=(
        takes(
            "input",
            "integral bool",
            "\"bincount_cpu\" not implemented for '{0}'",
            Refusal.INDEX_DTYPE,
            "NotImplementedError",
        ),
    ),
    result=bincount_result,
)
op(
    "torch.bucketize(input, boundaries, *, out_int32=False, right=False, out=None)",
    device=checked("Tensor_bucketize", self="input", boundaries="boundaries"),
    dtype=int32_if_asked,
    shape=search_shape,
    grad=False,
)
op(
    "torch.searchsorted(sorted_sequence, input, *, out_int32=False, right=False, side=None, out=None, sorter=None)",
    device=checked("Tensor_searchsorted", sorted_sequence="sorted_sequence", self="input"),
    dtype=int32_if_asked,
    shape=search_shape,
    grad=False,
)
op(
    "torch.isin(elements, test_elements, *, assume_unique=False, invert=False)",
    device=checked("isin_Tensor_Tensor", elements="elements", test_elements="test_elements"),
    dtype=fixed("bool"),
    shape=like("elements"),
    grad=False,
)
does("torch.allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)", all_close)
does("torch.equal(input, other)", equal)
does("torch.is_nonzero(input)", boolean)
for _name in ["diff"]:
    op("torch.diff(input, n=1, dim=-1, prepend=None, append=None)", dtype=follows(), shape=unknown_shape)
for _name in ["cov", "corrcoef"]:
    op(
        f"torch.{_name}(input, *, correction=1, fweights=None, aweights=None)",
        dtype=promotes_to_float("input", "aweights"),
        shape=unknown_shape,
        device=iterated("input", "fweights", "aweights"),
        checks=(
            takes(
                "aweights",
                "floating",
                "cov(): expected aweights to have floating point dtype but got aweights with {0} dtype",
                Refusal.FLOAT_NEEDED,
            ),
        ),
    )
for _name in ["trapz", "trapezoid"]:
    op(
        f"torch.{_name}(y, x=None, *, dx=None, dim=-1)",
        dtype=promotes_to_float("y", "x"),
        shape=unknown_shape,
        device=iterated("y", "x"),
    )
op(
    "torch.cumulative_trapezoid(y, x=None, *, dx=None, dim=-1)",
    dtype=promotes_to_float("y", "x"),
    shape=unknown_shape,
    device=iterated("y", "x"),
)
op("torch.trace(input)", dtype=summed, shape=scalar)
