# Distributions that work element by element.


class Normal(_Elementwise):
    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = self._set(loc, scale)

    def sample(self, sample_shape=()):
        shape = self._extended_shape(sample_shape)
        with torch.no_grad():
            return torch.normal(self.loc.expand(shape), self.scale.expand(shape))

    def rsample(self, sample_shape=()):
        shape = self._extended_shape(sample_shape)
        eps = torch.empty(shape, dtype=self.loc.dtype, device=self.loc.device)
        return self.loc + eps * self.scale

    @property
    def mean(self):
        return self.loc

    @property
    def mode(self):
        return self.loc

    @property
    def stddev(self):
        return self.scale

    @property
    def variance(self):
        return self.scale.pow(2)

    def entropy(self):
        return 0.5 + torch.log(self.scale)


class LogNormal(_Elementwise):
    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = self._set(loc, scale)


class Laplace(_Elementwise):
    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = self._set(loc, scale)


class Cauchy(_Elementwise):
    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = self._set(loc, scale)


class Gumbel(_Elementwise):
    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = self._set(loc, scale)


class Uniform(_Elementwise):
    def __init__(self, low, high, validate_args=None):
        self.low, self.high = self._set(low, high)


class Gamma(_Elementwise):
    def __init__(self, concentration, rate, validate_args=None):
        self.concentration, self.rate = self._set(concentration, rate)


class InverseGamma(_Elementwise):
    def __init__(self, concentration, rate, validate_args=None):
        self.concentration, self.rate = self._set(concentration, rate)


class Beta(_Elementwise):
    def __init__(self, concentration1, concentration0, validate_args=None):
        self.concentration1, self.concentration0 = self._set(concentration1, concentration0)


class Exponential(_Elementwise):
    def __init__(self, rate, validate_args=None):
        (self.rate,) = self._set(rate)


class HalfNormal(_Elementwise):
    def __init__(self, scale, validate_args=None):
        (self.scale,) = self._set(scale)


class HalfCauchy(_Elementwise):
    def __init__(self, scale, validate_args=None):
        (self.scale,) = self._set(scale)


class StudentT(_Elementwise):
    def __init__(self, df, loc=0.0, scale=1.0, validate_args=None):
        self.df, self.loc, self.scale = self._set(df, loc, scale)


class Chi2(_Elementwise):
    def __init__(self, df, validate_args=None):
        (self.df,) = self._set(df)


class FisherSnedecor(_Elementwise):
    def __init__(self, df1, df2, validate_args=None):
        self.df1, self.df2 = self._set(df1, df2)


class Weibull(_Elementwise):
    def __init__(self, scale, concentration, validate_args=None):
        self.scale, self.concentration = self._set(scale, concentration)


class Pareto(_Elementwise):
    def __init__(self, scale, alpha, validate_args=None):
        self.scale, self.alpha = self._set(scale, alpha)


class Kumaraswamy(_Elementwise):
    def __init__(self, concentration1, concentration0, validate_args=None):
        self.concentration1, self.concentration0 = self._set(concentration1, concentration0)


class VonMises(_Elementwise):
    has_rsample = False

    def __init__(self, loc, concentration, validate_args=None):
        self.loc, self.concentration = self._set(loc, concentration)


class Poisson(_Elementwise):
    has_rsample = False

    def __init__(self, rate, validate_args=None):
        (self.rate,) = self._set(rate)


class GeneralizedPareto(_Elementwise):
    def __init__(self, loc, scale, concentration, validate_args=None):
        self.loc, self.scale, self.concentration = self._set(loc, scale, concentration)


class Bernoulli(_Elementwise):
    has_rsample = False

    def __init__(self, probs=None, logits=None, validate_args=None):
        (parameter,) = self._set(logits if probs is None else probs)
        self.probs = parameter
        self.logits = parameter

    def sample(self, sample_shape=()):
        with torch.no_grad():
            return torch.bernoulli(self.probs.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value):
        logits, value = _broadcast(self.logits, value)
        return -torch.nn.functional.binary_cross_entropy_with_logits(logits, value, reduction="none")


class ContinuousBernoulli(_Elementwise):
    def __init__(self, probs=None, logits=None, lims=(0.499, 0.501), validate_args=None):
        (parameter,) = self._set(logits if probs is None else probs)
        self.probs = parameter
        self.logits = parameter


class Geometric(_Elementwise):
    has_rsample = False

    def __init__(self, probs=None, logits=None, validate_args=None):
        (parameter,) = self._set(logits if probs is None else probs)
        self.probs = parameter
        self.logits = parameter


class Binomial(_Elementwise):
    has_rsample = False

    def __init__(self, total_count=1, probs=None, logits=None, validate_args=None):
        parameter, self.total_count = self._set(logits if probs is None else probs, total_count)
        self.probs = parameter
        self.logits = parameter


class NegativeBinomial(_Elementwise):
    has_rsample = False

    def __init__(self, total_count, probs=None, logits=None, validate_args=None):
        parameter, self.total_count = self._set(logits if probs is None else probs, total_count)
        self.probs = parameter
        self.logits = parameter


class RelaxedBernoulli(_Elementwise):
    def __init__(self, temperature, probs=None, logits=None, validate_args=None):
        self.temperature = temperature
        parameter, _ = self._set(logits if probs is None else probs, temperature)
        self.probs = parameter
        self.logits = parameter
