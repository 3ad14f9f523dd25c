"""Words for methods that write numbers into their receiver, and for the old `Tensor.new`."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.dataclass import replace
from samedevice.ops.call import Call
from samedevice.ops.kernels import check_kernel
from samedevice.ops.words_creation import inferred_shape
from samedevice.values.value import Array, Many, Shape, Tensor, Tuple, Value


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
    tensor, data = call.required("input"), call.value("data")
    shape: Shape | None = call.sizes("data")
    if isinstance(data, Tuple) and len(data.items) == 1 and isinstance(data.items[0], Array | Tensor | Tuple | Many):
        shape = inferred_shape(data.items[0])
    elif isinstance(data, Tuple) and data.type == "list":
        shape = inferred_shape(data)
    return Tensor(tensor.device, tensor.dtype, shape, device_from=tensor.device_from, dtype_from=tensor.dtype_from)
