"""Rows: torch.nn.functional, losses apart."""

from __future__ import annotations

from samedevice.ops.outcome import Refusal
from samedevice.ops.row import op
from samedevice.ops.texts import words
from samedevice.ops.words_check import kernel_takes, same_dtypes, takes
from samedevice.ops.words_conv import (
    adaptive_shape,
    conv_device,
    conv_dtypes,
    conv_shape,
    padded,
    pool_shape,
    pooled,
    resized,
    sampled,
    shuffled,
)
from samedevice.ops.words_device import checked, checked_unless_empty, following, iterated
from samedevice.ops.words_dtype import (
    fixed,
    floated,
    floated_elements,
    follows,
    given_or,
    promotes_to_float,
    real_float,
)
from samedevice.ops.words_functional import (
    affine_shape,
    attention_device,
    attention_dtypes,
    attention_shape,
    bag_weights,
    bilinear_shape,
    compared_rows,
    dropout_check,
    embedding_bag_shape,
    embedding_index,
    embedding_shape,
    fold_shape,
    halved,
    padded_sequence_shape,
    paired_rows,
    pdist_kernel,
    prelu_dtypes,
    renormed_floats,
    unfold_shape,
)
from samedevice.ops.words_index import one_hot
from samedevice.ops.words_matmul import first_known, linear_device, linear_dtypes, linear_shape
from samedevice.ops.words_norm import (
    batch_dtypes,
    batch_norm_shape,
    group_dtypes,
    group_norm_shape,
    instance_dtypes,
    layer_dtypes,
    layer_norm_shape,
    rms_dtype,
)
from samedevice.ops.words_shape import like, unknown_shape

_F = "torch.nn.functional"

op(
    f"{_F}.linear(input, weight, bias=None)",
    device=linear_device,
    dtype=first_known("input", "weight", "bias"),
    shape=linear_shape,
    checks=(linear_dtypes,),
)
op(
    f"{_F}.bilinear(input1, input2, weight, bias=None)",
    device=checked_unless_empty("bmm", self="input1", mat2="input2", weight="weight", bias="bias"),
    dtype=first_known("input1", "input2", "weight"),
    shape=bilinear_shape,
    checks=(
        same_dtypes("input1", "input2", text="All tensors must have the same dtype, got input1: {c0}, input2: {c1}"),
        same_dtypes("input1", "weight", text="All tensors must have the same dtype, got input1: {c0}, weight: {c1}"),
    ),
)
for _rank in (1, 2, 3):
    op(
        f"{_F}.conv{_rank}d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)",
        device=conv_device,
        dtype=first_known("input", "weight", "bias"),
        shape=conv_shape(_rank),
        checks=(conv_dtypes,),
        also=(f"torch.conv{_rank}d",),
    )
    op(
        f"{_F}.conv_transpose{_rank}d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1,"
        "dilation=1)",
        device=conv_device,
        dtype=first_known("input", "weight", "bias"),
        shape=conv_shape(_rank, transposed=True),
        checks=(conv_dtypes,),
        also=(f"torch.conv_transpose{_rank}d",),
    )
    op(
        f"{_F}.max_pool{_rank}d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False,"
        "return_indices=False)",
        device=following(),
        dtype=follows(),
        shape=pool_shape(_rank),
        result=pooled,
        also=(f"torch.max_pool{_rank}d",),
    )
    op(
        f"{_F}.max_pool{_rank}d_with_indices(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False,"
        "return_indices=True)",
        device=following(),
        dtype=follows(),
        shape=pool_shape(_rank),
        result=pooled,
        also=(f"torch.max_pool{_rank}d_with_indices",),
    )
    op(
        f"{_F}.avg_pool{_rank}d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,"
        "divisor_override=None)",
        device=following(),
        dtype=follows(),
        shape=pool_shape(_rank),
    )
    op(
        f"{_F}.lp_pool{_rank}d(input, norm_type, kernel_size, stride=None, ceil_mode=False)",
        device=following(),
        dtype=floated,
        shape=pool_shape(_rank),
    )
    op(
        f"{_F}.adaptive_avg_pool{_rank}d(input, output_size)",
        device=following(),
        dtype=follows(),
        shape=adaptive_shape(_rank),
        also=(f"torch.adaptive_avg_pool{_rank}d",),
    )
    op(
        f"{_F}.adaptive_max_pool{_rank}d(input, output_size, return_indices=False)",
        device=following(),
        dtype=follows(),
        shape=adaptive_shape(_rank),
        result=pooled,
    )
    op(
        f"{_F}.max_unpool{_rank}d(input, indices, kernel_size, stride=None, padding=0, output_size=None)",
        device=checked(f"_max_unpool{max(_rank, 2)}d", self="input", indices="indices"),
        dtype=follows(),
        shape=unknown_shape,
    )
for _rank in (2, 3):
    op(
        f"{_F}.fractional_max_pool{_rank}d(input, kernel_size, output_size=None, output_ratio=None,"
        "return_indices=False, _random_samples=None)",
        device=following(),
        dtype=follows(),
        shape=unknown_shape,
        checks=(
            same_dtypes("input", "_random_samples", text="Expect _random_samples to have the same dtype as input"),
        ),
        result=pooled,
    )

for _text in (
    "relu(input, inplace=False)",
    "relu6(input, inplace=False)",
    "elu(input, alpha=1.0, inplace=False)",
    "selu(input, inplace=False)",
    "celu(input, alpha=1.0, inplace=False)",
    "gelu(input, approximate='none')",
    "silu(input, inplace=False)",
    "mish(input, inplace=False)",
    "leaky_relu(input, negative_slope=0.01, inplace=False)",
    "rrelu(input, lower=0.125, upper=0.333, training=False, inplace=False)",
    "hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False)",
    "hardswish(input, inplace=False)",
    "hardsigmoid(input, inplace=False)",
    "hardshrink(input, lambd=0.5)",
    "softshrink(input, lambd=0.5)",
    "softplus(input, beta=1, threshold=20)",
    "threshold(input, threshold, value, inplace=False)",
    "logsigmoid(input)",
    "softmin(input, dim=None, _stacklevel=3, dtype=None)",
    "gumbel_softmax(input, tau=1, hard=False, eps=1e-10, dim=-1)",
    "normalize(input, p=2.0, dim=1, eps=1e-12, out=None)",
    "channel_shuffle(input, groups)",
):
    _dtype = given_or(follows()) if "dtype" in _text else follows()
    _plain = _text.partition("(")[0]
    _also = (f"torch.{_plain}",) if _plain in ("selu", "celu", "rrelu", "threshold", "channel_shuffle") else ()
    op(f"{_F}.{_text}", device=following(), dtype=_dtype, shape=like(), also=_also)
op(
    f"{_F}.local_response_norm(input, size, alpha=0.0001, beta=0.75, k=1.0)",
    device=following(),
    dtype=floated_elements,
    shape=like(),
)
op(f"{_F}.softsign(input)", device=following(), dtype=floated, shape=like())
op(f"{_F}.tanhshrink(input)", device=following(), dtype=floated, shape=like())
for _name in ["sigmoid", "tanh"]:
    op(f"{_F}.{_name}(input)", device=following(), dtype=floated, shape=like())
_floats_on_cuda = (kernel_takes("input", "inexact", "", "host_softmax"),)
for _name in ["softmax", "log_softmax"]:
    op(
        f"{_F}.{_name}(input, dim=None, _stacklevel=3, dtype=None)",
        device=following(),
        dtype=given_or(follows()),
        shape=like(),
        checks=_floats_on_cuda,
    )
    for _text in f"torch.{_name}(input, dim, dtype=None)", f"torch.special.{_name}(input, dim, *, dtype=None)":
        op(_text, device=following(), dtype=given_or(follows()), shape=like(), checks=_floats_on_cuda)
op(
    f"{_F}.prelu(input, weight)",
    device=checked("__prelu_kernel", self="input", weight="weight"),
    dtype=follows(),
    shape=like(),
    checks=(prelu_dtypes,),
    also=("torch.prelu",),
)
op(f"{_F}.glu(input, dim=-1)", device=following(), dtype=follows(), shape=halved)
for _name in words("""dropout alpha_dropout feature_alpha_dropout dropout1d dropout2d dropout3d"""):
    _training = "False" if "alpha" in _name else "True"
    op(
        f"{_F}.{_name}(input, p=0.5, training={_training}, inplace=False)",
        device=following(),
        dtype=follows(),
        shape=like(),
        checks=(dropout_check,),
    )
op("torch.dropout(input, p, train)", device=following(), dtype=follows(), shape=like())

op(
    f"{_F}.batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1,"
    "eps=1e-05)",
    device=checked_unless_empty(
        "_native_batch_norm",
        self="input",
        weight="weight",
        bias="bias",
        running_mean="running_mean",
        running_var="running_var",
    ),
    dtype=follows(),
    shape=batch_norm_shape,
    checks=(batch_dtypes,),
)
op(
    "torch.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled)",
    device=checked_unless_empty(
        "_native_batch_norm",
        self="input",
        weight="weight",
        bias="bias",
        running_mean="running_mean",
        running_var="running_var",
    ),
    dtype=follows(),
    shape=batch_norm_shape,
    checks=(batch_dtypes,),
)
op(
    f"{_F}.instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True,"
    "momentum=0.1, eps=1e-05)",
    device=checked(
        "_native_batch_norm",
        self="input",
        weight="weight",
        bias="bias",
        running_mean="running_mean",
        running_var="running_var",
    ),
    dtype=follows(),
    shape=like(),
    checks=(instance_dtypes,),
)
op(
    f"{_F}.layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05)",
    device=checked("_native_layer_norm", self="input", weight="weight", bias="bias"),
    dtype=follows(),
    shape=layer_norm_shape,
    checks=(layer_dtypes,),
    also=("torch.layer_norm",),
)
op(
    f"{_F}.group_norm(input, num_groups, weight=None, bias=None, eps=1e-05)",
    device=checked("_native_group_norm", self="input", weight="weight", bias="bias"),
    dtype=follows(),
    shape=group_norm_shape,
    checks=(group_dtypes,),
    also=("torch.group_norm",),
)
op(
    f"{_F}.rms_norm(input, normalized_shape, weight=None, eps=None)",
    device=iterated("input", "weight"),
    dtype=rms_dtype,
    shape=layer_norm_shape,
    checks=(kernel_takes("input", "inexact", "rms_norm", "rms_norm", empty_too=True),),
    also=("torch.rms_norm",),
)

op(
    f"{_F}.embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False,"
    "sparse=False)",
    device=checked("_index_select", self="weight", index="input"),
    dtype=follows("weight"),
    shape=embedding_shape,
    checks=(embedding_index, renormed_floats),
)
op(
    f"{_F}.embedding_bag(input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False,"
    "mode='mean', sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None)",
    device=checked(
        "__embedding_bag", weight="weight", indices="input", offsets="offsets", per_sample_weights="per_sample_weights"
    ),
    dtype=follows("weight"),
    shape=embedding_bag_shape,
    checks=(embedding_index, bag_weights),
)
op(
    f"{_F}.one_hot(input, num_classes=-1)",
    device=following(),
    dtype=fixed("int64"),
    shape=one_hot,
    grad=False,
    checks=(
        takes("input", "int64", "one_hot is only applicable to index tensor of type LongTensor.", Refusal.INDEX_DTYPE),
    ),
)
op(
    f"{_F}.interpolate(input, size=None, scale_factor=None, mode='nearest', align_corners=None,"
    "recompute_scale_factor=None, antialias=False)",
    device=following(),
    dtype=follows(),
    shape=resized,
    also=(f"{_F}.upsample",),
)
for _name in ["upsample_nearest", "upsample_bilinear"]:
    op(f"{_F}.{_name}(input, size=None, scale_factor=None)", device=following(), dtype=follows(), shape=resized)
op(
    f"{_F}.grid_sample(input, grid, mode='bilinear', padding_mode='zeros', align_corners=None)",
    device=checked("_grid_sampler_2d", input="input", grid="grid"),
    dtype=follows(),
    shape=sampled,
    checks=(same_dtypes("input", "grid", text="expected scalar type {0} but found {1}"),),
)
op(f"{_F}.affine_grid(input, size, align_corners=None)", device=following(), dtype=follows(), shape=affine_shape)
op(f"{_F}.pad(input, pad, mode='constant', value=None)", device=following(), dtype=follows(), shape=padded)
op(
    f"{_F}.pixel_shuffle(input, upscale_factor)",
    device=following(),
    dtype=follows(),
    shape=shuffled,
    also=("torch.pixel_shuffle",),
)
op(
    f"{_F}.pixel_unshuffle(input, downscale_factor)",
    device=following(),
    dtype=follows(),
    shape=shuffled,
    also=("torch.pixel_unshuffle",),
)
op(
    f"{_F}.unfold(input, kernel_size, dilation=1, padding=0, stride=1)",
    device=following(),
    dtype=follows(),
    shape=unfold_shape,
)
op(
    f"{_F}.fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1)",
    device=following(),
    dtype=follows(),
    shape=fold_shape,
)
op(
    f"{_F}.scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None,"
    "enable_gqa=False)",
    device=attention_device,
    dtype=follows("query"),
    shape=attention_shape,
    checks=(attention_dtypes,),
)
op(
    f"{_F}.cosine_similarity(x1, x2, dim=1, eps=1e-08)",
    device=checked("clamp_min__Tensor", self="x1", min="x2"),
    dtype=promotes_to_float("x1", "x2"),
    shape=compared_rows,
    also=("torch.cosine_similarity",),
)
op(
    f"{_F}.pairwise_distance(x1, x2, p=2.0, eps=1e-06, keepdim=False)",
    device=iterated("x1", "x2"),
    dtype=real_float("x1", "x2"),
    shape=paired_rows,
    also=("torch.pairwise_distance",),
)
op(
    f"{_F}.pdist(input, p=2)",
    device=following(),
    dtype=follows(),
    shape=unknown_shape,
    checks=(pdist_kernel,),
    also=("torch.pdist",),
)
op(
    "torch.nn.utils.rnn.pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side='right')",
    device=following("sequences"),
    dtype=follows("sequences"),
    shape=padded_sequence_shape,
)
