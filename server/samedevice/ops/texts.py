"""How PyTorch's messages name dtypes and devices."""

from __future__ import annotations

from samedevice.values.device import AnyDevice, Device
from samedevice.values.dtype import AnyDType, DType

_SCALAR = {
    "bool": "Bool",
    "uint8": "Byte",
    "int8": "Char",
    "int16": "Short",
    "int32": "Int",
    "int64": "Long",
    "float16": "Half",
    "bfloat16": "BFloat16",
    "float32": "Float",
    "float64": "Double",
    "complex32": "ComplexHalf",
    "complex64": "ComplexFloat",
    "complex128": "ComplexDouble",
    "uint16": "UInt16",
    "uint32": "UInt32",
    "uint64": "UInt64",
    "float8_e4m3fn": "Float8_e4m3fn",
    "float8_e5m2": "Float8_e5m2",
}
_C_TYPE = {
    "bool": "bool",
    "uint8": "unsigned char",
    "int8": "signed char",
    "int16": "short",
    "int32": "int",
    "int64": "long int",
    "float16": "c10::Half",
    "bfloat16": "c10::BFloat16",
    "float32": "float",
    "float64": "double",
    "complex32": "c10::complex<c10::Half>",
    "complex64": "c10::complex<float>",
    "complex128": "c10::complex<double>",
}


def scalar_type(dtype: AnyDType) -> str:
    """`Float` for float32."""
    return _SCALAR.get(dtype.name, dtype.name) if isinstance(dtype, DType) else "Float"


def c_type(dtype: AnyDType) -> str:
    """`float` for float32, `c10::Half` for float16."""
    return _C_TYPE.get(dtype.name, dtype.name) if isinstance(dtype, DType) else "float"


def tensor_type(device: AnyDevice, dtype: AnyDType) -> str:
    """`torch.cuda.FloatTensor`."""
    kind = device.kind if isinstance(device, Device) else "cuda"
    return f"torch.{'' if kind == 'cpu' else kind + '.'}{scalar_type(dtype)}Tensor"


def device_name(device: AnyDevice) -> str:
    """A device as PyTorch prints it; a symbol is taken for the first GPU."""
    return str(device) if isinstance(device, Device) else "cuda:0"


def words(text: str) -> list[str]:
    """The names in a text, as rows list them."""
    return text.split()
