"""Rows: reductions over what a mask lets through, and further forms under other names."""

from __future__ import annotations

from samedevice.ops.row import does, op
from samedevice.ops.texts import words
from samedevice.ops.words_check import same_dtypes
from samedevice.ops.words_device import checked, following, iterated
from samedevice.ops.words_dtype import (
    fixed,
    float_of_input,
    floated,
    follows,
    given_or,
    summed,
)
from samedevice.ops.words_foreach import foreach
from samedevice.ops.words_joining import split_result, unbind_result
from samedevice.ops.words_linalg import lstsq_result, pair
from samedevice.ops.words_norm import batch_dtypes, group_dtypes, layer_dtypes
from samedevice.ops.words_sequences import (
    combined,
    gradient_dtype,
    gradient_result,
    norm_statistics,
    of_flat,
    summed_to,
)
from samedevice.ops.words_shape import broadcast, like, reduced, sized, unknown_shape
from samedevice.ops.words_views import (
    diagonal_shape,
    expanded,
    permuted,
    reversed_dims,
    squeezed,
    swapped,
    unfolded,
    unsqueezed,
)

_TAIL = "keepdim=False, *, dtype=None, mask=None"
for _name, _dtype in {
    "sum": summed,
    "prod": summed,
    "mean": given_or(follows()),
    "amax": given_or(follows()),
    "amin": given_or(follows()),
    "argmax": given_or(follows()),
    "argmin": given_or(follows()),
    "logsumexp": given_or(follows()),
    "median": given_or(follows()),
}.items():
    op(f"torch.masked.{_name}(input, dim=None, {_TAIL})", device=iterated("input", "mask"), dtype=_dtype, shape=reduced)
for _name in ["cumsum", "cumprod", "softmax", "log_softmax", "softmin"]:
    op(
        f"torch.masked.{_name}(input, dim, *, dtype=None, mask=None)",
        device=iterated("input", "mask"),
        dtype=summed if _name.startswith("cum") else given_or(follows()),
        shape=like(),
    )
op(
    f"torch.masked.norm(input, ord, dim=None, {_TAIL})",
    device=iterated("input", "mask"),
    dtype=given_or(float_of_input),
    shape=reduced,
)
op(
    "torch.masked.normalize(input, ord, dim, *, eps=1e-12, dtype=None, mask=None)",
    device=iterated("input", "mask"),
    dtype=given_or(follows()),
    shape=like(),
)
for _name in ["std", "var"]:
    op(
        f"torch.masked.{_name}(input, dim=None, unbiased=True, {_TAIL})",
        device=iterated("input", "mask"),
        dtype=given_or(floated),
        shape=reduced,
    )
op(
    "torch.masked.logaddexp(input, other, *, dtype=None, input_mask=None, other_mask=None)",
    dtype=given_or(follows()),
    shape=broadcast,
    device=checked("logaddexp", self="input", other="other"),
)

for _text, _shape in {
    "torch.expand_copy(input, size, *, implicit=False)": expanded,
    "torch.diagonal_copy(input, offset=0, dim1=0, dim2=1)": diagonal_shape,
    "torch.alias_copy(input)": like(),
    "torch.as_strided_copy(input, size, stride, storage_offset=None)": sized(),
    "torch.permute_copy(input, dims)": permuted,
    "torch.squeeze_copy(input, dim=None)": squeezed,
    "torch.unsqueeze_copy(input, dim)": unsqueezed,
    "torch.transpose_copy(input, dim0, dim1)": swapped,
    "torch.t_copy(input)": reversed_dims,
    "torch.unfold_copy(input, dimension, size, step)": unfolded,
    "torch.constant_pad_nd(input, pad, value=0)": unknown_shape,
    "torch.fill(input, value)": like(),
}.items():
    op(_text, device=following(), dtype=follows(), shape=_shape)
op("torch.Tensor.sum_to_size(input, *size, dtype=None)", device=following(), dtype=summed, shape=summed_to)
op("torch.unbind_copy(input, dim=0)", device=following(), dtype=follows(), shape=like(), result=unbind_result)
op(
    "torch.split_with_sizes_copy(input, split_size, dim=0)",
    device=following(),
    dtype=follows(),
    shape=like(),
    result=split_result,
)
op("torch.combinations(input, r=2, with_replacement=False)", device=following(), dtype=follows(), shape=combined)
op(
    "torch.gradient(input, *, spacing=1, dim=None, edge_order=1)",
    device=following(),
    dtype=gradient_dtype,
    shape=like(),
    result=gradient_result,
)
op(
    "torch.lu_unpack(LU_data, LU_pivots, unpack_data=True, unpack_pivots=True)",
    device=checked("lu_unpack", LU_data="LU_data", LU_pivots="LU_pivots"),
    dtype=follows("LU_data"),
    shape=unknown_shape,
    result=pair("P", "L", "U"),
)
op(
    "torch.linalg.lstsq(input, b, rcond=None, *, driver=None)",
    device=checked("out_linalg_lstsq_out", self="input", b="b"),
    dtype=follows(),
    shape=unknown_shape,
    checks=(
        same_dtypes(
            "input",
            "b",
            text="torch.linalg.lstsq: Expected input and other to have the same dtype, but got input's dtype {0} and "
            "other's dtype {1}",
        ),
    ),
    result=lstsq_result,
)
op(
    "torch.unravel_index(indices: any, shape)",
    device=following("indices"),
    dtype=fixed("int64"),
    shape=like("indices"),
    grad=False,
    result=of_flat,
)
op(
    "torch.nonzero_static(input, *, size, fill_value=-1)",
    device=following(),
    dtype=fixed("int64"),
    shape=unknown_shape,
    grad=False,
)
for _text, _check in {
    "torch.native_layer_norm(input, normalized_shape, weight: any, bias, eps)": layer_dtypes,
    "torch.native_group_norm(input, weight: any, bias, N, C, HxW, group, eps)": group_dtypes,
    "torch.native_batch_norm(input, weight: any, bias, running_mean, running_var, training, momentum, eps)": (
        batch_dtypes
    ),
}.items():
    _method = _text.partition("(")[0].replace("torch.", "_")
    op(
        _text,
        device=checked(_method, self="input", weight="weight", bias="bias", mean="running_mean", var="running_var"),
        dtype=follows(),
        shape=like(),
        checks=(_check,),
        result=norm_statistics,
    )
for _rank in (2, 3):
    op(
        f"torch.grid_sampler_{_rank}d(input, grid, interpolation_mode, padding_mode, align_corners)",
        device=checked(f"_grid_sampler_{_rank}d", input="input", grid="grid"),
        dtype=follows(),
        shape=unknown_shape,
        checks=(same_dtypes("input", "grid", text="expected scalar type {0} but found {1}"),),
    )

_LISTS = "abs acos asin atan ceil cos cosh erf erfc exp expm1 floor frac lgamma log log10 log1p log2 neg reciprocal "
_LISTS += "round rsqrt sigmoid sign sin sinh sqrt tan tanh trunc zero"
for _name in words(_LISTS):
    does(f"torch._foreach_{_name}(tensors)", foreach, also=(f"torch._foreach_{_name}_",))
for _name in words("add sub mul div clamp_max clamp_min maximum minimum pow copy"):
    does(
        f"torch._foreach_{_name}(tensors, others: any, alpha=1, non_blocking=False)",
        foreach,
        also=(f"torch._foreach_{_name}_",),
    )
does("torch._foreach_lerp(tensors, ends: any, weight: any)", foreach, also=("torch._foreach_lerp_",))
for _name in ("addcdiv", "addcmul"):
    does(
        f"torch._foreach_{_name}(tensors, firsts: any, seconds: any, value=1)",
        foreach,
        also=(f"torch._foreach_{_name}_",),
    )
