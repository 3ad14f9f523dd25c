"""Words for Fourier transforms."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.ops.call import Call, DTypeFacet, integers_of
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import scalar_type, tensor_type
from samedevice.ops.words_dtype import follows, promoted_type, promotes_to_float
from samedevice.ops.words_shape import added
from samedevice.values.device import CPU
from samedevice.values.dtype import BFLOAT16, BOOL, FLOAT16, Category, category, complex_of, is_inexact, real_of
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, Dim, Shape, Tensor, Tuple


def no_low_precision(call: Call) -> None:
    """Fourier transforms have no half on the CPU and no bfloat16 at all."""
    tensor = call.tensor("input")
    if tensor is None or tensor.dtype not in (FLOAT16, BFLOAT16):
        return
    if tensor.dtype == BFLOAT16 or tensor.device == CPU:
        call.clash(Refusal.NO_KERNEL, ("input",), f"Unsupported dtype {scalar_type(tensor.dtype)}")


def real_input(call: Call) -> None:
    """rfft and ihfft take no complex input."""
    tensor = call.tensor("input")
    if tensor is not None and category(tensor.dtype) is Category.COMPLEX:
        text = f"{call.short} expects a real input tensor, but got {scalar_type(tensor.dtype)}"
        call.clash(Refusal.NO_KERNEL, ("input",), text)


def real_of_input(call: Call) -> DTypeFacet:
    """The real dtype of the input."""
    dtype, origin = promotes_to_float("input")(call)
    return real_of(dtype), origin


def line(kind: str) -> Callable[[Call], Shape | None]:
    """A transform along one dimension: `full`, `half` (rfft) or `whole` (irfft)."""

    def word(call: Call) -> Shape | None:
        shape, dim = call.shape("input"), call.integer("dim")
        if shape is None or dim is None or not shape:
            return shape and (None,) * len(shape)
        index = dim % len(shape)
        return (*shape[:index], _size(call, kind, shape[index]), *shape[index + 1 :])

    return word


def _size(call: Call, kind: str, own: Dim) -> Dim:
    given = None if call.absent("n") else call.integer("n")
    if not call.absent("n") and given is None:
        return None
    return _length(kind, own, given)


def _length(kind: str, own: Dim, given: int | None) -> Dim:
    """The length of a transformed dimension."""
    if kind == "whole":
        return given if given is not None else 2 * (own - 1) if isinstance(own, int) else None
    size = given if given is not None else own
    if kind == "half":
        return size // 2 + 1 if isinstance(size, int) else None
    return size


def several(kind: str) -> Callable[[Call], Shape | None]:
    """A transform along several dimensions; the last of them is halved or doubled."""

    def word(call: Call) -> Shape | None:
        shape = call.shape("input")
        if shape is None:
            return None
        sizes = None if call.absent("s") else integers_of(call.value("s"))
        dims = _dims(call, len(shape), sizes)
        if dims is None or (sizes is None and not call.absent("s")):
            return (None,) * len(shape)
        found = list(shape)
        for place, dim in enumerate(dims):
            index = dim % len(shape)
            given = sizes[place] if sizes is not None and place < len(sizes) and sizes[place] != -1 else None
            found[index] = _length(kind if place == len(dims) - 1 else "full", shape[index], given)
        return tuple(found)

    return word


def _dims(call: Call, rank: int, sizes: tuple[int, ...] | None) -> tuple[int, ...] | None:
    value = call.value("dim")
    if value == Const(None):
        return tuple(range(rank - len(sizes), rank)) if sizes is not None else tuple(range(rank))
    found = integers_of(value)
    return found if isinstance(value, Tuple | Const) else None


def frequencies(call: Call) -> Shape | None:
    """fftfreq and rfftfreq."""
    count = call.integer("n")
    if count is not None and call.short == "rfftfreq":
        return (count // 2 + 1,)
    return (count,)


def stft_dtype(call: Call) -> DTypeFacet:
    """Complex, in the wider of signal and window."""
    wide = promoted_type(call, "input", "window")
    dtype, origin = follows()(call)
    if call.flag("return_complex") is False:
        return dtype, origin
    if _says_not_what(call):
        return Unknown(Why.NOT_MODELLED), None
    return (complex_of(wide), origin) if not isinstance(wide, Unknown) else (Unknown(Why.NOT_MODELLED), None)


def _says_not_what(call: Call) -> bool:
    """Whether nobody says if the result is complex; of a real signal that is no longer taken for granted."""
    return call.absent("return_complex") and not any(
        category(given.dtype) is Category.COMPLEX for given in call.tensors(("input", "window"))
    )


def stft_says_what(call: Call) -> None:
    """Real signals need `return_complex`."""
    given = call.tensors(("input", "window"))
    if _says_not_what(call) and given and all(is_inexact(one.dtype) for one in given):
        text = "stft requires the return_complex parameter be given for real inputs, and will further require that "
        call.clash(Refusal.ARGUMENT, ("return_complex",), f"{text}return_complex=True in a future PyTorch release.")


def _one_sided(call: Call) -> bool:
    """Whether only half of the frequencies are given: by default for real signals."""
    flag = call.flag("onesided")
    if flag is not None:
        return flag
    return not any(category(given.dtype) is Category.COMPLEX for given in call.tensors(("input", "window")))


def stft_floats(call: Call) -> None:
    """stft takes floating signals; the CPU transforms none of half precision."""
    own = call.tensor("input")
    if own is None or own.dtype == BOOL:
        return
    if is_inexact(own.dtype) is False:
        text = f"stft({_stft_arguments(call, own)}) : expected a tensor of floating point or complex values"
        call.clash(Refusal.FLOAT_NEEDED, ("input",), text)
    elif own.device == CPU and promoted_type(call, "input", "window") in (FLOAT16, BFLOAT16):
        text = f"MKL FFT doesn't support tensors of type: {scalar_type(own.dtype)}"
        call.clash(Refusal.NO_KERNEL, ("input",), text)


def _stft_arguments(call: Call, own: Tensor) -> str:
    size = call.integer("n_fft")
    around = (size or 0) // 2 * 2 if call.flag("center") else 0
    shape = [*own.shape[:-1], added(own.shape[-1], around)] if own.shape else []
    window = call.tensor("window")
    numbers = {
        "n_fft": size,
        "hop_length": call.integer("hop_length") or (size or 0) // 4,
        "win_length": call.integer("win_length") or size,
        "window": f"{tensor_type(window.device, window.dtype)}{{{list(window.shape or ())}}}" if window else None,
        "normalized": int(call.flag("normalized") or 0),
        **{name: _digit(call.flag(name)) for name in ("onesided", "return_complex", "align_to_window")},
    }
    return f"{tensor_type(own.device, own.dtype)}{shape}, " + ", ".join(
        f"{name}={one}" for name, one in numbers.items()
    )


def _digit(flag: bool | None) -> int | None:
    return None if flag is None else int(flag)


def stft_shape(call: Call) -> Shape | None:
    """Frequencies by frames."""
    shape, size = call.shape("input"), call.integer("n_fft")
    if shape is None or size is None or _says_not_what(call):
        return None
    hop = size // 4 if call.absent("hop_length") else call.integer("hop_length")
    bins = size // 2 + 1 if _one_sided(call) else size
    own = shape[-1] if shape else None
    frames: Dim = None
    if isinstance(own, int) and hop:
        padded = added(own, size // 2 * 2 if call.flag("center") else 0)
        frames = (padded - size) // hop + 1 if isinstance(padded, int) else None
    tail: Shape = (2,) if call.flag("return_complex") is False else ()
    return (*shape[:-1], bins, frames, *tail)
