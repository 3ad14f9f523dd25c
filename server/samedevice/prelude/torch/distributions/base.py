# What all distributions share.


class Distribution:
    has_rsample = False
    has_enumerate_support = False

    def __init__(self, batch_shape=(), event_shape=(), validate_args=None):
        self._batch_shape = batch_shape
        self._event_shape = event_shape

    @property
    def batch_shape(self):
        return self._batch_shape

    @property
    def event_shape(self):
        return self._event_shape

    @staticmethod
    def set_default_validate_args(value):
        pass

    def expand(self, batch_shape, _instance=None):
        return unknown()

    def sample(self, sample_shape=()):
        with torch.no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape=()):
        return unknown()

    def sample_n(self, n):
        return self.sample((n,))

    def log_prob(self, value):
        return unknown()

    def cdf(self, value):
        return self.log_prob(value)

    def icdf(self, value):
        return self.log_prob(value)

    def entropy(self):
        return unknown()

    def perplexity(self):
        return torch.exp(self.entropy())

    @property
    def stddev(self):
        return self.variance.sqrt()

    def _extended_shape(self, sample_shape=()):
        return (*sample_shape, *self._batch_shape, *self._event_shape)


class ExponentialFamily(Distribution):
    pass


def _broadcast(*values):
    # Numbers take the dtype and device of the first tensor among them, or the defaults where there is none.
    first = None
    for value in values:
        if first is None and isinstance(value, torch.Tensor):
            first = value
    if first is None:
        return tuple(torch.tensor(float(value)) for value in values)
    made = [
        value if isinstance(value, torch.Tensor) else torch.tensor(value, dtype=first.dtype, device=first.device)
        for value in values
    ]
    return tuple(torch.broadcast_tensors(*made))


class _Elementwise(Distribution):
    # All its parameters have one shape, and everything is computed element by element.
    has_rsample = True

    def _set(self, *parameters):
        self._parameters = _broadcast(*parameters)
        super().__init__(self._parameters[0].size())
        return self._parameters

    def _mixed(self):
        result = self._parameters[0]
        for parameter in self._parameters[1:]:
            result = result + parameter
        return result

    def rsample(self, sample_shape=()):
        drawn = self._parameters[0]
        drawn = torch.empty(self._extended_shape(sample_shape), dtype=drawn.dtype, device=drawn.device)
        for parameter in self._parameters:
            drawn = drawn * parameter
        return drawn

    def log_prob(self, value):
        result = value
        for parameter in self._parameters:
            result = result - parameter
        return result

    def entropy(self):
        return self._mixed()

    @property
    def mean(self):
        return self._mixed()

    @property
    def mode(self):
        return self._mixed()

    @property
    def variance(self):
        return self._mixed()


def kl_divergence(p, q):
    if isinstance(p, Independent):
        result = kl_divergence(p.base_dist, q.base_dist)
        for _ in range(p.reinterpreted_batch_ndims):
            result = result.sum(-1)
        return result
    if isinstance(p, _Elementwise) and isinstance(q, _Elementwise):
        result = p._mixed() - q._mixed()
        return result
    if isinstance(p, (Categorical, OneHotCategorical)) and isinstance(q, (Categorical, OneHotCategorical)):
        return (p.probs * (p.logits - q.logits)).sum(-1)
    if isinstance(p, Dirichlet) and isinstance(q, Dirichlet):
        return (p.concentration - q.concentration).sum(-1)
    if isinstance(p, MultivariateNormal) and isinstance(q, MultivariateNormal):
        return (q.loc - p.loc).sum(-1) + (p._tril() - q._tril()).sum((-2, -1))
    return unknown()


def register_kl(type_p, type_q):
    return lambda function: function
