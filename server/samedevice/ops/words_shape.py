"""Words for the shape of a result, and arithmetic on sizes that may not be known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import prod

from samedevice.ops.call import Call, dim_of
from samedevice.ops.outcome import Refusal
from samedevice.values.value import Array, Const, Dim, Many, Scalar, Shape, Tensor, Tuple, Value

ShapeWord = Callable[[Call], "Shape | None"]


def shape_of_value(value: Value) -> Shape | None:
    """The shape of a tensor, array or number as broadcasting sees it."""
    match value:
        case Tensor(shape=shape):
            return shape
        case Array(shape=shape, scalar=scalar):
            return () if scalar else shape
        case Const() | Scalar():
            return ()
    return None


def joined_dim(first: Dim, second: Dim) -> Dim:
    """The size two sizes broadcast to."""
    if first == second:
        return first
    if first == 1:
        return second
    if second == 1:
        return first
    for one in (first, second):
        # An integer above 1 decides whatever the other turns out to be.
        if isinstance(one, int):
            return one
    return None


def clashing_dims(first: Dim, second: Dim) -> bool:
    """Whether two sizes surely do not broadcast."""
    return isinstance(first, int) and isinstance(second, int) and first != second and 1 not in (first, second)


def broadcast_shapes(shapes: Iterable[Shape | None]) -> Shape | None:
    """The shape several broadcast to; None where a rank is not known."""
    found: Shape = ()
    for shape in shapes:
        if shape is None:
            return None
        length = max(len(found), len(shape))
        left = (1,) * (length - len(found)) + found
        right = (1,) * (length - len(shape)) + shape
        found = tuple(joined_dim(one, other) for one, other in zip(left, right, strict=True))
    return found


def broadcasts(*names: str) -> ShapeWord:
    """The shape these arguments broadcast to."""

    def word(call: Call) -> Shape | None:
        shapes: list[Shape | None] = []
        labels: list[str] = []
        for name in names:
            value = call.value(name)
            if value == Const(None):
                continue
            shapes.append(shape_of_value(value))
            labels.append(name)
        check_broadcast(call, labels, shapes)
        return broadcast_shapes(shapes)

    return word


broadcast = broadcasts("input", "other")


def check_broadcast(call: Call, labels: Sequence[str], shapes: Sequence[Shape | None]) -> None:
    """Refuse two shapes that surely do not broadcast."""
    if len(shapes) < 2 or shapes[0] is None or shapes[1] is None:
        return
    first, second = shapes[0], shapes[1]
    for distance, (one, other) in enumerate(zip(reversed(first), reversed(second), strict=False), 1):
        if clashing_dims(one, other):
            call.clash(
                Refusal.SHAPE,
                labels[:2],
                f"The size of tensor a ({one}) must match the size of tensor b ({other}) at non-singleton dimension "
                f"{max(len(first), len(second)) - distance}",
            )
            return


def like(name: str = "input") -> ShapeWord:
    """The shape of one argument."""

    def word(call: Call) -> Shape | None:
        return shape_of_value(call.value(name))

    return word


def scalar(call: Call) -> Shape | None:
    """No dimensions."""
    return ()


def flat(call: Call) -> Shape | None:
    """One dimension of a size that depends on data."""
    return (None,)


def unknown_shape(call: Call) -> Shape | None:
    """Nothing known."""
    return None


def sized(name: str = "size") -> ShapeWord:
    """The size given as an argument."""

    def word(call: Call) -> Shape | None:
        return call.sizes(name)

    return word


def of_sizes(*names: str) -> ShapeWord:
    """One size from each of these arguments: torch.eye(n, m)."""

    def word(call: Call) -> Shape | None:
        return tuple(dim_of(call.value(name)) for name in names)

    return word


def positive(dim: int, rank: int) -> int | None:
    """A dimension counted from the front; None where there is none such."""
    if -rank <= dim < rank:
        return dim % rank
    return 0 if rank == 0 and dim in (0, -1) else None


def without(shape: Shape | None, dims: tuple[int, ...] | None, keep: bool | None) -> Shape | None:
    """A shape after a reduction over `dims` (empty: over all)."""
    if shape is None or keep is None:
        return None
    if dims is None:
        return (None,) * len(shape) if keep else None
    gone = {positive(dim, len(shape)) for dim in dims} if dims else set(range(len(shape)))
    if None in gone:
        return None
    if keep:
        return tuple(1 if index in gone else dim for index, dim in enumerate(shape))
    return tuple(dim for index, dim in enumerate(shape) if index not in gone)


def reduced(call: Call) -> Shape | None:
    """A reduction over `dim`, or over everything, with `keepdim`."""
    keep = call.flag("keepdim") if "keepdim" in call.arguments else False
    shape = call.shape("input")
    if call.absent("dim"):
        return () if not keep else without(shape, (), keep)
    return without(shape, call.dims("dim"), keep)


def total(shape: Shape | None) -> Dim:
    """The number of elements; a single symbol stays itself."""
    if shape is None:
        return None
    rest = [dim for dim in shape if dim != 1]
    if all(isinstance(dim, int) for dim in rest):
        return prod(dim for dim in rest if isinstance(dim, int))
    return rest[0] if len(rest) == 1 else None


def added(*dims: Dim) -> Dim:
    """The sum of sizes; a symbol plus nothing stays itself."""
    rest = [dim for dim in dims if dim != 0]
    if all(isinstance(dim, int) for dim in rest):
        return sum(dim for dim in rest if isinstance(dim, int))
    return rest[0] if len(rest) == 1 else None


def merged(first: Shape | None, second: Shape | None) -> Shape | None:
    """What holds for both of two shapes."""
    if first is None or second is None or len(first) != len(second):
        return None
    return tuple(one if one == other else None for one, other in zip(first, second, strict=True))


def items_of(call: Call, name: str) -> list[Tensor] | None:
    """The tensors of a sequence argument; None where one is not known or the length is not."""
    value = call.value(name)
    if not isinstance(value, Tuple):
        return None
    found = [item for item in value.items if isinstance(item, Tensor)]
    return found if len(found) == len(value.items) else None


def many_item(call: Call, name: str) -> Tensor | None:
    """The item of a sequence of unknown length."""
    value = call.value(name)
    return value.item if isinstance(value, Many) and isinstance(value.item, Tensor) else None


def known_sizes(shape: Shape | None) -> tuple[int, ...] | None:
    """A shape whose sizes are all known."""
    if shape is None:
        return None
    found = tuple(dim for dim in shape if isinstance(dim, int))
    return found if len(found) == len(shape) else None
