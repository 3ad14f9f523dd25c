"""Words for products over named dimensions: torch.einsum, torch.tensordot."""

from __future__ import annotations

from samedevice.ops.call import Call, DeviceFacet, DTypeFacet, Given
from samedevice.ops.outcome import Refusal
from samedevice.ops.texts import scalar_type
from samedevice.ops.words_check import surely_differ
from samedevice.ops.words_device import checked, iterated
from samedevice.ops.words_dtype import promotes
from samedevice.ops.words_shape import joined_dim
from samedevice.values.value import Const, Dim, Shape, Tuple, Value


def _equation(call: Call) -> tuple[list[str], str | None] | None:
    """The subscripts of each operand and of the result."""
    text = call.text("equation")
    if text is None:
        return None
    left, arrow, right = text.replace(" ", "").partition("->")
    inputs = left.split(",")
    if arrow:
        return inputs, right
    letters = left.replace(",", "").replace(".", "")
    once = "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
    return inputs, ("..." if "..." in left else "") + once


def einsum_shape(call: Call) -> Shape | None:
    """The sizes of the letters that stand on the right."""
    parsed = _equation(call)
    operands = [given.tensor for given in call.tensors(("operands",))]
    if parsed is None:
        return None
    inputs, output = parsed
    if output is None or len(inputs) != len(operands):
        return None
    sizes: dict[str, Dim] = {}
    dots: Shape | None = ()
    for subscripts, tensor in zip(inputs, operands, strict=True):
        shape = tensor.shape if tensor else None
        if shape is None:
            dots = None if "..." in subscripts else dots
            continue
        dots = _read(subscripts, shape, sizes, dots)
    if "..." in output and dots is None:
        return None
    found: list[Dim] = []
    for part in output.replace("...", "."):
        if part == ".":
            found += dots or ()
        else:
            found.append(sizes.get(part))
    return tuple(found)


def _read(subscripts: str, shape: Shape, sizes: dict[str, Dim], dots: Shape | None) -> Shape | None:
    """Note the size of every letter of one operand; the sizes its dots stand for."""
    before, ellipsis, after = subscripts.partition("...")
    extra = len(shape) - len(before) - len(after)
    if extra < 0 or (not ellipsis and extra):
        return None
    pairs = [*zip(before, shape, strict=False), *zip(after, shape[len(shape) - len(after) :], strict=False)]
    for letter, dim in pairs:
        sizes[letter] = joined_dim(sizes[letter], dim) if letter in sizes else dim
    mine = shape[len(before) : len(before) + extra]
    return mine if ellipsis and (dots is None or len(mine) > len(dots)) else dots


def _contracts(call: Call) -> bool | None:
    """Whether two operands are multiplied as matrices rather than element by element."""
    parsed = _equation(call)
    if parsed is None:
        return None
    inputs, output = parsed
    if len(inputs) < 2 or output is None:
        return False
    shared = set(inputs[0]) & set(inputs[1]) - {"."}
    return bool(shared - set(output)) if len(inputs) == 2 else None


def einsum_device(call: Call) -> DeviceFacet:
    """Contractions go through bmm, which exempts nothing."""
    if _contracts(call) is False:
        return iterated("operands")(call)
    return checked("bmm", mat2="operands")(call)


def einsum_dtype(call: Call) -> DTypeFacet:
    """Element-wise products promote."""
    return promotes("operands")(call)


def einsum_dtypes(call: Call) -> None:
    """Contractions refuse mixed dtypes."""
    if not _contracts(call):
        return
    operands: list[Given] = call.tensors(("operands",))
    for given in operands[1:]:
        if surely_differ(operands[0].dtype, given.dtype):
            first, second = scalar_type(operands[0].dtype), scalar_type(given.dtype)
            text = f"expected scalar type {first} but found {second}"
            call.clash(Refusal.DTYPE, (operands[0].label, given.label), text)
            return


def tensordot_shape(call: Call) -> Shape | None:
    """What is left of both after the dimensions that are summed over."""
    first, second = call.shape("input"), call.shape("other")
    dims: Value = call.value("dims")
    if first is None or second is None:
        return None
    if isinstance(dims, Const) and isinstance(dims.value, int):
        count = dims.value
        return (*first[: len(first) - count], *second[count:])
    if isinstance(dims, Tuple) and len(dims.items) == 2:
        left, right = dims.items
        if isinstance(left, Tuple) and isinstance(right, Tuple):
            gone = [[item.value for item in side.items if isinstance(item, Const)] for side in (left, right)]
            return (*_rest(first, gone[0]), *_rest(second, gone[1]))
    return None


def _rest(shape: Shape, gone: list[int]) -> Shape:
    without = {dim % len(shape) for dim in gone if shape}
    return tuple(dim for index, dim in enumerate(shape) if index not in without)
