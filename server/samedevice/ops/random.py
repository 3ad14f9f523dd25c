"""Rows: random numbers."""

from __future__ import annotations

from samedevice.ops.row import does, op
from samedevice.ops.words_attributes import nothing
from samedevice.ops.words_creation import empty_result, generator_fits, grad_needs_float, int64_or_given
from samedevice.ops.words_device import following, given_device, given_or_following
from samedevice.ops.words_dtype import fixed, follows, given_dtype, given_or
from samedevice.ops.words_random import (
    multinomial_dtype,
    multinomial_shape,
    normal_device,
    normal_dtype,
    normal_floats,
    normal_shape,
    sampled_as_float,
)
from samedevice.ops.words_shape import like, of_sizes, sized

_OPTIONS = "generator=None, out=None, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False"
_LIKE = "dtype=None, layout=None, device=None, requires_grad=False, memory_format=None, generator=None"

for _name in ["rand", "randn"]:
    op(
        f"torch.{_name}(*size, {_OPTIONS}, names=None)",
        device=given_device,
        dtype=given_dtype,
        shape=sized(),
        checks=(generator_fits, grad_needs_float, sampled_as_float),
        result=empty_result,
    )
    op(
        f"torch.{_name}_like(input, *, {_LIKE})",
        device=given_or_following(),
        dtype=given_or(follows()),
        shape=like(),
        checks=(generator_fits, grad_needs_float, sampled_as_float),
        result=empty_result,
    )
for _bounds in "high, size", "low, high, size":
    op(
        f"torch.randint({_bounds}, *, {_OPTIONS})",
        device=given_device,
        dtype=int64_or_given,
        shape=sized(),
        checks=(generator_fits,),
        result=empty_result,
    )
for _bounds in "high", "low, high":
    op(
        f"torch.randint_like(input, {_bounds}, *, {_LIKE})",
        device=given_or_following(),
        dtype=given_or(follows()),
        shape=like(),
        checks=(generator_fits,),
        result=empty_result,
    )
op(
    f"torch.randperm(n, *, {_OPTIONS})",
    device=given_device,
    dtype=int64_or_given,
    shape=of_sizes("n"),
    checks=(generator_fits,),
    result=empty_result,
)
op(
    f"torch.normal(mean, std=1.0, size=None, *, {_OPTIONS})",
    device=normal_device,
    dtype=normal_dtype,
    shape=normal_shape,
    checks=(normal_floats, generator_fits),
)
op(
    "torch.bernoulli(input, p=None, *, generator=None, out=None)",
    device=following(),
    dtype=follows(),
    shape=like(),
    checks=(generator_fits,),
)
op("torch._sample_dirichlet(input, generator=None)", device=following(), dtype=follows(), shape=like())
op(
    "torch.poisson(input, generator=None)",
    device=following(),
    dtype=follows(),
    shape=like(),
    checks=(generator_fits,),
)
op(
    "torch.binomial(count, prob, generator=None)",
    device=following("count"),
    dtype=follows("count"),
    shape=like("count"),
    checks=(generator_fits,),
)
op(
    "torch.multinomial(input, num_samples, replacement=False, *, generator=None, out=None)",
    device=following(),
    dtype=fixed("int64"),
    shape=multinomial_shape,
    grad=False,
    checks=(multinomial_dtype, generator_fits),
)
for _name in ["torch.manual_seed", "torch.cuda.manual_seed", "torch.cuda.manual_seed_all", "torch.seed"]:
    does(f"{_name}(seed=None)", nothing)
