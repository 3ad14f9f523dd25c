"""Rows: special functions, and masked forms."""

from __future__ import annotations

from samedevice.ops.row import op
from samedevice.ops.texts import words
from samedevice.ops.words_device import iterated
from samedevice.ops.words_dtype import floated, follows, promotes_to_float
from samedevice.ops.words_shape import broadcasts, like, reduced

for _name in words(
    """airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 digamma psi entr erf erfc erfcx erfinv exp2 expit expm1
    gammaln i0 i0e i1 i1e log1p log_ndtr modified_bessel_i0 modified_bessel_i1 modified_bessel_k0
    modified_bessel_k1 ndtr ndtri scaled_modified_bessel_k0 scaled_modified_bessel_k1 sinc spherical_bessel_j0"""
):
    op(f"torch.special.{_name}(input, *, out=None)", dtype=floated, shape=like())
op("torch.special.logit(input, eps=None, *, out=None)", dtype=floated, shape=like(), device=iterated("input"))
op("torch.special.round(input, *, decimals=0, out=None)", dtype=follows(), shape=like())
op("torch.special.polygamma(n, input, *, out=None)", dtype=floated, shape=like(), device=iterated("input"))
for _name in ["multigammaln"]:
    op(f"torch.special.{_name}(input, p, *, out=None)", dtype=floated, shape=like(), device=iterated("input"))
for _name in ["xlog1py", "xlogy", "zeta", "gammainc", "gammaincc"]:
    op(f"torch.special.{_name}(input, other, *, out=None)", dtype=floated)
for _name in words(
    """chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w
    hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p
    shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v
    shifted_chebyshev_polynomial_w"""
):
    op(
        f"torch.special.{_name}(input, n, *, out=None)",
        dtype=promotes_to_float("input", "n"),
        shape=broadcasts("input", "n"),
    )
op("torch.special.logsumexp(input, dim, keepdim=False, *, out=None)", dtype=floated, shape=reduced)
