"""Words for losses: their targets, weights and reductions."""

from __future__ import annotations

from samedevice.ops.call import Call, DeviceFacet, DTypeFacet
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import c_type, scalar_type
from samedevice.ops.words_check import surely_differ
from samedevice.ops.words_device import checked, iterated
from samedevice.ops.words_dtype import follows, promotes, promotes_to_float
from samedevice.ops.words_shape import broadcast_shapes, known_sizes
from samedevice.values.device import CPU
from samedevice.values.dtype import BOOL, INT64, UINT8, Category, DType, category, is_inexact
from samedevice.values.unknown import Unknown
from samedevice.values.value import Shape

_MEAN = "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: "


def reduced_loss(call: Call) -> Shape | None:
    """A number, or with reduction="none" what the arguments broadcast to."""
    reduction = call.text("reduction")
    if reduction is None:
        return None
    if reduction != "none":
        return ()
    names = list(call.arguments)[:2]
    return broadcast_shapes([call.shape(name) for name in names])


def class_loss_shape(call: Call) -> Shape | None:
    """A number, or with reduction="none" one for each sample."""
    reduction = call.text("reduction")
    if reduction is None:
        return None
    if reduction != "none":
        return ()
    shape = call.shape("input")
    if shape is None:
        return call.shape("target")
    return (shape[0], *shape[2:]) if len(shape) > 1 else ()


def with_probabilities(call: Call) -> bool | None:
    """Whether the target of cross_entropy holds probabilities, which have the input's shape."""
    own, target = call.shape("input"), call.shape("target")
    tensor = call.tensor("target")
    if own is not None and target is not None:
        if len(own) != len(target):
            return False
        return True if own == target and len(own) > 1 else None
    if tensor is not None and is_inexact(tensor.dtype):
        return None
    return None


def class_target(call: Call) -> None:
    """Class indices are int64 or uint8; probabilities are floating."""
    own, target = call.tensor("input"), call.tensor("target")
    if own is None or target is None or not isinstance(target.dtype, DType):
        return
    probabilities = with_probabilities(call) if call.short == "cross_entropy" else False
    if probabilities:
        if is_inexact(target.dtype) is False:
            text = f"Expected floating point type for target with class probabilities, got {scalar_type(target.dtype)}"
            call.clash(Refusal.TARGET_DTYPE, ("target",), text)
        return
    fits = target.dtype in (INT64, UINT8)
    if fits or (probabilities is None and is_inexact(target.dtype)):
        return
    text = f"expected target dtype to be Long or Byte, but got {scalar_type(target.dtype)}"
    if not call.since(2, 12) and target.device != CPU:
        kernel = "2d_index" if len(call.shape("input") or ()) in (0, 2) else "index"
        text = f"\"nll_loss_forward_reduce_cuda_kernel_{kernel}\" not implemented for '{scalar_type(target.dtype)}'"
    call.clash(Refusal.TARGET_DTYPE, ("target",), text)


def class_weight(call: Call) -> None:
    """The weight of class losses has the input's dtype."""
    own, weight = call.tensor("input"), call.tensor("weight")
    if own is None or weight is None or with_probabilities(call) is not False:
        return
    if surely_differ(own.dtype, weight.dtype):
        text = f"expected scalar type {scalar_type(own.dtype)} but found {scalar_type(weight.dtype)}"
        call.clash(Refusal.DTYPE, ("input", "weight"), text)


def class_loss_dtype(call: Call) -> DTypeFacet:
    """The input's dtype; probabilities promote."""
    probabilities = with_probabilities(call)
    if probabilities is False:
        return follows()(call)
    if probabilities:
        return promotes("input", "target", "weight")(call)
    target = call.tensor("target")
    if target is not None and is_inexact(target.dtype) is False:
        return follows()(call)
    return promotes("input", "target")(call)


def class_loss_device(call: Call) -> DeviceFacet:
    """Input, target and weight on one device."""
    if call.short == "cross_entropy" and with_probabilities(call):
        return iterated("input", "target", "weight")(call)
    shape = call.shape("input")
    kernel = "_nll_loss2d_forward" if shape is not None and len(shape) > 2 else "nll_loss_forward"
    return checked(kernel, self="input", target="target", weight="weight")(call)


def bce_target(call: Call) -> None:
    """binary_cross_entropy wants the input's dtype."""
    own, target = call.tensor("input"), call.tensor("target")
    if own is None or target is None or not surely_differ(own.dtype, target.dtype):
        return
    text = f"Found dtype {scalar_type(target.dtype)} but expected {scalar_type(own.dtype)}"
    call.clash(Refusal.TARGET_DTYPE, ("input", "target"), text)


def logits_target(call: Call) -> None:
    """binary_cross_entropy_with_logits computes in the target's dtype."""
    own, target = call.tensor("input"), call.tensor("target")
    if target is None or is_inexact(target.dtype) is not False:
        return
    if target.dtype == BOOL:
        text = (
            "Subtraction, the `-` operator, with two bool tensors is not supported. "
            "Use the `^` or `logical_xor()` operator instead."
        )
    else:
        text = f"result type Float can't be cast to the desired output type {scalar_type(target.dtype)}"
    if own is not None and is_inexact(own.dtype):
        call.clash(Refusal.TARGET_DTYPE, ("target",), text)


def same_size(call: Call) -> None:
    """Binary losses want input and target of one size."""
    own, target = known_sizes(call.shape("input")), known_sizes(call.shape("target"))
    if own is None or target is None or own == target:
        return
    mine, its = f"torch.Size({list(own)})", f"torch.Size({list(target)})"
    if call.short == "binary_cross_entropy":
        text = (
            f"Using a target size ({its}) that is different to the input size ({mine}) is deprecated. "
            "Please ensure they have the same size."
        )
    else:
        text = f"Target size ({its}) must be the same as input size ({mine})"
    call.clash(Refusal.SHAPE, ("input", "target"), text, error="ValueError")


def no_integer_target(call: Call) -> None:
    """kl_div takes no integers."""
    for name in ("input", "target"):
        tensor = call.tensor(name)
        if tensor is not None and is_inexact(tensor.dtype) is False:
            call.clash(Refusal.TARGET_DTYPE, (name,), "kl_div: Integral inputs not supported.")
            return


def huber_dtype(call: Call) -> DTypeFacet:
    """The input's dtype, whatever the target's."""
    dtype, origin = follows()(call)
    if category(dtype) is Category.INTEGER and not isinstance(dtype, Unknown):
        return promotes("input", "target")(call)
    return dtype, origin


def ctc_shape(call: Call) -> Shape | None:
    """A number, or with reduction="none" one for each sample."""
    reduction, shape = call.text("reduction"), call.shape("log_probs")
    if reduction != "none":
        return () if reduction else None
    return None if shape is None else (shape[1],) if len(shape) == 3 else ()


def class_input(call: Call) -> None:
    """Class losses have no kernel for integer scores."""
    own = call.tensor("input")
    if own is None or is_inexact(own.dtype) is not False:
        return
    last = "_lastdim" if len(own.shape or ()) <= 2 else ""
    kernel = "host_softmax" if own.device != CPU else f"log_softmax{last}_kernel_impl"
    if call.short == "nll_loss":
        kernel = "nll_loss_out_frame" if own.device == CPU else "nll_loss_forward_reduce_cuda_kernel_2d"
    text = f"\"{kernel}\" not implemented for '{scalar_type(own.dtype)}'"
    call.clash(Refusal.FLOAT_NEEDED, ("input",), text, error="NotImplementedError")


def mean_of_floats(call: Call) -> None:
    """The mean of integer differences is refused."""
    dtype, _ = promotes("input", "target")(call)
    if call.text("reduction") == "mean" and is_inexact(dtype) is False:
        call.clash(Refusal.FLOAT_NEEDED, ("input", "target"), f"{_MEAN}{scalar_type(dtype)}")


def written_into_input(call: Call) -> None:
    """huber_loss writes the difference into a tensor of the input's dtype."""
    own, (dtype, _) = call.tensor("input"), promotes("input", "target")(call)
    if own is not None and is_inexact(own.dtype) is False and is_inexact(dtype):
        _cannot_cast(call, ("input", "target"), scalar_type(dtype), scalar_type(own.dtype))


def floats_in_place(call: Call) -> None:
    """soft_margin_loss computes in place of the negated input."""
    own = call.tensor("input")
    if own is not None and own.dtype == BOOL:
        text = (
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, "
            "use the `~` or `logical_not()` operator instead."
        )
        call.clash(Refusal.FLOAT_NEEDED, ("input",), text)
    elif own is not None and category(own.dtype) is Category.INTEGER:
        dtype, _ = promotes_to_float("input", "target")(call)
        _cannot_cast(call, ("input",), scalar_type(dtype), scalar_type(own.dtype))


def clamped_variance(call: Call) -> None:
    """gaussian_nll_loss clamps the variance in place by a float."""
    variance = call.tensor("var")
    if variance is not None and is_inexact(variance.dtype) is False:
        _cannot_cast(call, ("var",), "Float", c_type(variance.dtype))


def _cannot_cast(call: Call, names: tuple[str, ...], result: str, target: str) -> None:
    text = f"result type {result} can't be cast to the desired output type {target}"
    call.clash(Refusal.FLOAT_NEEDED, names, text)


def mean_of_input(call: Call) -> None:
    """hinge_embedding_loss averages numbers of the input's dtype."""
    own = call.tensor("input")
    if own is not None and category(own.dtype) is Category.INTEGER and call.text("reduction") == "mean":
        call.clash(Refusal.FLOAT_NEEDED, ("input",), f"{_MEAN}{scalar_type(own.dtype)}")


def mse_target(call: Call) -> None:
    """mse_loss differentiates a target of another dtype from 2.12 on."""
    if not call.since(2, 12):
        huber_target(call)


def huber_target(call: Call) -> None:
    """huber_loss takes a target of another dtype, but its gradient does not."""
    own, target = call.tensor("input"), call.tensor("target")
    if own is None or target is None or not call.context.grad:
        return
    if (own.requires_grad or target.requires_grad) and surely_differ(own.dtype, target.dtype):
        text = f"Found dtype {scalar_type(target.dtype)} but expected {scalar_type(own.dtype)}"
        call.clash(Refusal.TARGET_DTYPE, ("input", "target"), text)
