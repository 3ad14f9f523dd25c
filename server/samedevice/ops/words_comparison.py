"""Words for comparisons that give one bool."""

from __future__ import annotations

from samedevice.ops.call import Call
from samedevice.ops.words_check import same_dtypes
from samedevice.ops.words_device import checked, iterated
from samedevice.values.value import Scalar, Value

_same = same_dtypes("input", "other", text="{0} did not match {1}")


def all_close(call: Call) -> Value:
    """torch.allclose."""
    iterated("input", "other")(call)
    if not call.clashes:
        _same(call)
    return Scalar("bool")


def equal(call: Call) -> Value:
    """torch.equal."""
    checked("_equal", self="input", other="other")(call)
    return Scalar("bool")
