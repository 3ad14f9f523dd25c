"""Words for shapes of linear algebra."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.dataclass import replace
from samedevice.ops.call import Call
from samedevice.ops.outcome import Refusal
from samedevice.ops.row import Made
from samedevice.ops.texts import scalar_type
from samedevice.ops.words_check import same_dtypes
from samedevice.ops.words_shape import broadcast_shapes, items_of, reduced, without
from samedevice.values.dtype import BFLOAT16, FLOAT16, INT32, INT64, DType, is_inexact, real_of
from samedevice.values.value import Const, Dim, Shape, Tensor, Tuple, Value


def multi_dot_shape(call: Call) -> Shape | None:
    """The outer sizes of a chain of matrices."""
    items = items_of(call, "tensors")
    if not items or items[0].shape is None or items[-1].shape is None:
        return None
    first = items[0].shape[:-1]
    last = items[-1].shape[1:]
    return (*first, *last)


def cdist_shape(call: Call) -> Shape | None:
    """Every row of one with every row of the other."""
    first, second = call.shape("x1"), call.shape("x2")
    if first is None or second is None or len(first) < 2 or len(second) < 2:
        return None
    batch = broadcast_shapes((first[:-2], second[:-2]))
    return None if batch is None else (*batch, first[-2], second[-2])


def _square(call: Call) -> tuple[Shape, Dim, Dim] | None:
    """The batch, rows and columns of the first argument."""
    shape = call.shape(next(iter(call.arguments)))
    if shape is None or len(shape) < 2:
        return None
    return shape[:-2], shape[-2], shape[-1]


def smaller(rows: Dim, columns: Dim) -> Dim:
    """The smaller of two sizes."""
    if rows == columns:
        return rows
    return min(rows, columns) if isinstance(rows, int) and isinstance(columns, int) else None


def batch_only(call: Call) -> Shape | None:
    """One number a matrix: det, cond, matrix_rank."""
    found = _square(call)
    return found[0] if found else None


def diagonal_of(call: Call) -> Shape | None:
    """A vector a matrix: eigvals, svdvals."""
    found = _square(call)
    return (*found[0], smaller(found[1], found[2])) if found else None


def flipped(call: Call) -> Shape | None:
    """Rows and columns swapped: pinv."""
    found = _square(call)
    return (*found[0], found[2], found[1]) if found else None


def solved(call: Call) -> Shape | None:
    """The shape of the right side, which may be a batch of vectors."""
    first, second = call.shape("input"), call.shape("B")
    if first is None or second is None or len(first) < 2:
        return None
    vector = len(second) == 1 or (len(first) - 1 == len(second) and first[:-1] == second)
    if vector:
        return (*first[:-2], first[-1])
    batch = broadcast_shapes((first[:-2], second[:-2]))
    return None if batch is None else (*batch, *second[-2:])


def second_shape(name: str) -> Callable[[Call], Shape | None]:
    """The batch of both and the matrix of one argument."""

    def word(call: Call) -> Shape | None:
        names = list(call.arguments)[:2]
        shapes = [call.shape(one) for one in names]
        own = call.shape(name)
        if own is None or len(own) < 2 or any(shape is None or len(shape) < 2 for shape in shapes):
            return None
        batch = broadcast_shapes([shape[:-2] if shape else None for shape in shapes])
        return None if batch is None else (*batch, *own[-2:])

    return word


def svd_result(call: Call, made: Made) -> Value:
    """U, S and V."""
    found = _square(call)
    names = ("U", "S", "Vh") if call.name.startswith("torch.linalg") else ("U", "S", "V")
    real = made.typed(real_of(made.dtype), made.dtype_from)
    if found is None:
        return Tuple((made.shaped(None), real.shaped(None), made.shaped(None)), names)
    batch, rows, columns = found
    full = call.flag("full_matrices") if "full_matrices" in call.arguments else call.flag("some") is False
    inner = smaller(rows, columns)
    left = rows if full else inner
    right = columns if full else inner
    last = (*batch, right, columns) if names[2] == "Vh" else (*batch, columns, right)
    known = full is not None
    shapes = ((*batch, rows, left), (*batch, inner), last)
    items = (
        made.shaped(shapes[0] if known else None),
        real.shaped(shapes[1]),
        made.shaped(shapes[2] if known else None),
    )
    return Tuple(items, names)


def qr_result(call: Call, made: Made) -> Value:
    """Q and R."""
    found = _square(call)
    if found is None:
        return Tuple((made.shaped(None), made.shaped(None)), ("Q", "R"))
    batch, rows, columns = found
    mode = call.text("mode") if "mode" in call.arguments else ("reduced" if call.flag("some") else "complete")
    inner = rows if mode == "complete" else smaller(rows, columns)
    left: Shape = (0,) if mode == "r" else (*batch, rows, inner)
    return Tuple((made.shaped(left), made.shaped((*batch, inner, columns))), ("Q", "R"))


def eigh_result(call: Call, made: Made) -> Value:
    """Real eigenvalues and eigenvectors."""
    found = _square(call)
    real = made.typed(real_of(made.dtype), made.dtype_from)
    values = real.shaped((*found[0], found[1]) if found else None)
    return Tuple((values, made.shaped(call.shape("input"))), ("eigenvalues", "eigenvectors"))


def eig_result(call: Call, made: Made) -> Value:
    """Complex eigenvalues and eigenvectors."""
    found = _square(call)
    values = made.shaped((*found[0], found[1]) if found else None)
    return Tuple((values, made.shaped(call.shape("input"))), ("eigenvalues", "eigenvectors"))


def slogdet_result(call: Call, made: Made) -> Value:
    """Sign and logarithm of the determinant."""
    shape = batch_only(call)
    real = made.typed(real_of(made.dtype), made.dtype_from)
    return Tuple((made.shaped(shape), real.shaped(shape)), ("sign", "logabsdet"))


def integers_of_result(call: Call, made: Made, shape: Shape | None) -> Tensor:
    """The int32 pivots or error codes beside a result."""
    return made.typed(INT32)._replace(requires_grad=False, shape=shape).tensor()


def with_info(call: Call, made: Made) -> Value:
    """A result and one error code a matrix: inv_ex, cholesky_ex, solve_ex."""
    name = {"inv_ex": "inverse", "cholesky_ex": "L", "solve_ex": "result"}.get(call.short, "result")
    return Tuple((made.tensor(), integers_of_result(call, made, batch_only(call))), (name, "info"))


def factors(call: Call, made: Made) -> Value:
    """LU or LD and pivots, and error codes where asked."""
    pivots = integers_of_result(call, made, diagonal_of(call))
    info = (integers_of_result(call, made, batch_only(call)),)
    name = "LD" if call.short.startswith("ldl") else "LU"
    if call.short.endswith("_ex"):
        return Tuple((made.tensor(), pivots, *info), (name, "pivots", "info"))
    return Tuple((made.tensor(), pivots), (name, "pivots"))


def lu_result(call: Call, made: Made) -> Value:
    """P, L and U."""
    found = _square(call)
    if found is None:
        return Tuple((made.shaped(None),) * 3, ("P", "L", "U"))
    batch, rows, columns = found
    inner = smaller(rows, columns)
    pivot = call.flag("pivot")
    first = made.shaped((*batch, rows, rows) if pivot else (0,))
    return Tuple((first, made.shaped((*batch, rows, inner)), made.shaped((*batch, inner, columns))), ("P", "L", "U"))


def pair(*names: str) -> Callable[[Call, Made], Value]:
    """Two results of the same dtype whose shapes are not followed."""

    def word(call: Call, made: Made) -> Value:
        return Tuple(tuple(made.shaped(None) for _ in names), names)

    return word


def vector_norm_shape(call: Call) -> Shape | None:
    """linalg.vector_norm and norm: reduced over dim."""
    return reduced(call)


def matrix_norm_shape(call: Call) -> Shape | None:
    """linalg.matrix_norm: reduced over two dimensions."""
    dims = call.dims("dim")
    return without(call.shape("input"), dims, call.flag("keepdim"))


def tensorinv_shape(call: Call) -> Shape | None:
    """linalg.tensorinv: the two halves of the dimensions swapped."""
    shape, index = call.shape("input"), call.integer("ind")
    return None if shape is None or index is None else (*shape[index:], *shape[:index])


def vander_shape(call: Call) -> Shape | None:
    """linalg.vander: powers along a new dimension."""
    shape = call.shape("input")
    if shape is None:
        return None
    count: Dim = shape[-1] if call.absent("N") and shape else call.integer("N")
    return (*(shape or (1,)), count)


def b_and_a(right: str, matrix: str) -> Callable[[Call], None]:
    """Both sides of an equation of one dtype."""
    text = "Expected b and A to have the same dtype, but found b of type {0} and A of type {1} instead."
    return same_dtypes(right, matrix, text=text)


def lu_and_b(matrix: str, right: str) -> Callable[[Call], None]:
    """A factorisation and the right side of one dtype."""
    text = (
        "linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type {0} and B of type {1} instead"
    )
    return same_dtypes(matrix, right, text=text)


def pseudo_inverse(call: Call) -> None:
    """linalg.pinv takes single and double precision."""
    own = call.tensor("input")
    if own is None or own.shape is None or not isinstance(own.dtype, DType):
        return
    if own.dtype.name not in ("float32", "float64", "complex64", "complex128"):
        text = (
            f"linalg.pinv({scalar_type(own.dtype)}{{{list(own.shape)}}}): expected a tensor with 2 or more dimensions "
            "of float, double, cfloat or cdouble types"
        )
        call.clash(Refusal.FLOAT_NEEDED, ("input",), text)


def inverse_power(call: Call) -> None:
    """linalg.matrix_power inverts for a negative exponent."""
    if (call.integer("n") or 0) < 0:
        _single_or_double(call, "linalg.inv")


def singular_norm(call: Call) -> None:
    """Norms of singular values are computed in single or double precision."""
    order = call.value("ord") if "ord" in call.arguments else call.value("p")
    matrix = call.short == "matrix_norm"
    if order == Const("nuc") or (matrix and order in (Const(2), Const(-2), Const(2.0), Const(-2.0))):
        _single_or_double(call, "linalg.matrix_norm")


def _single_or_double(call: Call, name: str) -> None:
    own = call.tensor("input")
    if own is None or not isinstance(own.dtype, DType) or not call.absent("dtype"):
        return
    found = scalar_type(own.dtype)
    if own.dtype in (FLOAT16, BFLOAT16):
        call.clash(Refusal.NO_KERNEL, ("input",), f"{name}: Low precision dtypes not supported. Got {found}")
    elif is_inexact(own.dtype) is False:
        text = f"{name}: Expected a floating point or complex tensor as input. Got {found}"
        call.clash(Refusal.FLOAT_NEEDED, ("input",), text)


def centred(call: Call) -> None:
    """torch.svd_lowrank multiplies what it subtracts with what it subtracts from."""
    shape = call.shape("A")
    if shape is not None and len(shape) == 2:
        same_dtypes("A", "M", text="expected m1 and m2 to have the same dtype, but got: {c1} != {c0}")(call)
    elif shape is not None:
        same_dtypes("A", "M", text="expected scalar type {0} but found {1}")(call)


def lowrank_result(call: Call, made: Made) -> Value:
    """U, S and V of a part of a matrix."""
    real = made.typed(real_of(made.dtype), made.dtype_from)
    return Tuple((made.shaped(None), real.shaped(None), made.shaped(None)))


def lstsq_result(call: Call, made: Made) -> Value:
    """Solution, residuals, rank and singular values."""
    rank = integers_of_result(call, made.typed(INT64), None)
    real = made.typed(real_of(made.dtype)).shaped(None)
    items = (made.shaped(None), real, replace(rank, dtype=INT64), real)
    return Tuple(items, ("solution", "residuals", "rank", "singular_values"))
