"""Words for methods that write numbers into their receiver, and for the old `Tensor.new`."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.dataclass import replace
from samedevice.ops.call import Call
from samedevice.ops.kernels import check_kernel
from samedevice.ops.words_creation import legacy_shape
from samedevice.values.value import Tensor, Value


def filling(*checks: Callable[[Call], None]) -> Callable[[Call], Value]:
    """The receiver, filled with numbers."""

    def word(call: Call) -> Value:
        for check in checks:
            check(call)
        check_kernel(call)
        return replace(call.required("input"), data=None)

    return word


def legacy_new(call: Call) -> Value:
    """Tensor.new: device and dtype of the receiver, from sizes or data."""
    tensor, shape = call.required("input"), legacy_shape(call.value("data"))
    return Tensor(tensor.device, tensor.dtype, shape, device_from=tensor.device_from, dtype_from=tensor.dtype_from)
