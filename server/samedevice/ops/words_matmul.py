"""Words for products of matrices and vectors, which promote nothing."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.ops.call import Call, DeviceFacet, DTypeFacet
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import c_type, scalar_type
from samedevice.ops.words_check import same_dtypes, surely_differ
from samedevice.ops.words_device import checked
from samedevice.ops.words_dtype import NOT_KNOWN
from samedevice.ops.words_shape import broadcast_shapes
from samedevice.values.device import Device
from samedevice.values.dtype import is_inexact
from samedevice.values.unknown import Unknown
from samedevice.values.value import Shape, Tensor


def first_known(*names: str) -> Callable[[Call], DTypeFacet]:
    """The dtype that all operands must have: that of the first that is known."""

    def word(call: Call) -> DTypeFacet:
        for given in call.tensors(names):
            if given.tensor is not None and not isinstance(given.dtype, Unknown):
                return given.dtype, given.tensor.dtype_from
        return NOT_KNOWN

    return word


def matmul_device(call: Call) -> DeviceFacet:
    """The kernel that torch.matmul picks by rank names the argument."""
    first, second = call.shape("input"), call.shape("other")
    if first is not None and second is not None:
        if len(first) == 1 and len(second) == 1:
            return checked("_dot", self="input", tensor="other")(call)
        if len(second) == 1:
            return checked("addmv_", mat="input", vec="other")(call)
        if len(first) == 1:
            return checked("mm", self="input", mat2="other")(call)
        if len(first) > 2 and len(second) > 2:
            return checked("bmm", self="input", mat2="other")(call)
    return checked("mm", self="input", mat2="other")(call)


def on_cpu(tensor: Tensor) -> bool:
    """Whether a tensor is surely on the CPU, where some texts differ."""
    return isinstance(tensor.device, Device) and tensor.device.kind == "cpu"


def matmul_dtypes(call: Call) -> None:
    """Two operands of torch.matmul, mm, mv or dot must be of one dtype."""
    names = [name for name in call.arguments if name != "out"][:2]
    operands = call.tensors(names)
    if len(operands) < 2 or not surely_differ(operands[0].dtype, operands[1].dtype):
        return
    first, second = operands[0].tensor, operands[1].tensor
    if first is None or second is None:
        return
    call.clash(Refusal.DTYPE, (operands[0].label, operands[1].label), _matmul_text(first, second))


def floats_on_cuda(call: Call) -> None:
    """CUDA multiplies no matrices of integers or bools."""
    operands = [given.tensor for given in call.tensors([name for name in call.arguments if name != "out"][:2])]
    first, second = operands if len(operands) == 2 else (None, None)
    if call.clashes or first is None or second is None or first.dtype != second.dtype:
        return
    if not isinstance(first.device, Device) or first.device.kind != "cuda" or is_inexact(first.dtype) is not False:
        return
    ranks = [len(tensor.shape) if tensor.shape is not None else None for tensor in (first, second)]
    if None in ranks or 0 in ranks or any(0 in (tensor.shape or ()) for tensor in (first, second)):
        return
    kernel = {(False, False): "dot", (True, False): "addmv_impl_cuda"}.get((ranks[0] != 1, ranks[1] != 1), "addmm_cuda")
    if 1 not in ranks and 2 not in ranks:
        kernel = "baddbmm_cuda"
    text = f"\"{kernel}\" not implemented for '{scalar_type(first.dtype)}'"
    call.clash(Refusal.FLOAT_NEEDED, ("input",), text, error="NotImplementedError")


def _matmul_text(first: Tensor, second: Tensor) -> str:
    ranks = (len(first.shape) if first.shape is not None else 2, len(second.shape) if second.shape is not None else 2)
    if ranks == (1, 1):
        one, other = scalar_type(first.dtype), scalar_type(second.dtype)
        return f"dot : expected both vectors to have same dtype, but found {one} and {other}"
    if ranks[0] > 1 and ranks[1] == 1:
        one, other = scalar_type(first.dtype), scalar_type(second.dtype)
        return f"addmv input tensors must have the same dtype, but got {other}, {one}, and {other}"
    if ranks[1] > 2:
        return f"expected scalar type {scalar_type(first.dtype)} but found {scalar_type(second.dtype)}"
    which = "m1 and m2" if on_cpu(first) else "mat1 and mat2"
    return f"expected {which} to have the same dtype, but got: {c_type(first.dtype)} != {c_type(second.dtype)}"


def matmul_shape(call: Call) -> Shape | None:
    """torch.matmul: vectors, matrices and batches of them."""
    first, second = call.shape("input"), call.shape("other")
    if first is None or second is None or not first or not second:
        return None
    left = (1, *first) if len(first) == 1 else first
    right = (*second, 1) if len(second) == 1 else second
    _check_inner(call, left, right)
    batch = broadcast_shapes((left[:-2], right[:-2]))
    if batch is None:
        return None
    rows = () if len(first) == 1 else (left[-2],)
    columns = () if len(second) == 1 else (right[-1],)
    return (*batch, *rows, *columns)


def _check_inner(call: Call, left: Shape, right: Shape) -> None:
    """Refuse sizes that surely do not multiply."""
    inner, other = left[-1], right[-2]
    if not isinstance(inner, int) or not isinstance(other, int) or inner == other:
        return
    rows = _rows(left)
    text = f"mat1 and mat2 shapes cannot be multiplied ({rows}x{inner} and {other}x{right[-1]})"
    names = [name for name in call.arguments if name != "out"][:2]
    call.clash(Refusal.SHAPE, names, text)


def _rows(shape: Shape) -> int | str:
    """The rows of a batch seen as one matrix."""
    found = 1
    for dim in shape[:-1]:
        if not isinstance(dim, int):
            return "?"
        found *= dim
    return found


def mm_shape(first: str, second: str) -> Callable[[Call], Shape | None]:
    """A product of two matrices, or of two batches of them."""

    def word(call: Call) -> Shape | None:
        left, right = call.shape(first), call.shape(second)
        if left is None or right is None or len(left) < 2 or len(right) < 2:
            return None
        _check_inner(call, left, right)
        return (*left[:-2], left[-2], right[-1])

    return word


def mv_shape(first: str, second: str) -> Callable[[Call], Shape | None]:
    """A matrix times a vector."""

    def word(call: Call) -> Shape | None:
        matrix = call.shape(first)
        return (matrix[0],) if matrix is not None and len(matrix) == 2 else (None,)

    return word


def outer_shape(first: str, second: str) -> Callable[[Call], Shape | None]:
    """Every element of one vector with every one of another."""

    def word(call: Call) -> Shape | None:
        left, right = call.shape(first), call.shape(second)
        return ((left or (None,))[0], (right or (None,))[0])

    return word


def added_dtypes(call: Call) -> None:
    """torch.addmm and torch.addbmm: three operands of one dtype."""
    bias, first, second = (call.tensor(name) for name in list(call.arguments)[:3])
    labels = list(call.arguments)[:3]
    if second is None:
        return
    for number, tensor, word in ((0, bias, "self"), (1, first, "mat1")):
        if tensor is not None and surely_differ(tensor.dtype, second.dtype):
            one, other = scalar_type(tensor.dtype), scalar_type(second.dtype)
            text = f"{word} and mat2 must have the same dtype, but got {one} and {other}"
            call.clash(Refusal.DTYPE, (labels[number], labels[2]), text)
            return


def addmv_dtypes(call: Call) -> None:
    """torch.addmv: three operands of one dtype; before 2.12 the one that is added was cast."""
    operands = call.tensors(("input", "mat", "vec"))
    if len(operands) != 3:
        return
    for given in operands[:2] if call.since(2, 12) else operands[1:2]:
        if surely_differ(given.dtype, operands[2].dtype):
            one, two, three = (scalar_type(operand.dtype) for operand in operands)
            text = f"addmv input tensors must have the same dtype, but got {one}, {two}, and {three}"
            call.clash(Refusal.DTYPE, (given.label, "vec"), text)
            return


def linear_dtypes(call: Call) -> None:
    """F.linear: input, weight and bias of one dtype."""
    given, weight, bias = call.tensor("input"), call.tensor("weight"), call.tensor("bias")
    if given is None or weight is None:
        return
    if bias is not None and surely_differ(bias.dtype, weight.dtype):
        one, other = scalar_type(bias.dtype), scalar_type(weight.dtype)
        text = f"self and mat2 must have the same dtype, but got {one} and {other}"
        call.clash(Refusal.DTYPE, ("weight", "bias"), text)
    elif surely_differ(given.dtype, weight.dtype):
        if call.absent("bias"):
            text = _matmul_text(given, Tensor(weight.device, weight.dtype))
        else:
            one, other = scalar_type(given.dtype), scalar_type(weight.dtype)
            text = f"mat1 and mat2 must have the same dtype, but got {one} and {other}"
        call.clash(Refusal.DTYPE, ("input", "weight"), text)


def linear_device(call: Call) -> DeviceFacet:
    """F.linear is addmm with a bias and mm without."""
    if call.absent("bias"):
        return checked("mm", self="input", mat2="weight")(call)
    return checked("addmm", self="bias", mat1="input", mat2="weight")(call)


def linear_shape(call: Call) -> Shape | None:
    """F.linear: the last size becomes the weight's first."""
    given, weight = call.shape("input"), call.shape("weight")
    if given is None or not given:
        return None
    if weight is None or len(weight) != 2:
        return (*given[:-1], None) if weight is None else given[:-1]
    left = (1, *given) if len(given) == 1 else given
    _check_inner(call, left, (weight[1], weight[0]))
    return (*given[:-1], weight[0])


def kron_shape(call: Call) -> Shape | None:
    """The product of all sizes."""
    first, second = call.shape("input"), call.shape("other")
    if first is None or second is None:
        return None
    length = max(len(first), len(second))
    left, right = (1,) * (length - len(first)) + first, (1,) * (length - len(second)) + second
    return tuple(
        one * other if isinstance(one, int) and isinstance(other, int) else None
        for one, other in zip(left, right, strict=True)
    )


def inner_shape(call: Call) -> Shape | None:
    """torch.inner: all but the last dimension of both."""
    first, second = call.shape("input"), call.shape("other")
    if first is None or second is None:
        return None
    if not first or not second:
        return first or second
    return (*first[:-1], *second[:-1])


def inner_dtypes(call: Call) -> None:
    """torch.inner of vectors and matrices promotes nothing; of a number it multiplies."""
    if call.shape("input") and call.shape("other"):
        same_dtypes("input", "other", text="both inputs should have same dtype")(call)
