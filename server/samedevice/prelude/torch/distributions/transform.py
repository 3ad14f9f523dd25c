# Transforms of values, element by element.


class Transform:
    def __init__(self, cache_size=0):
        pass

    def __call__(self, x):
        return torch.sigmoid(x)

    @property
    def inv(self):
        return self

    def log_abs_det_jacobian(self, x, y):
        return x - y


class AffineTransform(Transform):
    def __init__(self, loc, scale, event_dim=0, cache_size=0):
        self.loc = loc
        self.scale = scale

    def __call__(self, x):
        return self.loc + self.scale * x

    def log_abs_det_jacobian(self, x, y):
        return torch.zeros_like(x) + self.scale


class ComposeTransform(Transform):
    def __init__(self, parts, cache_size=0):
        self.parts = parts

    def __call__(self, x):
        for part in self.parts:
            x = part(x)
        return x


class PowerTransform(Transform):
    def __init__(self, exponent, cache_size=0):
        self.exponent = exponent

    def __call__(self, x):
        return x.pow(self.exponent)


class ExpTransform(Transform):
    pass


class SigmoidTransform(Transform):
    pass


class TanhTransform(Transform):
    pass


class SoftplusTransform(Transform):
    pass


class AbsTransform(Transform):
    pass


class SoftmaxTransform(Transform):
    pass
