"""Words for tensors made of several, and several made of one."""

from __future__ import annotations

from itertools import pairwise

from samedevice.dataclass import replace
from samedevice.ops.call import Call, DeviceFacet, DTypeFacet, dim_of, integers_of
from samedevice.ops.outcome import Refusal
from samedevice.ops.row import Made
from samedevice.ops.words_device import checked, refused_text
from samedevice.ops.words_shape import added, clashing_dims, items_of, many_item, merged, positive
from samedevice.values.dtype import AnyDType, promote
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, Dim, How, Many, Origin, Shape, Tensor, Tuple, Value

joined_device = checked("cat", tensors="tensors")


def joined_dtype(call: Call) -> DTypeFacet:
    """The common dtype of all tensors, 0-dim or not."""
    found: AnyDType | None = None
    origin: Origin | None = None
    for given in call.tensors(("tensors",)):
        if found is None:
            found, origin = given.dtype, given.tensor.dtype_from if given.tensor else None
        elif found != given.dtype:
            found = promote(found, given.dtype)
            origin = Origin(How.PROMOTED, f"promoted by {call.name}")
    return (found, origin) if found is not None else (Unknown(Why.NOT_MODELLED), None)


def cat_shape(call: Call) -> Shape | None:
    """torch.cat: sizes along `dim` added."""
    return _cat(call, _shapes(call), call.integer("dim"))


def _shapes(call: Call) -> list[Shape | None] | None:
    value = call.value("tensors")
    if isinstance(value, Tuple):
        return [item.shape if isinstance(item, Tensor) else None for item in value.items]
    item = many_item(call, "tensors")
    return None if item is None else [item.shape, None]


def _cat(call: Call, shapes: list[Shape | None] | None, dim: int | None) -> Shape | None:
    known = [shape for shape in shapes or () if shape is not None and shape != (0,)]
    if not known or dim is None:
        return None
    first = known[0]
    index = positive(dim, len(first))
    other = next((shape for shape in known if len(shape) != len(first)), None)
    if other is not None:
        text = f"Tensors must have same number of dimensions: got {len(first)} and {len(other)}"
        call.clash(Refusal.SHAPE, ("tensors[0]",), text)
    if index is None or other is not None:
        return None
    _check_cat(call, known, index)
    found: list[Dim] = list(first)
    for place in range(len(first)):
        sizes = {shape[place] for shape in known if shape[place] is not None}
        ints = [size for size in sizes if isinstance(size, int)]
        found[place] = ints[0] if ints else sizes.pop() if len(sizes) == 1 else None
    whole = shapes is not None and None not in shapes
    found[index] = added(*(shape[index] for shape in known)) if whole else None
    return tuple(found)


def _check_cat(call: Call, shapes: list[Shape], index: int) -> None:
    """Refuse sizes that differ elsewhere than along the joined dimension."""
    first = shapes[0]
    for number, shape in enumerate(shapes[1:], 1):
        for place, (one, other) in enumerate(zip(first, shape, strict=True)):
            differ = isinstance(one, int) and isinstance(other, int) and one != other
            if place != index and differ:
                text = (
                    f"Sizes of tensors must match except in dimension {index}. Expected size {one} but got size "
                    f"{other} for tensor number {number} in the list."
                )
                call.clash(Refusal.SHAPE, ("tensors[0]", f"tensors[{number}]"), text)
                return


def stack_shape(call: Call) -> Shape | None:
    """torch.stack: a new dimension of as many as there are."""
    items = items_of(call, "tensors")
    item = many_item(call, "tensors")
    dim = call.integer("dim")
    shapes = [one.shape for one in items] if items else [item.shape] if item else []
    if not shapes or dim is None:
        return None
    found = next((shape for shape in shapes if shape is not None), None)
    for shape in shapes:
        if found is None or shape is None:
            continue
        if any(clashing_dims(one, other) or {one, other} == {1, 2} for one, other in zip(found, shape, strict=False)):
            text = f"stack expects each tensor to be equal size, but got {list(found)} at entry 0 and {list(shape)}"
            call.clash(Refusal.SHAPE, ("tensors[0]",), text)
        found = merged(found, shape)
    if found is None:
        return None
    index = dim % (len(found) + 1)
    return (*found[:index], len(items) if items else None, *found[index:])


def hstack_shape(call: Call) -> Shape | None:
    """torch.hstack joins along the second dimension, vectors along the first."""
    shapes = _shapes(call)
    shapes = [(1,) if shape == () else shape for shape in shapes] if shapes else None
    first = shapes[0] if shapes else None
    return None if first is None else _cat(call, shapes, 0 if len(first) == 1 else 1)


def vstack_shape(call: Call) -> Shape | None:
    """torch.vstack joins along the first dimension; vectors are rows."""
    shapes = _shapes(call)
    if shapes is None:
        return None
    return _cat(call, [_as_row(shape) for shape in shapes], 0)


def _as_row(shape: Shape | None) -> Shape | None:
    if shape is None or len(shape) > 1:
        return shape
    return (1, *shape) if shape else (1, 1)


def dstack_shape(call: Call) -> Shape | None:
    """torch.dstack joins along the third dimension."""
    shapes = _shapes(call)
    if shapes is None:
        return None
    raised = [_as_depth(shape) for shape in shapes]
    return _cat(call, raised, 2)


def _as_depth(shape: Shape | None) -> Shape | None:
    row = _as_row(shape)
    return (*row, 1) if row is not None and len(row) == 2 else row


def column_shape(call: Call) -> Shape | None:
    """torch.column_stack: vectors are columns."""
    shapes = _shapes(call)
    if shapes is None:
        return None
    return _cat(call, [_as_column(shape) for shape in shapes], 1)


def _as_column(shape: Shape | None) -> Shape | None:
    if shape is None or len(shape) > 1:
        return shape
    return (*shape, 1) if shape else (1, 1)


def check_tensors(call: Call) -> None:
    """torch.cat takes a sequence of tensors."""
    value = call.value("tensors")
    found = {Tensor: "Tensor", Const: "NoneType" if value == Const(None) else "int"}.get(type(value))
    if found is not None:
        text = f"{call.short}(): argument 'tensors' (position 1) must be tuple of Tensors, not {found}"
        call.clash(Refusal.ARGUMENT, ("tensors",), text, error="TypeError")


def split_result(call: Call, made: Made) -> Value:
    """torch.split: pieces of a size, or of the sizes given."""
    shape, dim = call.shape("input"), call.integer("dim")
    sizes = call.value("split_size")
    index = positive(dim, len(shape)) if shape and dim is not None else None
    if isinstance(sizes, Tuple):
        return Tuple(tuple(made.shaped(_with(shape, index, dim_of(size))) for size in sizes.items))
    size = dim_of(sizes)
    whole = shape[index] if shape is not None and index is not None else None
    if isinstance(size, int) and isinstance(whole, int) and size > 0:
        lengths = [min(size, whole - start) for start in range(0, whole, size)] or [0]
        if len(lengths) <= 32:
            return Tuple(tuple(made.shaped(_with(shape, index, length)) for length in lengths))
    return Many(made.shaped(_with(shape, index, None)))


def _with(shape: Shape | None, index: int | None, size: Dim) -> Shape | None:
    """A shape with one size replaced."""
    if shape is None:
        return None
    if index is None:
        return (None,) * len(shape)
    return (*shape[:index], size, *shape[index + 1 :])


def chunk_result(call: Call, made: Made) -> Value:
    """torch.chunk: about so many pieces of equal size."""
    shape, dim, chunks = call.shape("input"), call.integer("dim"), call.integer("chunks")
    index = positive(dim, len(shape)) if shape and dim is not None else None
    if chunks is None:
        return Many(made.shaped(_with(shape, index, None)))
    whole = shape[index] if shape is not None and index is not None else None
    if not isinstance(whole, int) or chunks <= 0:
        return Tuple(tuple(made.shaped(_with(shape, index, None)) for _ in range(max(chunks, 0))))
    size = max(1, -(-whole // chunks))
    lengths = [min(size, whole - start) for start in range(0, whole, size)] or [0] * chunks
    return Tuple(tuple(made.shaped(_with(shape, index, length)) for length in lengths))


def tensor_split_result(call: Call, made: Made) -> Value:
    """torch.tensor_split: at indices, or so many pieces."""
    shape = call.shape("input")
    dim = call.integer("dim") if "dim" in call.arguments else _split_dim(call, shape)
    index = positive(dim, len(shape)) if shape and dim is not None else None
    places = integers_of(call.value("indices_or_sections"))
    whole = shape[index] if shape is not None and index is not None else None
    if places is None:
        return Many(made.shaped(_with(shape, index, None)))
    single = not isinstance(call.value("indices_or_sections"), Tuple)
    count = places[0] if single else len(places) + 1
    if not isinstance(whole, int):
        return Tuple(tuple(made.shaped(_with(shape, index, None)) for _ in range(count)))
    lengths = _even(whole, count) if single else _between(whole, places)
    return Tuple(tuple(made.shaped(_with(shape, index, length)) for length in lengths))


def _split_dim(call: Call, shape: Shape | None) -> int | None:
    """The dimension of hsplit, vsplit and dsplit."""
    if call.short == "hsplit":
        return None if shape is None else 0 if len(shape) == 1 else 1
    return {"vsplit": 0, "dsplit": 2}.get(call.short, 0)


def _even(whole: int, count: int) -> list[int]:
    return [whole // count + (1 if number < whole % count else 0) for number in range(count)]


def _between(whole: int, places: tuple[int, ...]) -> list[int]:
    edges = [0, *(max(0, min(place if place >= 0 else whole + place, whole)) for place in places), whole]
    return [max(0, end - start) for start, end in pairwise(edges)]


def unbind_result(call: Call, made: Made) -> Value:
    """torch.unbind: every slice along a dimension."""
    shape = call.shape("input")
    dim = call.integer("dim") if "dim" in call.arguments else 0
    if shape is None or dim is None or not shape:
        return Many(made.shaped(None))
    index = dim % len(shape)
    inner = made.shaped((*shape[:index], *shape[index + 1 :]))
    count = shape[index]
    return Tuple((inner,) * count) if isinstance(count, int) and count <= 64 else Many(inner)


def meshgrid_device(call: Call) -> DeviceFacet:
    """torch.meshgrid refuses in its own words."""
    return refused_text(Refusal.DEVICE, "meshgrid expects all tensors to have the same device", "tensors")(call)


def meshgrid_result(call: Call, made: Made) -> Value:
    """A grid for each vector."""
    items = items_of(call, "tensors")
    if items is None:
        return Many(made.shaped(None))
    sizes: list[Dim] = [(item.shape or (1,))[0] if item.shape is not None else None for item in items]
    if call.text("indexing") == "xy" and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    found = tuple(replace(made.shaped(tuple(sizes)), dtype=item.dtype, dtype_from=item.dtype_from) for item in items)
    return Tuple(found)


def block_diag_shape(call: Call) -> Shape | None:
    """The sums of rows and of columns."""
    items = items_of(call, "tensors")
    if items is None:
        return (None, None)
    shapes = [_as_row(item.shape) for item in items]
    known = [shape for shape in shapes if shape is not None]
    if len(known) != len(shapes):
        return (None, None)
    return (added(*(shape[0] for shape in known)), added(*(shape[1] for shape in known)))


def product_shape(call: Call) -> Shape | None:
    """torch.cartesian_prod: every combination of elements."""
    items = items_of(call, "tensors")
    if items is None:
        return (None, None)
    if len(items) == 1:
        return items[0].shape
    count = 1
    for item in items:
        size = item.shape[0] if item.shape else None
        if not isinstance(size, int):
            return (None, len(items))
        count *= size
    return (count, len(items))
