# Numbers and tuples of numbers, as torch.nn.modules.utils has them too.


def _ntuple(n, name="parse"):
    def parse(x):
        return tuple(x) if isinstance(x, (tuple, list)) else (x,) * n

    return parse


def _single(x):
    return tuple(x) if isinstance(x, (tuple, list)) else (x,)


def _pair(x):
    return tuple(x) if isinstance(x, (tuple, list)) else (x, x)


def _triple(x):
    return tuple(x) if isinstance(x, (tuple, list)) else (x, x, x)


def _quadruple(x):
    return tuple(x) if isinstance(x, (tuple, list)) else (x, x, x, x)


def _tuple_of(value, n):
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * n
