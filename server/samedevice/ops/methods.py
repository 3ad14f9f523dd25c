"""Which public names are Tensor methods, in-place forms and operators of which rows."""

from __future__ import annotations

from collections.abc import Sequence

from samedevice.ops.row import ROWS, Row
from samedevice.ops.rows import load_numpy
from samedevice.ops.texts import words
from samedevice.values.value import Tensor, Value

METHODS = frozenset(
    words(
        """abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr adjoint all allclose amax amin aminmax
    angle any arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin argsort argwhere as_strided
    as_strided_scatter asin asinh atan atan2 atanh baddbmm bernoulli bfloat16 bincount bitwise_and
    bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor bmm bool broadcast_to cdouble ceil
    cfloat chalf cholesky cholesky_inverse cholesky_solve chunk clamp clamp_max clamp_min clip clone conj
    conj_physical copysign corrcoef cos cosh count_nonzero cov cpu cross cuda cummax cummin cumprod cumsum
    deg2rad dequantize det detach device diag diag_embed diagflat diagonal diagonal_scatter diff digamma dist
    div divide dot double dsplit dtype eig eq equal erf erfc erfinv exp exp2 expm1 fix flatten flip fliplr
    flipud float float_power floor floor_divide fmax fmin fmod frac frexp gather gcd ge geqrf ger get_device
    greater greater_equal gt half hardshrink hash_tensor heaviside histc histogram hsplit hypot i0 igamma
    igammac imag index_add index_copy index_fill index_put index_reduce index_select inner int int_repr inverse
    is_complex is_conj is_distributed is_floating_point is_inference is_neg is_nonzero is_same_size is_signed
    isclose isfinite isinf isnan isneginf isposinf isreal istft kron kthvalue layout lcm ldexp le lerp less
    less_equal lgamma log log10 log1p log2 log_softmax logaddexp logaddexp2 logcumsumexp logdet logical_and
    logical_not logical_or logical_xor logit logsumexp long lstsq lt lu lu_solve masked_fill masked_scatter
    masked_select matmul matrix_exp matrix_power max maximum mean median min minimum mm mode moveaxis movedim
    msort mtia mul multinomial multiply mv mvlgamma nan_to_num nanmean nanmedian nanquantile nansum narrow
    narrow_copy ne neg negative nextafter nonzero nonzero_static norm not_equal numel orgqr ormqr outer permute
    pinverse polygamma positive pow prelu prod put q_per_channel_axis q_per_channel_scales
    q_per_channel_zero_points q_scale q_zero_point qr qscheme quantile rad2deg ravel real reciprocal relu
    remainder renorm repeat_interleave reshape resolve_conj resolve_neg roll rot90 round rsqrt scatter
    scatter_add scatter_reduce select select_scatter sgn short sigmoid sign signbit sin sinc sinh slice_inverse
    slice_scatter slogdet smm softmax solve sort split split_with_sizes sqrt square squeeze sspaddmm std stft
    storage sub subtract sum svd swapaxes swapdims symeig t take take_along_dim tan tanh tensor_split tile topk
    trace transpose triangular_solve tril triu true_divide trunc unbind unflatten unique unique_consecutive
    unsafe_chunk unsafe_split unsafe_split_with_sizes unsqueeze var vdot vsplit where xlogy xpu"""
    )
)
"""The functions of `torch` that are methods of Tensor too."""

INPLACE = frozenset(
    words(
        """abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr apply arccos arccosh arcsin arcsinh
    arctan arctan2 arctanh as_strided asin asinh atan atan2 atanh baddbmm bernoulli bitwise_and
    bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor cauchy ceil clamp clamp_max
    clamp_min clip conj_physical copy copysign cos cosh cumprod cumsum deg2rad detach digamma div divide eq erf
    erfc erfinv exp exp2 expm1 exponential fill fill_diagonal fix float_power floor floor_divide fmod frac gcd
    ge geometric greater greater_equal gt heaviside hypot i0 igamma igammac index_add index_copy index_fill
    index_put index_reduce lcm ldexp le lerp less less_equal lgamma log log10 log1p log2 log_normal logical_and
    logical_not logical_or logical_xor logit lt map map2 masked_fill masked_scatter mul multiply mvlgamma
    nan_to_num ne neg negative nextafter normal not_equal polygamma pow put rad2deg random reciprocal relu
    remainder renorm requires_grad resize resize_as resize_as_sparse round rsqrt scatter scatter_add
    scatter_reduce set sgn share_memory sigmoid sign sin sinc sinh sparse_resize sparse_resize_and_clear sqrt
    square squeeze sub subtract swapaxes swapdims t tan tanh transpose tril triu true_divide trunc uniform
    unsqueeze xlogy zero"""
    )
)
"""The methods of Tensor that have a form with `_`, which writes into the tensor."""

OPERATORS = {
    "add": "add",
    "sub": "sub",
    "mul": "mul",
    "truediv": "div",
    "div": "div",
    "floordiv": "floor_divide",
    "mod": "remainder",
    "pow": "pow",
    "matmul": "matmul",
    "and": "bitwise_and",
    "or": "bitwise_or",
    "xor": "bitwise_xor",
    "lshift": "bitwise_left_shift",
    "rshift": "bitwise_right_shift",
    "eq": "eq",
    "ne": "ne",
    "lt": "lt",
    "le": "le",
    "gt": "gt",
    "ge": "ge",
    "neg": "neg",
    "pos": "positive",
    "invert": "bitwise_not",
    "abs": "abs",
}
"""Python's operators, each with its function."""

_NO_INPLACE = frozenset({"matmul", "eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "invert", "abs"})


class Resolved:
    """The rows of a public name, and how it is called."""

    __slots__ = ("inplace", "reversed", "rows")

    def __init__(self, rows: list[Row], inplace: bool = False, reversed: bool = False) -> None:
        self.rows = rows
        self.inplace = inplace
        self.reversed = reversed


_KNOWN: dict[str, Resolved | None] = {}


def resolved(name: str) -> Resolved | None:
    """The rows that answer to a public name; None where there is none."""
    if name not in _KNOWN:
        _KNOWN[name] = _resolve(name)
    return _KNOWN[name]


def _resolve(name: str) -> Resolved | None:
    if name.startswith("numpy."):
        load_numpy()
    rows = ROWS.get(name)
    if rows:
        return Resolved(rows)
    prefix, _, last = name.rpartition(".")
    if prefix == "torch.Tensor":
        return _method(last)
    if prefix in ("torch", "torch.nn.functional") and last.endswith("_") and last[:-1] in INPLACE | _FUNCTIONAL:
        inner = ROWS.get(f"{prefix}.{last[:-1]}")
        return Resolved(inner, inplace=True) if inner else None
    return None


_FUNCTIONAL = frozenset(
    words(
        """relu elu selu celu leaky_relu rrelu hardtanh threshold relu6 dropout feature_alpha_dropout alpha_dropout"""
    )
)


def _method(last: str) -> Resolved | None:
    if last.startswith("__"):
        return _dunder(last[2:-2])
    if last.endswith("_") and last[:-1] in INPLACE:
        found = ROWS.get(f"torch.Tensor.{last[:-1]}") or _of_function(last[:-1])
        return Resolved(found, inplace=True) if found else None
    if last in METHODS:
        found = _of_function(last)
        return Resolved(found) if found else None
    return None


def _of_function(name: str) -> list[Row] | None:
    """The rows of `torch.NAME` whose first parameter is the tensor."""
    rows = [row for row in ROWS.get(f"torch.{name}", ()) if row.text.partition("(")[2].startswith("input")]
    return rows or None


def _dunder(name: str) -> Resolved | None:
    if name in OPERATORS:
        found = ROWS.get(f"torch.{OPERATORS[name]}")
        return Resolved(found) if found else None
    first, plain = name[:1], OPERATORS.get(name[1:])
    if plain is None or first not in ("r", "i"):
        return None
    found = ROWS.get(f"torch.{plain}")
    if not found or (first == "i" and name[1:] in _NO_INPLACE):
        return None
    return Resolved(found, inplace=first == "i", reversed=first == "r")


def in_source_order(args: Sequence[Value]) -> Sequence[Value]:
    """The operands of a reversed operator as the user wrote them: the tensor that was asked stands last."""
    if len(args) == 2 and not (isinstance(args[1], Tensor) and not isinstance(args[0], Tensor)):
        return (args[1], args[0])
    return args
