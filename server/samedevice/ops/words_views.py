"""Words for tensors that show the elements of another in another shape."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from samedevice.dataclass import replace
from samedevice.ops.arguments import dtype_of
from samedevice.ops.call import Call, dim_of
from samedevice.ops.outcome import Refusal
from samedevice.ops.row import Made
from samedevice.ops.words_shape import added, broadcast_shapes, known_sizes, positive, total
from samedevice.values.value import Dim, Many, Scalar, Shape, Tensor, Tuple, Value


def view_shape(call: Call) -> Shape | None:
    """view and reshape: the size given, -1 filled in."""
    source = call.shape("input")
    size = call.sizes("size")
    if size is None or _impossible(call, size):
        return None
    if -1 not in size:
        _check_count(call, source, size)
        return size
    rest = [dim for dim in size if dim != -1]
    return tuple(_filled(call, source, rest, size) if dim == -1 else dim for dim in size)


def _impossible(call: Call, size: Shape) -> bool:
    """Refuse sizes that are negative, but for one -1."""
    inferred = 0
    for index, dim in enumerate(size):
        inferred += dim == -1
        if inferred > 1:
            call.clash(Refusal.SHAPE, ("input",), "only one dimension can be inferred")
            return True
        if isinstance(dim, int) and dim < -1:
            text = f"invalid shape dimension {dim} at index {index} of shape {list(size)}"
            if known_sizes(size) is not None:
                call.clash(Refusal.SHAPE, ("input",), text)
            return True
    return False


def _filled(call: Call, source: Shape | None, rest: list[Dim], size: Shape) -> Dim:
    """The size that -1 stands for."""
    if source is None:
        return None
    unmatched = list(source)
    divisor = 1
    for dim in rest:
        if isinstance(dim, str) and dim in unmatched:
            unmatched.remove(dim)
        elif isinstance(dim, int):
            divisor *= dim
        else:
            return None
    whole = total(tuple(unmatched))
    if divisor == 1:
        return whole
    if isinstance(whole, int) and whole and not divisor:
        _refuse_view(call, source, size)
    if isinstance(whole, int) and divisor:
        if whole % divisor:
            _refuse_view(call, source, size)
            return None
        return whole // divisor
    return _cancelled(unmatched, divisor)


def _cancelled(dims: list[Dim], divisor: int) -> Dim:
    """One symbol and integers whose product is the divisor leave the symbol."""
    known = prod(dim for dim in dims if isinstance(dim, int))
    symbols = [dim for dim in dims if not isinstance(dim, int)]
    return symbols[0] if len(symbols) == 1 and known == divisor else None


def _check_count(call: Call, source: Shape | None, size: Shape) -> None:
    before, after = known_sizes(source), known_sizes(size)
    if before is not None and after is not None and prod(before) != prod(after):
        _refuse_view(call, source, size)


def _refuse_view(call: Call, source: Shape | None, size: Shape) -> None:
    known = known_sizes(source)
    if known is not None and known_sizes(size) is not None:
        call.clash(Refusal.SHAPE, ("input",), f"shape '{list(size)}' is invalid for input of size {prod(known)}")


def view_dtype_result(call: Call, made: Made) -> Value:
    """Tensor.view(dtype) reads the same bytes as another dtype."""
    dtype = dtype_of(call.value("dtype"))
    shape = made.shape
    return replace(made.tensor(), dtype=dtype or made.dtype, shape=None if shape is None else (None,) * len(shape))


def flattened(call: Call) -> Shape | None:
    """flatten(start_dim, end_dim)."""
    shape = call.shape("input")
    start, end = call.integer("start_dim"), call.integer("end_dim")
    if shape is None or start is None or end is None:
        return (None,) * (start + 1) if shape is None and start is not None and start >= 0 and end == -1 else None
    if not shape:
        return (1,)
    first, last = positive(start, len(shape)), positive(end, len(shape))
    if first is None or last is None or last < first:
        return None
    return (*shape[:first], total(shape[first : last + 1]), *shape[last + 1 :])


def raveled(call: Call) -> Shape | None:
    """ravel: one dimension."""
    return (total(call.shape("input")),)


def unflattened(call: Call) -> Shape | None:
    """unflatten(dim, sizes)."""
    shape, dim, sizes = call.shape("input"), call.integer("dim"), call.sizes("sizes")
    if shape is None or dim is None or sizes is None:
        return None
    index = positive(dim, len(shape))
    if index is None:
        return None
    known = prod(size for size in sizes if isinstance(size, int) and size != -1)
    whole = shape[index]
    filled = whole // known if isinstance(whole, int) and known else None
    return (*shape[:index], *(filled if size == -1 else size for size in sizes), *shape[index + 1 :])


def permuted(call: Call) -> Shape | None:
    """permute(dims)."""
    shape, dims = call.shape("input"), call.dims("dims")
    if dims is None:
        value = call.value("dims")
        return (None,) * len(value.items) if isinstance(value, Tuple) else None
    if shape is None:
        return (None,) * len(dims)
    if len(dims) != len(shape):
        return None
    indices = [positive(dim, len(shape)) for dim in dims]
    return None if None in indices else tuple(shape[index] for index in indices if index is not None)


def swapped(call: Call) -> Shape | None:
    """transpose(dim0, dim1)."""
    shape = call.shape("input")
    first, second = call.integer("dim0"), call.integer("dim1")
    if shape is None or first is None or second is None:
        return None if shape is None else (None,) * len(shape)
    one, other = positive(first, len(shape)), positive(second, len(shape))
    if one is None or other is None:
        return None
    dims = list(shape)
    if dims:
        dims[one], dims[other] = dims[other], dims[one]
    return tuple(dims)


def moved_dims(call: Call) -> Shape | None:
    """movedim(source, destination)."""
    shape, source, destination = call.shape("input"), call.dims("source"), call.dims("destination")
    if shape is None or source is None or destination is None or not shape:
        return shape
    from_, to = [dim % len(shape) for dim in source], [dim % len(shape) for dim in destination]
    found: list[Dim] = [None] * len(shape)
    rest = [dim for index, dim in enumerate(shape) if index not in from_]
    places = dict(zip(to, from_, strict=False))
    for index in range(len(shape)):
        found[index] = shape[places[index]] if index in places else rest.pop(0)
    return tuple(found)


def reversed_dims(call: Call) -> Shape | None:
    """t(): the two dimensions of a matrix swapped."""
    shape = call.shape("input")
    return None if shape is None else tuple(reversed(shape))


def unsqueezed(call: Call) -> Shape | None:
    """unsqueeze(dim)."""
    shape, dim = call.shape("input"), call.integer("dim")
    if shape is None or dim is None or not -len(shape) - 1 <= dim <= len(shape):
        return None
    index = dim % (len(shape) + 1)
    return (*shape[:index], 1, *shape[index:])


def squeezed(call: Call) -> Shape | None:
    """squeeze(dim): dimensions of size 1 go."""
    shape = call.shape("input")
    if shape is None:
        return None
    if call.absent("dim"):
        gone = set(range(len(shape)))
    else:
        dims = call.dims("dim")
        if dims is None:
            return None
        gone = {dim % len(shape) for dim in dims if shape}
    if any(not isinstance(shape[index], int) for index in gone):
        return None
    return tuple(dim for index, dim in enumerate(shape) if index not in gone or dim != 1)


def expanded(call: Call) -> Shape | None:
    """expand(size): -1 keeps a size."""
    shape, size = call.shape("input"), call.sizes("size")
    if size is None:
        return None
    if shape is None or len(shape) > len(size):
        return tuple(None if dim == -1 else dim for dim in size)
    padded = (1,) * (len(size) - len(shape)) + shape
    return tuple(own if dim == -1 else dim for own, dim in zip(padded, size, strict=True))


def as_other(call: Call) -> Shape | None:
    """The shape of the other tensor: expand_as, view_as."""
    return call.shape("other")


def repeated(call: Call) -> Shape | None:
    """repeat(sizes) and tile(dims)."""
    shape, times = call.shape("input"), call.sizes("repeats")
    if shape is None or times is None:
        return None if times is None or call.short == "tile" else (None,) * len(times)
    length = max(len(shape), len(times))
    left, right = (1,) * (length - len(shape)) + shape, (1,) * (length - len(times)) + times
    return tuple(_times(dim, time) for dim, time in zip(left, right, strict=True))


def _times(dim: Dim, time: Dim) -> Dim:
    if isinstance(dim, int) and isinstance(time, int):
        return dim * time
    if time == 1:
        return dim
    return time if dim == 1 else None


def narrowed(call: Call) -> Shape | None:
    """narrow(dim, start, length)."""
    shape, dim = call.shape("input"), call.integer("dim")
    if shape is None or dim is None:
        return shape and (None,) * len(shape)
    index = positive(dim, len(shape))
    return None if index is None else (*shape[:index], dim_of(call.value("length")), *shape[index + 1 :])


def selected(call: Call) -> Shape | None:
    """select(dim, index): one dimension less."""
    shape, dim = call.shape("input"), call.integer("dim")
    if shape is None or not shape:
        return None
    index = positive(dim, len(shape)) if dim is not None else None
    return (None,) * (len(shape) - 1) if index is None else (*shape[:index], *shape[index + 1 :])


def diagonal_shape(call: Call) -> Shape | None:
    """diagonal: two dimensions become one at the end."""
    shape = call.shape("input")
    first, second, offset = call.integer("dim1"), call.integer("dim2"), call.integer("offset")
    if shape is None or first is None or second is None or len(shape) < 2:
        return None
    one, other = first % len(shape), second % len(shape)
    rest = tuple(dim for index, dim in enumerate(shape) if index not in (one, other))
    return (*rest, _diagonal_length(shape[one], shape[other], offset))


def _diagonal_length(rows: Dim, columns: Dim, offset: int | None) -> Dim:
    if offset == 0 and rows == columns:
        return rows
    if isinstance(rows, int) and isinstance(columns, int) and offset is not None:
        return max(0, min(rows, columns - offset) if offset > 0 else min(rows + offset, columns))
    return None


def diag_shape(call: Call) -> Shape | None:
    """torch.diag: a matrix of a vector, a vector of a matrix."""
    shape, offset = call.shape("input"), call.integer("diagonal")
    if shape is None or offset is None:
        return None
    if len(shape) == 1:
        size = added(shape[0], abs(offset))
        return (size, size)
    return (_diagonal_length(shape[0], shape[1], offset),) if len(shape) == 2 else None


def diag_embed_shape(call: Call) -> Shape | None:
    """torch.diag_embed: the last dimension becomes a diagonal."""
    shape, offset = call.shape("input"), call.integer("offset")
    first, second = call.integer("dim1"), call.integer("dim2")
    if not shape or offset is None or first is None or second is None:
        return None
    size = added(shape[-1], abs(offset))
    length = len(shape) + 1
    dims: list[Dim] = list(shape[:-1])
    for place in sorted((first % length, second % length)):
        dims.insert(place, size)
    return tuple(dims)


def unfolded(call: Call) -> Shape | None:
    """Tensor.unfold(dimension, size, step)."""
    shape, dim = call.shape("input"), call.integer("dimension")
    size, step = call.integer("size"), call.integer("step")
    if shape is None or dim is None or not shape:
        return None
    index = dim % len(shape)
    own = shape[index]
    count = (own - size) // step + 1 if isinstance(own, int) and size is not None and step else None
    return (*shape[:index], count, *shape[index + 1 :], size)


def at_least(rank: int) -> Callable[[Call, Made], Value]:
    """torch.atleast_1d and its kin, of one tensor or several."""

    def word(call: Call, made: Made) -> Value:
        found = [_raised(given.tensor, rank) for given in call.tensors(("tensors",)) if given.tensor]
        value = call.value("tensors")
        if isinstance(value, Tensor) or (isinstance(value, Tuple) and len(value.items) == 1 and value.type == "tuple"):
            return found[0] if found else made.tensor()
        return Tuple(tuple(found)) if isinstance(value, Tuple) else Many(found[0]) if found else Scalar("")

    return word


def _raised(tensor: Tensor, rank: int) -> Tensor:
    shape = tensor.shape
    if shape is not None and len(shape) < rank:
        missing = rank - len(shape)
        if rank == 3 and len(shape) == 1:
            shape = (1, *shape, 1)
        elif rank == 3 and len(shape) == 2:
            shape = (*shape, 1)
        else:
            shape = (1,) * missing + shape
    return replace(tensor, shape=shape, cell=None, parameter=False, slot=None)


def broadcast_to(call: Call, made: Made) -> Value:
    """torch.broadcast_tensors: all in their common shape."""
    items = [given.tensor for given in call.tensors(("tensors",))]
    shape = broadcast_shapes([item.shape if item else None for item in items])
    found = tuple(
        replace(item, shape=shape, cell=None, parameter=False, slot=None) if item else made.shaped(shape)
        for item in items
    )
    return Tuple(found)


def complex_view(call: Call) -> Shape | None:
    """view_as_complex: pairs at the end become numbers."""
    shape = call.shape("input")
    return shape[:-1] if shape else None


def real_view(call: Call) -> Shape | None:
    """view_as_real: numbers become pairs at the end."""
    shape = call.shape("input")
    return None if shape is None else (*shape, 2)
