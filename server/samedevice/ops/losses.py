"""Rows: losses."""

from __future__ import annotations

from samedevice.ops.outcome import Refusal
from samedevice.ops.row import op
from samedevice.ops.words_check import kernel_takes, same_dtypes, takes
from samedevice.ops.words_device import checked, following, iterated
from samedevice.ops.words_dtype import follows, promotes, promotes_to_float, real_float, real_promoted
from samedevice.ops.words_loss import (
    bce_target,
    clamped_variance,
    class_input,
    class_loss_device,
    class_loss_dtype,
    class_loss_shape,
    class_target,
    class_weight,
    ctc_shape,
    floats_in_place,
    huber_dtype,
    huber_target,
    logits_target,
    mean_of_floats,
    mean_of_input,
    mse_target,
    no_integer_target,
    reduced_loss,
    same_size,
    written_into_input,
)
from samedevice.ops.words_shape import unknown_shape

_F = "torch.nn.functional"
_TAIL = "size_average=None, reduce=None, reduction='mean'"

_LOGITS = kernel_takes("input", "inexact", "log_sigmoid_cpu")
op(
    f"{_F}.cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None,"
    "reduction='mean', label_smoothing=0.0)",
    device=class_loss_device,
    dtype=class_loss_dtype,
    shape=class_loss_shape,
    checks=(class_input, class_target, class_weight),
)
op(
    f"{_F}.nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')",
    device=class_loss_device,
    dtype=follows(),
    shape=class_loss_shape,
    checks=(class_input, class_target, class_weight),
)
op(
    f"{_F}.binary_cross_entropy(input, target, weight=None, {_TAIL})",
    device=iterated("input", "target", "weight", exempt=()),
    dtype=follows(),
    shape=reduced_loss,
    checks=(bce_target, same_size),
)
op(
    f"{_F}.binary_cross_entropy_with_logits(input, target, weight=None, size_average=None, reduce=None,"
    "reduction='mean', pos_weight=None)",
    device=iterated("input", "target", "weight", "pos_weight", exempt=("input", "weight", "pos_weight")),
    dtype=follows("target"),
    shape=reduced_loss,
    checks=(logits_target, same_size, _LOGITS),
)
op(
    f"{_F}.mse_loss(input, target, {_TAIL}, weight=None)",
    device=iterated("input", "target", exempt=()),
    dtype=promotes("input", "target"),
    shape=reduced_loss,
    checks=(mse_target,),
)
op(
    f"{_F}.l1_loss(input, target, {_TAIL}, weight=None)",
    device=iterated("input", "target"),
    dtype=real_promoted,
    shape=reduced_loss,
    checks=(mean_of_floats,),
)
op(
    f"{_F}.smooth_l1_loss(input, target, {_TAIL}, beta=1.0)",
    device=iterated("input", "target", exempt=()),
    dtype=promotes("input", "target"),
    shape=reduced_loss,
)
op(
    f"{_F}.huber_loss(input, target, reduction='mean', delta=1.0, weight=None)",
    device=checked("_huber_loss", self="input", target="target"),
    dtype=huber_dtype,
    shape=reduced_loss,
    checks=(huber_target, written_into_input),
)
op(
    f"{_F}.kl_div(input, target, {_TAIL}, log_target=False)",
    device=iterated("input", "target"),
    dtype=promotes("input", "target"),
    shape=reduced_loss,
    checks=(no_integer_target,),
)
op(
    f"{_F}.poisson_nll_loss(input, target, log_input=True, full=False, size_average=None, eps=1e-08, reduce=None,"
    "reduction='mean')",
    device=iterated("input", "target"),
    dtype=promotes_to_float("input", "target"),
    shape=reduced_loss,
)
op(
    f"{_F}.gaussian_nll_loss(input, target, var, full=False, eps=1e-06, reduction='mean')",
    device=iterated("input", "target", "var"),
    dtype=promotes("input", "target", "var"),
    shape=reduced_loss,
    checks=(clamped_variance,),
)
op(
    f"{_F}.hinge_embedding_loss(input, target, margin=1.0, {_TAIL})",
    device=iterated("input", "target"),
    dtype=follows(),
    shape=reduced_loss,
    checks=(mean_of_input,),
)
op(
    f"{_F}.margin_ranking_loss(input1, input2, target, margin=0, {_TAIL})",
    device=iterated("input1", "input2", "target"),
    dtype=promotes_to_float("input1", "input2", "target"),
    shape=reduced_loss,
)
op(
    f"{_F}.soft_margin_loss(input, target, {_TAIL})",
    device=iterated("input", "target", exempt=("target",)),
    dtype=follows(),
    shape=reduced_loss,
    checks=(floats_in_place,),
)
op(
    f"{_F}.multilabel_soft_margin_loss(input, target, weight=None, {_TAIL})",
    device=iterated("input", "target", "weight"),
    dtype=promotes("input", "target", "weight"),
    shape=unknown_shape,
    checks=(_LOGITS,),
)
op(
    f"{_F}.multi_margin_loss(input, target, p=1, margin=1.0, weight=None, {_TAIL})",
    device=checked("_multi_margin_loss", self="input", target="target", weight="weight"),
    dtype=follows(),
    shape=class_loss_shape,
    checks=(
        takes("target", "int64", "expected scalar type Long but found {0}", Refusal.TARGET_DTYPE),
        kernel_takes("input", "float32 float64", "multi_margin_loss_cpu_kernel"),
        same_dtypes("input", "weight", text="expected scalar type {0} but found {1}"),
    ),
)
op(
    f"{_F}.multilabel_margin_loss(input, target, {_TAIL})",
    device=checked("_multilabel_margin_loss_forward", self="input", target="target"),
    dtype=follows(),
    shape=class_loss_shape,
)
op(
    f"{_F}.cosine_embedding_loss(input1, input2, target, margin=0, {_TAIL})",
    device=iterated("input1", "input2", "target"),
    dtype=promotes_to_float("input1", "input2"),
    shape=unknown_shape,
)
for _name in (
    "triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False,",
    ("triplet_margin_with_distance_loss(anchor, positive, negative, *, distance_function=None, margin=1.0,swap=False,"),
):
    op(
        f"{_F}.{_name} {_TAIL})",
        device=iterated("anchor", "positive", "negative"),
        dtype=real_float("anchor", "positive", "negative"),
        shape=unknown_shape,
    )
op(
    f"{_F}.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False)",
    device=following("log_probs"),
    dtype=follows("log_probs"),
    shape=ctc_shape,
    checks=(kernel_takes("log_probs", "float32 float64", "ctc_loss_cpu", "ctc_loss_cuda"),),
)
