"""Which PyTorch is meant: what older versions say in other words. What they do otherwise, words ask `Call.since`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from samedevice.dataclass import replace
from samedevice.ops.outcome import NEWEST, Clash, Version

_SOFTMAX = r'"log_softmax_kernel_impl" not implemented'
_RNN = (
    r"ValueError: RNN input dtype \((\S+)\) does not match weight dtype \((\S+)\)\. Convert input: input\.to\(\S+\), "
    r"or convert model: model\.to\(\S+\)"
)
_ADDMV = r"addmv input tensors must have the same dtype, but got \w+, (\w+), and (\w+)"
_OLDER: tuple[tuple[Version, str, str], ...] = (
    (
        (2, 12),
        _ADDMV,
        r"expected scalar type \1 but found \2",
    ),
    ((2, 12), r"expected target dtype to be Long or Byte, but got (\w+)", r"expected scalar type Long but found \1"),
    ((2, 8), r'^NotImplementedError: ("\w+" not implemented for )', r"RuntimeError: \1"),
    ((2, 8), r"^NotImplementedError: ((?:Unlike NumPy, torch\.sign|trunc is not supported) )", r"RuntimeError: \1"),
    ((2, 9), _SOFTMAX, '"softmax_kernel_impl" not implemented'),
    ((2, 9), r'"softshrink_check"', '"softshrink_cpu"'),
    ((2, 9), r"cannot be converted to type c10::", "cannot be converted to type at::"),
    ((2, 8), r"(gather|scatter)\(\): Expected dtype int32/int64", r"\1(): Expected dtype int64"),
    ((2, 9), _RNN, r"ValueError: input must have the type \2, got type \1"),
    ((2, 5), r"only applicable to index tensor of type LongTensor\.", "only applicable to index tensor."),
)
"""Before a version, what it prints now was printed so."""


def parsed(text: str | None) -> Version:
    """`2.6.0+cu124` as (2, 6); the newest known for None."""
    found = re.match(r"(\d+)\.(\d+)", text or "")
    return (int(found[1]), int(found[2])) if found else NEWEST


def in_words_of(version: Version, clashes: Sequence[Clash]) -> tuple[Clash, ...]:
    """Clashes with the texts that a version prints."""
    if version >= NEWEST:
        return tuple(clashes)
    return tuple(replace(clash, text=text_of(version, clash.text)) for clash in clashes)


def text_of(version: Version, text: str) -> str:
    """What a version prints where the newest prints this."""
    for before, now, then in _OLDER:
        if version < before:
            text = re.sub(now, then, text)
    return text
