"""Library names that are values, not functions: dtypes, numbers, flags."""

from __future__ import annotations

import math

from samedevice.values.dtype import DType
from samedevice.values.value import NONE, Const, DTypeValue, Value

_BOTH = (
    *("float16", "float32", "float64", "complex64", "complex128", "bool"),
    *("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"),
)
"""Dtypes that torch and numpy have by the same name."""
_TORCH = (
    *("bfloat16", "complex32", "qint8", "quint8", "qint32"),
    *("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"),
)
TORCH_DTYPES = {name: name for name in (*_BOTH, *_TORCH)} | {
    "half": "float16",
    "float": "float32",
    "double": "float64",
    "short": "int16",
    "int": "int32",
    "long": "int64",
    "cfloat": "complex64",
    "cdouble": "complex128",
    "chalf": "complex32",
}
NUMPY_DTYPES = {name: name for name in _BOTH} | {
    "bool_": "bool",
    "half": "float16",
    "single": "float32",
    "double": "float64",
    "float_": "float64",
    "int_": "int64",
    "intp": "int64",
    "longlong": "int64",
    "byte": "int8",
    "ubyte": "uint8",
    "short": "int16",
    "intc": "int32",
}
_NUMBERS: dict[str, Value] = {
    "math.pi": Const(math.pi),
    "math.e": Const(math.e),
    "math.inf": Const(math.inf),
    "math.tau": Const(math.tau),
    "math.nan": Const(math.nan),
    "torch.pi": Const(math.pi),
    "torch.inf": Const(math.inf),
    "torch.nan": Const(math.nan),
    "torch.e": Const(math.e),
    "torch.newaxis": NONE,
    "numpy.pi": Const(math.pi),
    "numpy.e": Const(math.e),
    "numpy.inf": Const(math.inf),
    "numpy.Inf": Const(math.inf),
    "numpy.nan": Const(math.nan),
    "numpy.NaN": Const(math.nan),
    "numpy.newaxis": NONE,
    "typing.TYPE_CHECKING": Const(False),
    "builtins.Ellipsis": Const(...),
    "builtins.__debug__": Const(True),
    "os.sep": Const("/"),
    "sys.platform": Const("linux"),
    "string.ascii_lowercase": Const("abcdefghijklmnopqrstuvwxyz"),
    "string.digits": Const("0123456789"),
}


def find(name: str) -> Value | None:
    """The value that a library name stands for."""
    root, _, rest = name.partition(".")
    if root == "torch" and rest in TORCH_DTYPES:
        return DTypeValue(DType(TORCH_DTYPES[rest]))
    if root == "numpy" and rest in NUMPY_DTYPES:
        return DTypeValue(DType(NUMPY_DTYPES[rest]), numpy=True)
    return _NUMBERS.get(name)
