"""Rows: Fourier transforms and windows."""

from __future__ import annotations

from samedevice.ops.outcome import Refusal
from samedevice.ops.row import op
from samedevice.ops.texts import words
from samedevice.ops.words_creation import empty_result
from samedevice.ops.words_device import following, given_device, refused_text
from samedevice.ops.words_dtype import complex_of_input, follows, given_dtype, real_part
from samedevice.ops.words_fft import (
    frequencies,
    line,
    no_low_precision,
    real_input,
    real_of_input,
    several,
    stft_dtype,
    stft_floats,
    stft_says_what,
    stft_shape,
)
from samedevice.ops.words_shape import like, of_sizes

for _name, _kind in {
    "fft": "full",
    "ifft": "full",
    "rfft": "half",
    "irfft": "whole",
    "hfft": "whole",
    "ihfft": "half",
}.items():
    _dtype = real_of_input if _kind == "whole" else complex_of_input
    _checks = (no_low_precision, real_input) if _kind == "half" else (no_low_precision,)
    op(
        f"torch.fft.{_name}(input, n=None, dim=-1, norm=None, *, out=None)",
        device=following(),
        dtype=_dtype,
        shape=line(_kind),
        checks=_checks,
    )
    op(
        f"torch.fft.{_name}2(input, s=None, dim=(-2, -1), norm=None, *, out=None)",
        device=following(),
        dtype=_dtype,
        shape=several(_kind),
        checks=_checks,
    )
    op(
        f"torch.fft.{_name}n(input, s=None, dim=None, norm=None, *, out=None)",
        device=following(),
        dtype=_dtype,
        shape=several(_kind),
        checks=_checks,
    )
for _name in ["fftshift", "ifftshift"]:
    op(f"torch.fft.{_name}(input, dim=None)", device=following(), dtype=follows(), shape=like())
for _name in ["fftfreq", "rfftfreq"]:
    op(
        f"torch.fft.{_name}(n, d=1.0, *, out=None, dtype=None, layout=None, device=None, requires_grad=False)",
        device=given_device,
        dtype=given_dtype,
        shape=frequencies,
        result=empty_result,
    )
op(
    "torch.stft(input, n_fft, hop_length=None, win_length=None, window=None, center=True, pad_mode='reflect',"
    "normalized=False, onesided=None, return_complex=None, align_to_window=None)",
    device=refused_text(
        Refusal.DEVICE,
        "stft input and window must be on the same device but got self on {input} and window on {window}",
        "input",
        "window",
    ),
    dtype=stft_dtype,
    shape=stft_shape,
    checks=(stft_floats, stft_says_what),
)
op(
    "torch.istft(input, n_fft, hop_length=None, win_length=None, window=None, center=True, normalized=False,"
    "onesided=None, length=None, return_complex=False)",
    device=refused_text(
        Refusal.DEVICE,
        "istft input and window must be on the same device but got self on {input} and window on {window}",
        "input",
        "window",
    ),
    dtype=real_part,
    shape=lambda call: None if call.shape("input") is None else (*(call.shape("input") or ())[:-2], None),
)
for _name in words(
    """bartlett blackman cosine exponential gaussian general_cosine general_hamming hamming hann kaiser nuttall"""
):
    op(
        f"torch.signal.windows.{_name}(M, *, a=None, std=1.0, tau=1.0, alpha=0.54, beta=12.0, center=None, sym=True,"
        "dtype=None, layout=None, device=None, requires_grad=False)",
        device=given_device,
        dtype=given_dtype,
        shape=of_sizes("M"),
        result=empty_result,
    )
