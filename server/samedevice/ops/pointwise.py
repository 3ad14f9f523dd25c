"""Rows: element-wise functions and operators."""

from __future__ import annotations

from samedevice.ops.row import op
from samedevice.ops.texts import words
from samedevice.ops.words_check import (
    alpha_fits,
    condition_is_bool,
    fits,
    mask_is_bool,
    no_bool_subtraction,
    no_integer_negative_power,
    same_dtypes,
    zero_dim_value,
)
from samedevice.ops.words_device import checked, iterated
from samedevice.ops.words_dtype import (
    complex_of_real,
    fixed,
    float_of_input,
    floated,
    follows,
    promotes,
    real_part,
)
from samedevice.ops.words_pointwise import (
    at_least_double,
    clamp_device,
    compared,
    division_dtype,
    frexp_result,
    masked_fill_device,
    rounded_floats,
    scalar_first_refused,
    where_device,
    where_one,
)
from samedevice.ops.words_shape import broadcasts, like

for _name in words(
    """acos arccos acosh arccosh asin arcsin asinh arcsinh atan arctan atanh arctanh cos cosh erf erfc erfinv exp
    exp2 expm1 digamma i0 lgamma log log10 log1p log2 rad2deg deg2rad reciprocal rsqrt sigmoid sin sinc sinh
    sqrt tan tanh"""
):
    op(f"torch.{_name}(input, *, out=None)", dtype=floated, shape=like())
op("torch.logit(input, eps=None, *, out=None)", dtype=floated, shape=like(), device=iterated("input"))
op("torch.mvlgamma(input, p, *, out=None)", dtype=floated, shape=like(), device=iterated("input"))
op("torch.polygamma(n, input, *, out=None)", dtype=floated, shape=like(), device=iterated("input"))
op("torch.Tensor.polygamma(input, n)", dtype=floated, shape=like(), device=iterated("input"))

for _name in words("""ceil fix floor frac neg negative positive sgn sign trunc relu conj_physical"""):
    op(f"torch.{_name}(input, *, out=None)", dtype=follows(), shape=like())
op("torch.round(input, *, decimals=0, out=None)", dtype=follows(), shape=like(), checks=(rounded_floats,))
op("torch.square(input, *, out=None)", dtype=promotes("input", "two"), shape=like())
op("torch.abs(input, *, out=None)", dtype=real_part, shape=like(), also=("torch.absolute",))
op("torch.angle(input, *, out=None)", dtype=float_of_input, shape=like())
op("torch.conj(input)", dtype=follows(), shape=like(), also=("torch.resolve_conj", "torch.resolve_neg"))
op("torch.bitwise_not(input, *, out=None)", dtype=follows(), shape=like())
for _name in words("isfinite isinf isnan isreal isneginf isposinf signbit logical_not"):
    op(f"torch.{_name}(input, *, out=None)", dtype=fixed("bool"), shape=like(), grad=False)
op("torch.nan_to_num(input, nan=0.0, posinf=None, neginf=None, *, out=None)", dtype=follows(), shape=like())
op("torch.frexp(input, *, out=None)", dtype=follows(), shape=like(), result=frexp_result)

op("torch.add(input, other, *, alpha=1, out=None)", checks=(alpha_fits,))
op("torch.sub(input, other, *, alpha=1, out=None)", checks=(no_bool_subtraction, alpha_fits), also=("torch.subtract",))
op("torch.rsub(input, other, *, alpha=1)", checks=(no_bool_subtraction, alpha_fits))
op("torch.mul(input, other, *, out=None)", also=("torch.multiply",))
op(
    "torch.div(input, other, *, rounding_mode=None, out=None)",
    dtype=division_dtype,
    also=("torch.divide",),
)
op("torch.true_divide(input, other, *, out=None)", dtype=floated)
for _name in words(
    """floor_divide fmod remainder maximum minimum fmax fmin hypot gcd lcm bitwise_left_shift bitwise_right_shift
    bitwise_and bitwise_or bitwise_xor"""
):
    op(f"torch.{_name}(input, other, *, out=None)")
for _name in ["copysign", "atan2", "arctan2", "ldexp", "xlogy"]:
    op(f"torch.{_name}(input, other, *, out=None)", dtype=floated)
for _name in ["logaddexp", "logaddexp2", "nextafter"]:
    op(f"torch.{_name}(input, other, *, out=None)", device=checked(_name, self="input", other="other"))
for _name in ["igamma", "igammac"]:
    op(f"torch.{_name}(input, other, *, out=None)", dtype=floated, device=checked(_name, self="input", other="other"))
op(
    "torch.pow(input, exponent, *, out=None)",
    dtype=promotes("input", "exponent"),
    shape=broadcasts("input", "exponent"),
    checks=(no_integer_negative_power,),
)
op(
    "torch.float_power(input, exponent, *, out=None)",
    dtype=at_least_double,
    shape=broadcasts("input", "exponent"),
)
op(
    "torch.heaviside(input, values, *, out=None)",
    dtype=follows(),
    shape=broadcasts("input", "values"),
    checks=(
        same_dtypes("input", "values", text="heaviside is not yet implemented for tensors with different dtypes."),
    ),
)
for _name in words("eq ne lt le gt ge not_equal less less_equal greater greater_equal"):
    op(f"torch.{_name}(input, other, *, out=None)", dtype=fixed("bool"), grad=False, result=compared)
for _name in ["logical_and", "logical_or", "logical_xor"]:
    op(
        f"torch.{_name}(input, other, *, out=None)",
        dtype=fixed("bool"),
        grad=False,
        checks=(scalar_first_refused,),
    )
op(
    "torch.isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)",
    dtype=fixed("bool"),
    grad=False,
    checks=(same_dtypes("input", "other", text="{0} did not match {1}"),),
)
op(
    "torch.clamp(input, min=None, max=None, *, out=None)",
    device=clamp_device,
    dtype=promotes("input", "min", "max"),
    shape=broadcasts("input", "min", "max"),
    checks=(fits("min"), fits("max")),
    also=("torch.clip",),
)
for _name in ["min", "max"]:
    op(
        f"torch.clamp_{_name}(input, {_name}, *, out=None)",
        device=checked(f"clamp_{_name}_Tensor", self="input", **{_name: _name}),
        dtype=promotes("input", _name),
        shape=broadcasts("input", _name),
        checks=(fits(_name),),
    )
for _name, _exempt in {"addcmul": ("tensor2",), "addcdiv": ()}.items():
    op(
        f"torch.{_name}(input, tensor1, tensor2, *, value=1, out=None)",
        device=iterated("input", "tensor1", "tensor2", exempt=_exempt),
        dtype=promotes("input", "tensor1", "tensor2"),
        shape=broadcasts("input", "tensor1", "tensor2"),
    )
op(
    "torch.lerp(input, end, weight: any, *, out=None)",
    device=iterated("input", "end", "weight", exempt=("weight",)),
    dtype=follows(),
    shape=broadcasts("input", "end", "weight"),
    checks=(
        same_dtypes("input", "end", text="expected dtype {c0} for `end` but got dtype {c1}"),
        same_dtypes("input", "weight", text="expected dtype {c0} for `weight` but got dtype {c1}"),
    ),
)
op(
    "torch.where(condition, input, other, *, out=None)",
    device=where_device,
    shape=broadcasts("condition", "input", "other"),
    checks=(condition_is_bool,),
)
op("torch.where(condition)", device=iterated("condition"), dtype=fixed("int64"), result=where_one, grad=False)
op(
    "torch.Tensor.where(input, condition, other)",
    device=where_device,
    shape=broadcasts("condition", "input", "other"),
    checks=(condition_is_bool,),
)
op(
    "torch.masked_fill(input, mask, value)",
    device=masked_fill_device,
    dtype=follows(),
    shape=broadcasts("input", "mask"),
    checks=(mask_is_bool, fits("value"), zero_dim_value),
)
op(
    "torch.complex(real, imag, *, out=None)",
    device=checked("out_complex_out", real="real", imag="imag"),
    dtype=complex_of_real,
    shape=broadcasts("real", "imag"),
    checks=(
        same_dtypes(
            "real",
            "imag",
            text="Expected object of scalar type {0} but got scalar type {1} for second argument",
        ),
    ),
)
op(
    "torch.polar(abs, angle, *, out=None)",
    device=checked("out_polar_out", abs="abs", angle="angle"),
    dtype=complex_of_real,
    shape=broadcasts("abs", "angle"),
    checks=(
        same_dtypes(
            "abs",
            "angle",
            text="Expected object of scalar type {0} but got scalar type {1} for second argument",
        ),
    ),
)
