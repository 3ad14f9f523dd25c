"""Words for tensors made from Python values and sizes."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from samedevice.ops.arguments import device_of, dtype_of
from samedevice.ops.call import Call, DeviceFacet, DTypeFacet, Given, decided, dim_of, integer_of
from samedevice.ops.outcome import Refusal
from samedevice.ops.row import Made
from samedevice.ops.texts import device_name
from samedevice.ops.words_check import check_overflow
from samedevice.ops.words_device import given_device
from samedevice.ops.words_dtype import NOT_KNOWN, given_dtype, promoted_type
from samedevice.values.device import CPU, AnyDevice, Device, Same, SymDevice, compare
from samedevice.values.dtype import INT64, AnyDType, DType, is_inexact, number_dtype, promote
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    Array,
    Const,
    DeviceValue,
    Dim,
    How,
    Many,
    Origin,
    Scalar,
    Shape,
    Tensor,
    Tuple,
    Value,
)


def inferred_dtype(value: Value, default: AnyDType) -> AnyDType:
    """The dtype torch.tensor gives to data: that of its numbers, tensors and arrays, promoted."""
    match value:
        case Const(value=bool() | int() | float() | complex() as number):
            return number_dtype(type(number).__name__, default)
        case Scalar(type=kind):
            return number_dtype(kind, default)
        case Tensor(dtype=dtype) | Array(dtype=dtype):
            return dtype
        case Many(item=item):
            return inferred_dtype(item, default)
        case Tuple(items=()):
            return default
        case Tuple(items=items):
            found = inferred_dtype(items[0], default)
            for item in items[1:]:
                found = promote(found, inferred_dtype(item, default))
            return found
    return Unknown(Why.NOT_MODELLED)


def inferred_shape(value: Value) -> Shape | None:
    """The shape torch.tensor gives to data."""
    match value:
        case Const() | Scalar():
            return ()
        case Tensor(shape=shape) | Array(shape=shape):
            return shape
        case Many(item=item):
            return _below(None, inferred_shape(item))
        case Tuple(items=()):
            return (0,)
        case Tuple(items=items):
            return _below(len(items), inferred_shape(items[0]))
    return None


def _below(length: Dim, inner: Shape | None) -> Shape | None:
    return None if inner is None else (length, *inner)


def from_data(call: Call) -> Value:
    """torch.tensor and its kin, which copy Python data."""
    data = call.value("data")
    dtype, dtype_from = _data_dtype(call, data)
    device, device_from = _data_device(call, data)
    grad = call.flag("requires_grad")
    if grad and is_inexact(dtype) is False:
        text = "Only Tensors of floating point and complex dtype can require gradients"
        call.clash(Refusal.GRAD_DTYPE, ("requires_grad",), text)
        grad = False
    check_mps(call, device, dtype, "data")
    return Tensor(
        device,
        dtype,
        inferred_shape(data),
        requires_grad=grad,
        leaf=True,
        data=_number(data),
        device_from=device_from,
        dtype_from=dtype_from,
    )


def check_mps(call: Call, device: AnyDevice, dtype: AnyDType, name: str) -> None:
    """Refuse float64 on an MPS device."""
    if call.context.machine != "mps" or dtype != DType("float64"):
        return
    if isinstance(device, Device) and device.kind == "mps":
        text = (
            "Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support float64. "
            "Please use float32 instead."
        )
        call.clash(Refusal.MPS_FLOAT64, (name,), text, error="TypeError")


def _number(data: Value) -> int | float | bool | None:
    if isinstance(data, Const) and isinstance(data.value, int | float):
        return data.value
    return data.data if isinstance(data, Tensor) else None


def _data_dtype(call: Call, data: Value) -> DTypeFacet:
    given = dtype_of(call.value("dtype"))
    if given is not None:
        return given, decided(How.GIVEN, f"given to {call.name}")
    found = inferred_dtype(data, call.context.default_dtype)
    if isinstance(data, Tensor | Array):
        how = data.dtype_from or Origin(How.NUMPY, "the dtype of the numpy array")
        return found, how
    words = "numpy numbers" if _holds_arrays(data) else "Python numbers"
    return found, decided(How.NUMPY if words.startswith("numpy") else How.DEFAULT, f"{call.name} of {words}")


def _holds_arrays(data: Value) -> bool:
    match data:
        case Array():
            return True
        case Tuple(items=items):
            return any(_holds_arrays(item) for item in items[:4])
        case Many(item=item):
            return _holds_arrays(item)
    return False


def _data_device(call: Call, data: Value) -> DeviceFacet:
    if isinstance(data, Tensor) and call.absent("device"):
        return data.device, data.device_from
    if isinstance(data, Unknown) and call.absent("device") and call.short not in ("from_numpy",):
        # It may be a tensor, whose device would be kept.
        return Unknown(Why.NOT_MODELLED), None
    return given_device(call)


def as_data(call: Call) -> Value:
    """torch.as_tensor and torch.asarray: a tensor that is right already is returned itself."""
    data = call.value("data")
    if isinstance(data, Tensor):
        device = data.device if call.absent("device") else device_of(call.value("device"))
        dtype = dtype_of(call.value("dtype")) or data.dtype
        if device == data.device and dtype == data.dtype:
            return data
    return from_data(call)


def from_array(call: Call) -> Value:
    """torch.from_numpy shares the memory of an array, on the CPU."""
    data = call.value("data")
    if isinstance(data, Tensor | Const | Tuple | Many):
        name = {Tensor: "Tensor", Tuple: "list", Many: "list"}.get(type(data), "float")
        call.clash(Refusal.ARGUMENT, ("data",), f"expected np.ndarray (got {name})", error="TypeError")
        return Unknown(Why.CLASH)
    if isinstance(data, Array):
        origin = data.dtype_from or Origin(How.NUMPY, "the dtype of the numpy array")
        return Tensor(CPU, data.dtype, data.shape, device_from=_numpy_origin(), dtype_from=origin)
    return Tensor(CPU, Unknown(Why.NOT_MODELLED), None, device_from=_numpy_origin())


def _numpy_origin() -> Origin:
    return decided(How.NUMPY, "made from a numpy array by torch.from_numpy")


def legacy(kind: str, dtype: str) -> Callable[[Call], Value]:
    """torch.FloatTensor, torch.cuda.LongTensor and their kin; "" is torch.Tensor, of the default dtype."""
    always: AnyDevice = CPU if kind == "cpu" else Device(kind, 0)

    def word(call: Call) -> Value:
        if dtype:
            return _legacy(call, always, DType(dtype))
        home = call.context.plain_device
        data = call.value("data")
        if home != CPU and isinstance(data, Tuple) and len(data.items) == 1 and isinstance(data.items[0], Tensor):
            home = Unknown(Why.NOT_MODELLED)  # a tensor stays where it is
        return _legacy(call, home, call.context.default_dtype)

    return word


def _legacy(call: Call, home: AnyDevice, dtype: AnyDType) -> Value:
    device = home
    if not call.absent("device"):
        device = device_of(call.value("device"))
        found = device.kind if isinstance(device, Device) else device_name(device)
        expected = home.kind if isinstance(home, Device) else "cpu"
        if compare(device, home) is Same.NO and found != expected:
            call.clash(
                Refusal.LEGACY_CONSTRUCTOR,
                ("device",),
                f"legacy constructor expects device type: {expected} but device type: {found} was passed",
            )
    words = f"{call.name} is always on {device_name(home)}"
    return Tensor(
        device,
        dtype,
        legacy_shape(call.value("data")),
        device_from=decided(How.DEFAULT, words),
        dtype_from=decided(How.FIXED, f"{call.name} gives {dtype}"),
    )


def legacy_shape(data: Value) -> Shape | None:
    """The shape that torch.Tensor(...) and Tensor.new(...) make: of one sequence or tensor, or from sizes."""
    match data:
        case Tuple(items=()):
            return (0,)
        case Tuple(items=[Tuple(type="list" | "tuple") | Many(type="list" | "tuple") | Array() | Tensor() as one]):
            return inferred_shape(one)
        case Tuple(items=[Tuple(items=sizes)]) | Tuple(items=sizes):
            return None if any(isinstance(size, Unknown | Many) for size in sizes) else tuple(map(dim_of, sizes))
    return None


def counted(call: Call) -> Shape | None:
    """The length of torch.arange(start, end, step)."""
    start, end, step = call.value("start"), call.value("end"), call.value("step")
    if start == Const(0) and step == Const(1):
        return (ceil(end.value) if isinstance(end, Const) and isinstance(end.value, float) else dim_of(end),)
    values = [value.value if isinstance(value, Const) else integer_of(value) for value in (start, end, step)]
    known = [value for value in values if isinstance(value, int | float)]
    if len(known) == 3 and known[2]:
        return (max(0, ceil((known[1] - known[0]) / known[2])),)
    return (None,)


def filled(call: Call) -> DTypeFacet:
    """torch.full: `dtype=`, else the dtype of the number."""
    if not call.absent("dtype"):
        return given_dtype(call)
    value = call.value("fill_value")
    if isinstance(value, Tensor):
        return value.dtype, value.dtype_from
    found = promoted_type(call, "fill_value")
    return (found, decided(How.DEFAULT, f"{call.name} takes the dtype of its number")) if found else NOT_KNOWN


def int64_or_given(call: Call) -> DTypeFacet:
    """`dtype=`, else int64: random integers and permutations."""
    if not call.absent("dtype"):
        return given_dtype(call)
    return INT64, decided(How.DEFAULT, f"the default of {call.name}")


def grad_needs_float(call: Call) -> None:
    """Only floating tensors may require grad."""
    if call.flag("requires_grad") and is_inexact(dtype_of(call.value("dtype")) or Unknown(Why.NO_ROW)) is False:
        text = "Only Tensors of floating point and complex dtype can require gradients"
        call.clash(Refusal.GRAD_DTYPE, ("requires_grad",), text)


def fill_fits(call: Call) -> None:
    """torch.full's number must be within the range of the dtype."""
    dtype = dtype_of(call.value("dtype"))
    if dtype is not None:
        check_overflow(call, "fill_value", dtype)


def generator_fits(call: Call) -> None:
    """A generator must be of the device type that the numbers are made on."""
    generator = call.value("generator")
    if not isinstance(generator, DeviceValue):
        return
    tensor = next((given for given in call.tensors(call.arguments) if given.label != "out"), None)
    if "device" in call.arguments and (tensor is None or not call.absent("device")):
        device, _ = given_device(call)
        tensor = Given("device", Tensor(device, Unknown(Why.NOT_MODELLED)))
    if tensor is None:
        return
    check_generator(call, tensor, generator)


def check_generator(call: Call, tensor: Given, generator: DeviceValue) -> None:
    """Refuse a generator of another device type."""
    wanted, found = _kind(tensor.device), _kind(generator.device)
    same = compare(_first_of_kind(tensor.device), _first_of_kind(generator.device))
    if same in (Same.NO, Same.UNLESS_CPU):
        call.clash(
            Refusal.GENERATOR,
            (tensor.label, "generator"),
            f"Expected a '{wanted}' device type for generator but found '{found}'",
            certain=same is Same.NO,
        )


def _kind(device: AnyDevice) -> str:
    return device.kind if isinstance(device, Device) else device_name(device)


def _first_of_kind(device: AnyDevice) -> AnyDevice:
    """Generators are compared by device type only."""
    if isinstance(device, Device):
        return Device(device.kind)
    return device if isinstance(device, SymDevice) else Unknown(Why.NOT_MODELLED)


def empty_result(call: Call, made: Made) -> Value:
    """A factory's tensor: a leaf, pinned where asked."""
    grad = call.flag("requires_grad") if "requires_grad" in call.arguments else False
    return Tensor(
        made.device,
        made.dtype,
        made.shape,
        requires_grad=grad,
        leaf=True,
        pinned=call.flag("pin_memory") is True if "pin_memory" in call.arguments else False,
        device_from=made.device_from,
        dtype_from=made.dtype_from,
    )
