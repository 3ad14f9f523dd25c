"""Rows: numpy's everyday surface."""

from __future__ import annotations

from samedevice.ops.row import does
from samedevice.ops.texts import words
from samedevice.ops.words_attributes import nothing
from samedevice.ops.words_numpy import (
    arange,
    array,
    cast_scalar,
    created,
    created_like,
    eye,
    full,
    histogram,
    of_all,
    reading,
    reads,
    returns,
    spaced,
    ufunc,
    where,
)
from samedevice.ops.words_numpy_items import (
    add_at,
    count_value,
    dtype_value,
    get_item,
    length_value,
    rank_value,
    set_item,
    shape_value,
)
from samedevice.ops.words_numpy_shape import (
    any_shape,
    appended,
    cast,
    chosen,
    concatenated,
    counted,
    expanded,
    flat,
    grids,
    indices,
    joined,
    norm,
    number,
    of_bytes,
    outer,
    product,
    random,
    reduction,
    reshaped,
    same,
    same_index,
    scan,
    split,
    squeezed,
    stacked,
    swapped,
    to_list,
    transposed,
    unknown_array,
)
from samedevice.values.value import NONE, Library, Scalar

for _name in ["zeros", "ones", "empty"]:
    does(f"numpy.{_name}(shape, dtype=None, order='C', *, device=None, like=None)", created("float64"))
    does(f"numpy.{_name}_like(a, dtype=None, order='K', subok=True, shape=None)", created_like)
does("numpy.full(shape, fill_value, dtype=None, order='C')", full)
does("numpy.full_like(a, fill_value, dtype=None, order='K', subok=True, shape=None)", created_like)
for _name in words("array asarray asanyarray ascontiguousarray asfortranarray copy"):
    does(
        f"numpy.{_name}(a, dtype=None, *, copy=None, order='K', subok=False, ndmin=0, like=None)",
        array,
    )
does("numpy.arange(stop, *, dtype=None, start=0, step=1)", arange)
does("numpy.arange(start, stop, step=1, dtype=None)", arange)
does(
    "numpy.linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0)",
    reading(["start", "stop"], spaced),
)
for _name in ["logspace", "geomspace"]:
    does(
        f"numpy.{_name}(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0)",
        reading(["start", "stop"], spaced),
    )
does("numpy.eye(N, M=None, k=0, dtype=None, order='C')", eye)
does("numpy.identity(N, dtype=None, M=None)", eye)
for _name in words(
    """float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 complex64 complex128 bool"""
):
    does(f"numpy.{_name}(a=0)", cast_scalar(_name), also=("numpy.bool_",) if _name == "bool" else ())

for _name in words("""add subtract multiply floor_divide mod remainder fmod power maximum minimum fmax fmin gcd"""):
    does(f"numpy.{_name}(x1, x2, out=None, *, where=True, dtype=None)", ufunc("same", "x1", "x2"))
for _name in ["bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift"]:
    does(f"numpy.{_name}(x1, x2, out=None, *, where=True, dtype=None)", ufunc("same", "x1", "x2"))
for _name in ["divide", "true_divide"]:
    does(f"numpy.{_name}(x1, x2, out=None, *, where=True, dtype=None)", ufunc("divide", "x1", "x2"))
for _name in ["arctan2", "hypot", "logaddexp"]:
    does(f"numpy.{_name}(x1, x2, out=None, *, where=True, dtype=None)", ufunc("float", "x1", "x2"))
for _name in words(
    """equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor isclose"""
):
    does(f"numpy.{_name}(x1, x2, out=None, *, rtol=0, atol=0, dtype=None)", ufunc("bool", "x1", "x2"))
for _name in words(
    """sin cos tan arcsin arccos arctan sinh cosh tanh exp exp2 expm1 log log2 log10 log1p sqrt cbrt deg2rad
    rad2deg radians degrees"""
):
    does(f"numpy.{_name}(x, out=None, *, where=True, dtype=None)", ufunc("float", "x"))
for _name in words(
    """negative positive absolute abs fabs square sign conj floor ceil rint trunc round around invert bitwise_not
    nan_to_num"""
):
    does(f"numpy.{_name}(x, decimals=0, out=None, *, nan=0.0, dtype=None)", ufunc("same", "x"))
for _name in ["isnan", "isinf", "isfinite", "logical_not"]:
    does(f"numpy.{_name}(x, out=None, *, where=True, dtype=None)", ufunc("bool", "x"))
does(
    "numpy.clip(x, a_min=None, a_max=None, out=None, *, dtype=None, min=None, max=None)",
    reading(words("a_min a_max min max"), ufunc("same", "x")),
)
does("numpy.where(condition, x=None, y=None)", where)

for _kind, _names in {
    "sum": "sum prod nansum nanprod",
    "mean": "mean std var median average nanmean nanstd nanvar nanmedian",
    "same": "max min amax amin nanmax nanmin ptp",
    "index": "argmax argmin nanargmax nanargmin count_nonzero",
    "bool": "any all",
}.items():
    for _name in _names.split():
        _rest = "axis=None, dtype=None, out=None, ddof=0, keepdims=False, weights=None"
        does(f"numpy.{_name}(a, {_rest})", reduction(_kind))
        does(f"numpy.ndarray.{_name}(a, {_rest})", reduction(_kind))
for _name in ["percentile", "quantile", "nanpercentile", "nanquantile"]:
    does(f"numpy.{_name}(a, q, axis=None, out=None, keepdims=False, dtype=None)", reading(["q"], reduction("mean")))
for _family in "numpy.", "numpy.ndarray.":
    for _name in ["cumsum", "cumprod"]:
        does(f"{_family}{_name}(a, axis=None, dtype=None, out=None)", scan)
    does(f"{_family}reshape(a, *shape, order='C')", reshaped)
    does(f"{_family}transpose(a, *axes)", transposed)
    does(f"{_family}squeeze(a, axis=None)", squeezed)
    does(f"{_family}swapaxes(a, axis1, axis2)", swapped)
    does(f"{_family}ravel(a, order='C')", flat)
    does(f"{_family}dot(a, b, out=None)", product)
    does(f"{_family}argsort(a, axis=-1, kind=None, order=None)", same_index)
    does(f"{_family}repeat(a, repeats, axis=None)", reading(["repeats"], any_shape))
    does(f"{_family}take(a, indices, axis=None)", reading(["indices"], any_shape))
    does(f"{_family}nonzero(a)", indices)
    does(f"{_family}diagonal(a, offset=0, axis1=0, axis2=1)", any_shape)
    does(f"{_family}trace(a, offset=0, axis1=0, axis2=1, dtype=None)", any_shape)
    does(f"{_family}searchsorted(a, v, side='left', sorter=None)", reading(["a", "v"], counted))
for _name in words("sort flip fliplr flipud roll triu tril partition gradient unwrap"):
    does(f"numpy.{_name}(a, k=0, axis=-1, kind=None)", same)
for _name in words("""diff tile rot90 moveaxis rollaxis diag pad broadcast_to kron cross resize"""):
    does(f"numpy.{_name}(a, *rest, axis=None, mode='constant', constant_values=0, n=1, k=1)", any_shape)
does("numpy.insert(a, obj, values, axis=None)", reading(["obj", "values"], any_shape))
does("numpy.delete(a, obj, axis=None)", reading(["obj"], any_shape))
does("numpy.append(arr, values, axis=None)", appended)
for _name in ["convolve", "correlate", "interp"]:
    does(f"numpy.{_name}(a, v, fp=None, mode='full')", of_all(("a", "v")))
does("numpy.expand_dims(a, axis)", expanded)
does("numpy.unique(a, return_index=False, return_inverse=False, return_counts=False, axis=None)", flat)
for _name in ["matmul", "inner", "vdot"]:
    does(f"numpy.{_name}(a, b, out=None)", product)
does("numpy.outer(a, b, out=None)", outer)
does("numpy.concatenate(arrays, axis=0, out=None)", concatenated, also=("numpy.concat",))
for _name in ["vstack", "hstack", "row_stack"]:
    does(f"numpy.{_name}(arrays)", concatenated)
does("numpy.stack(arrays, axis=0, out=None)", stacked)
for _name in ["dstack", "column_stack"]:
    does(f"numpy.{_name}(arrays)", joined)
for _name in ["split", "array_split", "hsplit", "vsplit"]:
    does(f"numpy.{_name}(a, sections, axis=0)", split)
does("numpy.meshgrid(*arrays, indexing='xy', sparse=False, copy=True)", grids)
for _name in ["bincount", "digitize", "argwhere", "flatnonzero"]:
    does(f"numpy.{_name}(a, *rest, weights=None, minlength=0)", reading(["a", "rest", "weights"], counted))
does("numpy.frombuffer(buffer, dtype=None, count=-1, offset=0)", of_bytes, also=("numpy.fromstring", "numpy.fromiter"))
for _name in words("load loadtxt genfromtxt fromfile memmap"):
    does(
        f"numpy.{_name}(*ignored, dtype=None, delimiter=None, allow_pickle=False, mmap_mode=None, skiprows=0)",
        unknown_array,
    )
does("numpy.save(file, arr, allow_pickle=True)", reads(["arr"], NONE))
does("numpy.savetxt(fname, X, fmt='%.18e', delimiter=' ', *ignored, header='', comments='# ')", reads(["X"], NONE))
for _name in ["savez", "savez_compressed"]:
    does(f"numpy.{_name}(file, *arrays)", reads(["arrays"], NONE))
does("numpy.set_printoptions(*ignored)", nothing)
does("numpy.copyto(dst, src, casting='same_kind', where=True)", reads(["src"], NONE))
does("numpy.put(a, ind, v, mode='raise')", reads(["ind", "v"], NONE))
does("numpy.fill_diagonal(a, val, wrap=False)", reads(["val"], NONE))
does("numpy.allclose(a, b, rtol=0, atol=0, equal_nan=False)", reads(["a", "b"], Scalar("bool")))
does("numpy.array_equal(a, b, equal_nan=False)", returns(Scalar("bool")))  # False where one can't be read
for _name in words("assert_allclose assert_array_equal assert_array_almost_equal assert_almost_equal"):
    does(
        f"numpy.testing.{_name}(actual, desired, *ignored, rtol=0, atol=0, decimal=6)",
        reads(["actual", "desired"], NONE),
    )
for _name in words("add subtract multiply maximum minimum"):
    does(f"numpy.{_name}.at(a, indices, b=None)", add_at)
does("numpy.linalg.norm(a, ord=None, axis=None, keepdims=False)", norm)
for _name in ["inv", "pinv", "cholesky"]:
    does(f"numpy.linalg.{_name}(a)", same)

for _name in ("det", "cond", "matrix_rank"):
    does(f"numpy.linalg.{_name}(a)", any_shape)
does("numpy.linalg.solve(a, b)", of_all(("a", "b")))
does("numpy.lib.stride_tricks.sliding_window_view(a, window_shape, axis=None)", any_shape)
does("numpy.histogram(a, bins=10, range=None, density=None, weights=None)", reading(["a", "weights"], histogram))
for _owner in "numpy.random", "numpy.random.RandomState", "numpy.random.Generator":
    does(f"{_owner}.rand(*size)", random("float64"))
    does(f"{_owner}.randn(*size)", random("float64"))
    for _text in (
        "random(size=None, dtype=None, out=None)",
        "random_sample(size=None)",
        "standard_normal(size=None, dtype=None, out=None)",
        "normal(loc=0.0, scale=1.0, size=None)",
        "uniform(low=0.0, high=1.0, size=None)",
        "exponential(scale=1.0, size=None)",
        "beta(a, b, size=None)",
        "gamma(shape, scale=1.0, size=None)",
        "laplace(loc=0.0, scale=1.0, size=None)",
        "lognormal(mean=0.0, sigma=1.0, size=None)",
        "triangular(left, mode, right, size=None)",
        "multivariate_normal(mean, cov, size=None)",
        "dirichlet(alpha, size=None)",
    ):
        does(f"{_owner}.{_text}", random("float64"))
    for _text in (
        "randint(low, high=None, size=None, dtype=None)",
        "integers(low, high=None, size=None, dtype=None, endpoint=False)",
        "binomial(n, p, size=None)",
        "poisson(lam=1.0, size=None)",
        "multinomial(n, pvals, size=None)",
    ):
        does(f"{_owner}.{_text}", random("int64"))
    does(f"{_owner}.choice(a, size=None, replace=True, p=None, axis=0, shuffle=True)", reading(["p"], chosen))
    for _name in ["permutation", "permuted"]:
        does(f"{_owner}.{_name}(a, size=None, axis=0)", chosen)
    for _name in ["shuffle", "seed"]:
        does(f"{_owner}.{_name}(x=None, axis=0)", nothing)
does("numpy.random.default_rng(seed=None)", returns(Library("numpy.random.Generator")))
does("numpy.random.RandomState(seed=None)", returns(Library("numpy.random.RandomState")))

does("numpy.ndarray.shape(a)", shape_value)
does("numpy.ndarray.dtype(a)", dtype_value)
does("numpy.ndarray.ndim(a)", rank_value)
does("numpy.ndarray.size(a)", count_value)
does("numpy.ndarray.__len__(a)", length_value)
does("numpy.ndarray.T(a)", transposed)
does("numpy.ndarray.item(a, *ignored)", number)
does("numpy.ndarray.tolist(a)", to_list)
does("numpy.ndarray.astype(a, dtype, order='K', casting='unsafe', subok=True, copy=True)", cast)
does("numpy.ndarray.flatten(a, order='C')", flat)
does("numpy.ndarray.__getitem__(a, key)", get_item)
does("numpy.ndarray.__setitem__(a, key, value)", set_item)
does("numpy.ndarray.clip(a, *limits, min=None, max=None, out=None)", reading(["limits", "min", "max"], same))
for _name in ["copy", "conj", "conjugate", "round"]:
    does(f"numpy.ndarray.{_name}(a, *ignored, min=None, max=None, decimals=0, order='C')", same)
for _name in ["real", "imag"]:
    does(f"numpy.ndarray.{_name}(a)", same)
for _name in ["sort", "fill"]:
    does(f"numpy.ndarray.{_name}(a, *ignored, axis=-1)", nothing)
does("numpy.shape(a)", shape_value)
does("numpy.ndim(a)", rank_value)
does("numpy.size(a, axis=None)", count_value)
