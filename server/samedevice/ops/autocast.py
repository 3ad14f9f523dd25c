"""Which ops autocast runs in its own dtype, in float32, or in the widest dtype of their operands."""

from __future__ import annotations

from samedevice.dataclass import replace
from samedevice.ops.call import Call
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import words
from samedevice.values.device import Device, SymDevice
from samedevice.values.dtype import FLOAT32, AnyDType, DType, is_floating, promote
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import How, Many, Origin, Tensor, Tuple, Value

_LOWER = frozenset(
    words(
        """addbmm addmm addmv addr baddbmm bmm chain_matmul conv1d conv2d conv3d conv_tbc conv_transpose1d
    conv_transpose2d conv_transpose3d convolution einsum gru_cell linear lstm_cell matmul mm multi_dot mv prelu
    rnn_relu_cell rnn_tanh_cell scaled_dot_product_attention vecdot lstm gru rnn_tanh rnn_relu multi_dot
    __matmul__ __rmatmul__"""
    )
)
_FLOAT32 = frozenset(
    words(
        """acos arccos asin arcsin cosh erfinv exp expm1 log log10 log1p log2 reciprocal rsqrt sinh tan pow float_power
    softplus layer_norm group_norm frobenius_norm nuclear_norm cosine_similarity poisson_nll_loss
    cosine_embedding_loss nll_loss hinge_embedding_loss kl_div l1_loss smooth_l1_loss huber_loss mse_loss
    margin_ranking_loss multilabel_margin_loss soft_margin_loss triplet_margin_loss multi_margin_loss
    binary_cross_entropy_with_logits dist pdist cdist renorm logsumexp interpolate upsample rms_norm softmax
    log_softmax cumprod cumsum prod sum vector_norm matrix_norm norm cross_entropy softmin gaussian_nll_loss
    __pow__ __rpow__"""
    )
)
_WIDEST = frozenset(
    words(
        """addcdiv addcmul atan2 arctan2 bilinear cross dot grid_sample index_put scatter_add tensordot vdot cat concat
    concatenate stack hstack vstack dstack"""
    )
)
_CPU_LOWER = frozenset(
    words(
        """addbmm addmm baddbmm bmm chain_matmul conv1d conv2d conv3d conv_tbc conv_transpose1d conv_transpose2d
    conv_transpose3d linear matmul mm vecdot scaled_dot_product_attention lstm gru rnn_tanh rnn_relu einsum
    prelu __matmul__ __rmatmul__"""
    )
)
_CPU_FLOAT32 = frozenset(
    words(
        """avg_pool3d binary_cross_entropy binary_cross_entropy_with_logits cdist cosine_embedding_loss ctc_loss
    grid_sample hinge_embedding_loss huber_loss kl_div l1_loss margin_ranking_loss mse_loss multi_margin_loss
    multilabel_margin_loss nll_loss poisson_nll_loss prod quantile nanquantile smooth_l1_loss soft_margin_loss
    stft trace triplet_margin_loss cross_entropy polar view_as_complex"""
    )
)
_CPU_WIDEST = frozenset(words("cat concat concatenate stack index_copy hstack vstack dstack"))
_BANNED = (
    "torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to autocast.\n"
    "Many models use a sigmoid layer right before the binary cross entropy layer.\n"
    "In this case, combine the two layers using torch.nn.functional.binary_cross_entropy_with_logits\n"
    "or torch.nn.BCEWithLogitsLoss.  binary_cross_entropy_with_logits and BCEWithLogits are\n"
    "safe to autocast."
)


def apply(call: Call) -> None:
    """Cast the operands of a call as autocast does."""
    target = call.context.autocast
    if target is None:
        return
    cpu = call.context.autocast_device == "cpu"
    name = call.short
    if not cpu and name == "binary_cross_entropy" and isinstance(target, DType):
        if any(_eligible(given.tensor, call) for given in call.tensors(("input",))):
            call.clash(Refusal.ARGUMENT, ("input",), _BANNED)
        return
    if name in (_CPU_LOWER if cpu else _LOWER):
        _cast(call, target)
    elif name in (_CPU_FLOAT32 if cpu else _FLOAT32):
        _cast(call, FLOAT32 if isinstance(target, DType) else target)
    elif name in (_CPU_WIDEST if cpu else _WIDEST):
        _cast(call, _widest(call))


def _eligible(tensor: Tensor | None, call: Call) -> bool | None:
    """Whether autocast touches a tensor: floating, not float64, on the device of the region."""
    if tensor is None:
        return None
    if is_floating(tensor.dtype) is False or tensor.dtype == DType("float64"):
        return False
    match tensor.device:
        case Device(kind=kind):
            here = kind == call.context.autocast_device
        case SymDevice():
            here = True
        case _:
            return None
    return here if not here or is_floating(tensor.dtype) else None


def _widest(call: Call) -> AnyDType:
    """The widest dtype among eligible operands."""
    found: AnyDType | None = None
    for given in call.tensors(call.arguments):
        if given.tensor is not None and _eligible(given.tensor, call):
            found = given.dtype if found is None else promote(found, given.dtype)
    return found if found is not None else Unknown(Why.NOT_MODELLED)


def _cast(call: Call, target: AnyDType) -> None:
    origin = Origin(How.AUTOCAST, f"cast by autocast for {call.name}")
    for name, value in call.arguments.items():
        if name != "out" and isinstance(value, Tensor | Tuple | Many):
            call.arguments[name] = _cast_value(call, value, target, origin)


def _cast_value(call: Call, value: Value, target: AnyDType, origin: Origin) -> Value:
    if isinstance(value, Tuple):
        return replace(value, items=tuple(_cast_value(call, item, target, origin) for item in value.items))
    if isinstance(value, Many):
        return replace(value, item=_cast_value(call, value.item, target, origin))
    if not isinstance(value, Tensor):
        return value
    eligible = _eligible(value, call)
    if eligible is False or value.dtype == target:
        return value
    if eligible is None:
        return replace(value, dtype=Unknown(Why.NOT_MODELLED), dtype_from=None)
    return replace(value, dtype=target, dtype_from=origin)
