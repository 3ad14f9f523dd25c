"""Results that are written into a tensor that is there already: `add_`, `out=`."""

from __future__ import annotations

from samedevice.dataclass import replace
from samedevice.ops.call import Call
from samedevice.ops.outcome import Refusal
from samedevice.ops.row import Made
from samedevice.ops.texts import device_name, scalar_type, words
from samedevice.ops.words_shape import known_sizes
from samedevice.values.device import Same, compare
from samedevice.values.dtype import AnyDType, can_cast
from samedevice.values.value import Shape, Tensor, Tuple, Value

_RESHAPING = frozenset(
    words("""squeeze_ unsqueeze_ t_ transpose_ swapaxes_ swapdims_ as_strided_ resize_ resize_as_ set_""")
)
"""In-place methods whose result is of another shape."""


def into_receiver(call: Call, made: Made) -> Value:
    """The receiver after an in-place op."""
    receiver = call.value("input")
    if not isinstance(receiver, Tensor):
        return receiver
    _check_cast(call, "input", made.dtype, receiver.dtype)
    shape = made.shape if call.short in _RESHAPING else receiver.shape
    if call.short not in _RESHAPING and not call.clashes:
        _check_fits(call, receiver.shape, made.shape)
    grad = True if receiver.requires_grad else made.tensor().requires_grad
    grown = grad is not receiver.requires_grad
    return replace(
        receiver,
        shape=shape,
        data=None,
        requires_grad=grad,
        leaf=(None if grad is None else not grad) if grown else receiver.leaf,
    )


def into_out(call: Call, made: Made) -> Value:
    """The `out=` argument after an op wrote into it."""
    out = call.value("out")
    if isinstance(out, Tuple):
        return replace(out, fields=("values", "indices") if len(out.items) == 2 else ())
    if not isinstance(out, Tensor):
        return made.tensor()
    if not call.clashes:
        same = compare(made.device, out.device)
        if same in (Same.NO, Same.UNLESS_CPU):
            names = [given.label for given in call.tensors(call.arguments) if given.label != "out"][:1]
            if not names:
                return replace(out, shape=made.shape, data=None)  # a factory without a device makes it where `out` is
            call.clash(
                Refusal.DEVICE,
                (*names, "out"),
                "Expected all tensors to be on the same device, but found at least two devices, "
                f"{device_name(made.device)} and {device_name(out.device)}!",
                certain=same is Same.NO,
            )
        _check_cast(call, "out", made.dtype, out.dtype)
    return replace(out, shape=made.shape, data=None)


def _check_cast(call: Call, name: str, source: AnyDType, target: AnyDType) -> None:
    if can_cast(source, target) is False:
        text = f"result type {scalar_type(source)} can't be cast to the desired output type {scalar_type(target)}"
        call.clash(Refusal.INPLACE, (name, *_other(call, name)), text)


def _other(call: Call, name: str) -> list[str]:
    """The first operand besides the one that is written to."""
    return [given.label for given in call.tensors(call.arguments) if given.label != name][:1]


def _check_fits(call: Call, shape: Shape | None, result: Shape | None) -> None:
    """Refuse a result that is larger than the tensor it is written into."""
    mine, its = known_sizes(shape), known_sizes(result)
    if mine is None or its is None or mine == its:
        return
    call.clash(
        Refusal.SHAPE,
        ("input", *_other(call, "input")),
        f"output with shape {list(mine)} doesn't match the broadcast shape {list(its)}",
    )
