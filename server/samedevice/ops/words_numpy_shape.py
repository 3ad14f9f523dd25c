"""Words for numpy: reductions, joins, indexing, methods of arrays."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.dataclass import replace
from samedevice.ops.arguments import dtype_of
from samedevice.ops.call import Call, NotUnderstood, dim_of, integers_of, shape_of
from samedevice.ops.words_move import python_type
from samedevice.ops.words_numpy import NOT_KNOWN, Operand, common, floating, given, made, operand
from samedevice.ops.words_shape import added, broadcast_shapes, positive, total, without
from samedevice.values.dtype import BOOL, FLOAT64, INT64, AnyDType, Category, DType, category
from samedevice.values.unknown import Unknown
from samedevice.values.value import (
    Array,
    Const,
    Dim,
    Many,
    Scalar,
    Shape,
    Tensor,
    Tuple,
    Value,
)

Word = Callable[[Call], Value]


_HANDED_ON = frozenset({"sum", "prod", "mean", "std", "var", "max", "min", "amax", "amin", "any", "all"})
"""Reductions that numpy leaves to a tensor's own method; the others convert it."""


def not_of_tensors(call: Call) -> None:
    """For functions that numpy makes of a tensor's own methods: they never convert one, and give tensors."""
    if isinstance(call.value("a"), Tensor):
        raise NotUnderstood(call.name)


def reduction(kind: str) -> Word:
    """A reduction over `axis`: `same`, `sum`, `mean`, `index` or `bool`."""

    def word(call: Call) -> Value:
        if call.short in _HANDED_ON:
            not_of_tensors(call)
        source = operand(call, "a", call.value("a"))
        dtype = given(call, _reduced_dtype(kind, source.dtype))
        shape = _reduced_shape(call, source.shape)
        return made(call, dtype, shape, scalar=shape == ())

    return word


def _reduced_dtype(kind: str, dtype: AnyDType) -> AnyDType:
    found = category(dtype)
    if kind == "index":
        return INT64
    if kind == "bool":
        return BOOL
    if found is None or kind == "same":
        return dtype
    if kind == "mean":
        return FLOAT64 if found < Category.FLOAT else dtype
    if found < Category.FLOAT:
        return DType("uint64") if isinstance(dtype, DType) and dtype.name.startswith("uint") else INT64
    return dtype


def _reduced_shape(call: Call, shape: Shape | None) -> Shape | None:
    keep = call.flag("keepdims") if "keepdims" in call.arguments else False
    if call.absent("axis"):
        return () if keep is False else without(shape, (), keep)
    return without(shape, call.dims("axis"), keep)


def scan(call: Call) -> Value:
    """numpy.cumsum, numpy.cumprod."""
    source = operand(call, "a", call.value("a"))
    shape = (total(source.shape),) if call.absent("axis") else source.shape
    return made(call, given(call, _reduced_dtype("sum", source.dtype)), shape)


def same(call: Call) -> Value:
    """An array like the first argument."""
    source = operand(call, "a", call.value("a"))
    return made_like(call, source, source.shape)


def same_index(call: Call) -> Value:
    """int64 of the same shape: argsort."""
    return made(call, INT64, operand(call, "a", call.value("a")).shape)


def any_shape(call: Call) -> Value:
    """An array of the dtype of the first argument."""
    return made_like(call, operand(call, "a", call.value("a")), None)


def flat(call: Call) -> Value:
    """ravel, flatten, unique, extract: one dimension."""
    source = operand(call, "a", call.value("a"))
    keeps = call.short in ("ravel", "flatten")
    found = made_like(call, source, (total(source.shape) if keeps else None,))
    extra = [name for name in ("return_index", "return_inverse", "return_counts") if call.flag(name)]
    return Tuple((found, *(made(call, INT64, (None,)) for _ in extra))) if extra else found


def made_like(call: Call, source: Operand, shape: Shape | None) -> Array:
    """An array of a source's dtype and origin."""
    value = call.value("a")
    found = made(call, source.dtype, shape)
    if isinstance(value, Array) and value.dtype_from is not None:
        return replace(found, dtype_from=value.dtype_from)
    return found


def reshaped(call: Call) -> Value:
    """reshape: the size given, -1 filled in."""
    source = operand(call, "a", call.value("a"))
    size = shape_of(call.value("shape"))
    if size is None:
        return made_like(call, source, None)
    known = 1
    for dim in size:
        known = known * dim if isinstance(dim, int) and dim != -1 else known
    whole = total(source.shape)
    rest: Dim = whole // known if isinstance(whole, int) and known else whole if known == 1 else None
    return made_like(call, source, tuple(rest if dim == -1 else dim for dim in size))


def transposed(call: Call) -> Value:
    """transpose, T."""
    source = operand(call, "a", call.value("a"))
    axes = integers_of(call.value("axes")) if "axes" in call.arguments else None
    shape = source.shape
    if shape is not None:
        usable = axes is not None and len(axes) == len(shape)
        shape = tuple(shape[axis] for axis in axes) if usable and axes else tuple(reversed(shape))
    return made_like(call, source, shape)


def expanded(call: Call) -> Value:
    """expand_dims."""
    source, axis = operand(call, "a", call.value("a")), call.integer("axis")
    if source.shape is None or axis is None:
        return made_like(call, source, None)
    index = axis % (len(source.shape) + 1)
    return made_like(call, source, (*source.shape[:index], 1, *source.shape[index:]))


def squeezed(call: Call) -> Value:
    """squeeze."""
    not_of_tensors(call)
    source, axis = operand(call, "a", call.value("a")), call.integer("axis")
    shape = source.shape
    if shape is None:
        return made_like(call, source, None)
    if axis is not None and shape:
        index = axis % len(shape)
        return made_like(call, source, (*shape[:index], *shape[index + 1 :]))
    if any(not isinstance(dim, int) for dim in shape):
        return made_like(call, source, None)
    return made_like(call, source, tuple(dim for dim in shape if dim != 1))


def swapped(call: Call) -> Value:
    """swapaxes."""
    not_of_tensors(call)
    source = operand(call, "a", call.value("a"))
    first, second = call.integer("axis1"), call.integer("axis2")
    if source.shape is None or first is None or second is None:
        return made_like(call, source, None)
    dims = list(source.shape)
    dims[first], dims[second] = dims[second], dims[first]
    return made_like(call, source, tuple(dims))


def _parts(call: Call) -> tuple[list[Operand], Dim]:
    value = call.value("arrays")
    if isinstance(value, Tuple):
        return [operand(call, f"arrays[{i}]", item) for i, item in enumerate(value.items)], len(value.items)
    if isinstance(value, Many):
        return [operand(call, "arrays[0]", value.item)], None
    if isinstance(value, Array):
        inner = None if value.shape is None else value.shape[1:]
        return [Operand(value.dtype, inner)], value.shape[0] if value.shape else None
    return [Operand(NOT_KNOWN, None)], None


def concatenated(call: Call) -> Value:
    """concatenate, vstack, hstack: sizes along an axis added."""
    parts, count = _parts(call)
    axis = call.integer("axis") if "axis" in call.arguments else None
    shape = parts[0].shape if parts else None
    if shape is not None and call.short == "vstack" and len(shape) == 1:
        return made(call, common(parts, weakly=False), (count, *shape))
    if shape is not None and axis is None:
        axis = 1 if call.short == "hstack" and len(shape) > 1 else 0
    if shape is None or axis is None or any(part.shape is None or len(part.shape) != len(shape) for part in parts):
        return made(call, common(parts, weakly=False), None)
    index = positive(axis, len(shape))
    if index is None:
        return made(call, common(parts, weakly=False), None)
    joined = added(*(part.shape[index] for part in parts if part.shape)) if count is not None else None
    return made(call, common(parts, weakly=False), (*shape[:index], joined, *shape[index + 1 :]))


def appended(call: Call) -> Value:
    """append: the common dtype, a Python number counting as an array."""
    parts = [operand(call, name, call.value(name)) for name in ("arr", "values")]
    return made(call, common(parts, weakly=False), (None,) if call.absent("axis") else None)


def stacked(call: Call) -> Value:
    """stack: a new axis."""
    parts, count = _parts(call)
    axis = call.integer("axis")
    shape = parts[0].shape if parts else None
    if shape is None or axis is None:
        return made(call, common(parts, weakly=False), None)
    index = axis % (len(shape) + 1)
    return made(call, common(parts, weakly=False), (*shape[:index], count, *shape[index:]))


def split(call: Call) -> Value:
    """split and array_split."""
    not_of_tensors(call)
    source = operand(call, "a", call.value("a"))
    shape = None if source.shape is None else (None, *source.shape[1:])
    axis = call.integer("axis")
    item = made_like(call, source, shape if axis == 0 else None)
    count = call.integer("sections")
    return Tuple((item,) * count, type="list") if count is not None else Many(item, "list")


def cast(call: Call) -> Value:
    """astype."""
    source = operand(call, "a", call.value("a"))
    dtype = dtype_of(call.value("dtype"), numpy=True) or NOT_KNOWN
    value = call.value("a")
    return made(call, dtype, source.shape, scalar=isinstance(value, Array) and value.scalar)


def product(call: Call) -> Value:
    """dot, matmul, inner."""
    first, second = operand(call, "a", call.value("a")), operand(call, "b", call.value("b"))
    return made_product(call, first, second)


def made_product(call: Call, first: Operand, second: Operand) -> Value:
    """The shape of a matrix product."""
    dtype = common([first, second])
    left, right = first.shape, second.shape
    if left is None or right is None:
        return made(call, dtype, None)
    if not left or not right:
        return made(call, dtype, left or right)
    if len(left) == 1 and len(right) == 1:
        return made(call, dtype, (), scalar=True)
    if len(right) == 1:
        return made(call, dtype, left[:-1])
    if len(left) == 1:
        return made(call, dtype, (*right[:-2], right[-1]))
    batch = broadcast_shapes((left[:-2], right[:-2]))
    return made(call, dtype, None if batch is None else (*batch, left[-2], right[-1]))


def outer(call: Call) -> Value:
    """outer."""
    first, second = operand(call, "a", call.value("a")), operand(call, "b", call.value("b"))
    return made(call, common([first, second]), (total(first.shape), total(second.shape)))


def grids(call: Call) -> Value:
    """meshgrid."""
    value = call.value("arrays")
    if not isinstance(value, Tuple):
        return Many(made(call, NOT_KNOWN, None), "list")
    parts = [operand(call, f"arrays[{index}]", item) for index, item in enumerate(value.items)]
    sizes: list[Dim] = [part.shape[0] if part.shape else None for part in parts]
    if call.text("indexing") == "xy" and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    return Tuple(tuple(made(call, part.dtype, tuple(sizes)) for part in parts))


def random(dtype: str, size: str = "size") -> Word:
    """numpy.random: a Python number, or an array where a size is given."""

    def word(call: Call) -> Value:
        for name, argument in call.arguments.items():
            if name not in (size, "dtype", "out", "endpoint"):
                operand(call, name, argument)
        found = given(call, DType(dtype)) if "dtype" in call.arguments else DType(dtype)
        value = call.value(size)
        if value == Const(None) or value == Tuple(()):
            shapes = [
                argument.shape
                for name, argument in call.arguments.items()
                if name != size and isinstance(argument, Array) and not argument.scalar
            ]
            if shapes:
                return made(call, found, broadcast_shapes(shapes))
            return Scalar(python_type(found))
        return made(call, found, shape_of(value))

    return word


def chosen(call: Call) -> Value:
    """numpy.random.choice and permutation."""
    source = operand(call, "a", call.value("a"))
    dtype = INT64 if source.weak else source.dtype
    if call.short in ("permutation", "permuted"):
        value = call.value("a")
        return made(call, dtype, (dim_of(value),) if source.weak else source.shape)
    if call.absent("size"):
        inner = source.shape[1:] if source.shape else ()
        return Scalar(python_type(dtype)) if not inner else made(call, dtype, inner)
    inner = source.shape[1:] if source.shape and not source.weak else ()
    size = shape_of(call.value("size"))
    return made(call, dtype, None if size is None else (*size, *inner))


def number(call: Call) -> Value:
    """item()."""
    return Scalar(python_type(operand(call, "a", call.value("a")).dtype))


def to_list(call: Call) -> Value:
    """tolist()."""
    source = operand(call, "a", call.value("a"))
    if source.shape is None:
        return Unknown(NOT_KNOWN.why)
    found: Value = Scalar(python_type(source.dtype))
    for _ in source.shape:
        found = Many(found, "list")
    return found


def norm(call: Call) -> Value:
    """numpy.linalg.norm."""
    source = operand(call, "a", call.value("a"))
    shape = _reduced_shape(call, source.shape)
    return made(call, floating(source.dtype), shape, scalar=shape == ())


def counted(call: Call) -> Value:
    """bincount, searchsorted, digitize: int64."""
    return made(call, INT64, None)


def indices(call: Call) -> Value:
    """nonzero: an array of indices for each dimension."""
    not_of_tensors(call)
    shape = operand(call, "a", call.value("a")).shape
    item = made(call, INT64, (None,))
    return Many(item) if shape is None else Tuple((item,) * max(1, len(shape)))


def unknown_array(call: Call) -> Value:
    """An array of which nothing is known: read from a file."""
    return made(call, NOT_KNOWN, None)


def joined(call: Call) -> Value:
    """dstack, column_stack: the common dtype."""
    parts, _ = _parts(call)
    return made(call, common(parts, weakly=False), None)


def of_bytes(call: Call) -> Value:
    """frombuffer, fromiter: numbers in a row, float64 where no dtype is given."""
    return made(call, dtype_of(call.value("dtype"), numpy=True) or FLOAT64, (None,))
