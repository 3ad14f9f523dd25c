"""What of torch's Python has to be told that there is a GPU."""

from __future__ import annotations

import functools
from typing import Any, Callable

import torch
import torch.overrides
import torch.utils._device

from . import autocast, devices, fake_cuda
from .mode import VirtualCuda
from .tensor import CUDA, STAND_IN, CudaTensor, become

_modes: list[VirtualCuda] = []
"""Kept here too: torch 2.4 forgets to, while it prints a tensor."""


def install() -> None:
    """From here on there is a GPU: `cuda:0`."""
    torch.utils._device._device_constructors()  # what `with torch.device(...)` changes: the functions as they are now
    fake_cuda.install()
    _moves()
    _made_of_python_values()
    _numbered()
    _data()
    _legacy_types()
    _generators()
    _left_out()
    autocast.install()
    _modes.append(VirtualCuda())
    _modes[0].__enter__()


def stand_in(device: Any) -> Any:
    """The device to give to C++ where a GPU was asked for; anything else as it is."""
    if isinstance(device, bool) or not isinstance(device, (str, int, torch.device)):
        return device
    if isinstance(device, str) and not device.startswith("cuda"):
        return device
    found = torch.device("cuda", device) if isinstance(device, int) else torch.device(device)
    if found.type != "cuda":
        return device
    if found.index:
        devices.no_such(found.index)
    return STAND_IN


def _default() -> torch.device:
    """The device of `torch.set_default_device`; torch's own answer makes a tensor to know its number."""
    modes = torch.overrides._get_current_function_mode_stack()
    inside = [mode.device for mode in modes if isinstance(mode, torch.utils._device.DeviceContext)]
    return inside[-1] if inside else torch.device("cpu")


def _moves() -> None:
    """`tensor.to`, `.cuda` and `.type`: torch would first ask for its CUDA library."""
    to, of_type = torch.Tensor.to, torch.Tensor.type

    @functools.wraps(to)
    def new_to(self: Any, *args: Any, **kwargs: Any) -> Any:
        if "device" in kwargs:
            kwargs["device"] = stand_in(kwargs["device"])
        return to(self, *[stand_in(one) for one in args[:1]], *args[1:], **kwargs)

    def cuda(self: Any, device: Any = None, non_blocking: bool = False, **kwargs: Any) -> Any:
        return to(self, stand_in(CUDA if device is None else device), non_blocking=non_blocking)

    @functools.wraps(of_type)
    def new_type(self: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
        if isinstance(dtype, type) and hasattr(dtype, "cuda_dtype"):
            return to(self, STAND_IN, dtype.cuda_dtype)
        if isinstance(dtype, str) and dtype.startswith("torch.cuda."):
            return to(self, STAND_IN, getattr(torch.cuda, dtype.rpartition(".")[2]).cuda_dtype)
        return of_type(self, dtype, *args, **kwargs) if dtype is not None else of_type(self)

    torch.Tensor.to = new_to
    torch.Tensor.cuda = cuda
    torch.Tensor.type = new_type


def _made_of_python_values() -> None:
    """`torch.tensor(..., device="cuda")` and its kin: made on the CPU, then moved."""

    def elsewhere(made: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(made)
        def new(*args: Any, **kwargs: Any) -> Any:
            device = kwargs.get("device")
            source = args[0] if args else kwargs.get("data")
            if device is None and not isinstance(source, torch.Tensor):
                device = _default()
            if device is None or stand_in(device) is not STAND_IN:
                if isinstance(source, (list, tuple)):
                    args = (_plain(source), *args[1:])
                return made(*args, **kwargs)
            requires_grad = kwargs.pop("requires_grad", False)
            if isinstance(source, CudaTensor):
                kwargs["device"] = STAND_IN
            else:
                kwargs["device"] = torch.device("cpu")
                args = (_plain(source), *args[1:])
            kwargs.pop("pin_memory", None)
            result = made(*args, **kwargs).to(STAND_IN)
            return result.detach().requires_grad_() if requires_grad else result

        return new

    for name in ("tensor", "as_tensor", "asarray", "scalar_tensor", "sparse_coo_tensor"):
        setattr(torch, name, elsewhere(getattr(torch, name)))

    new_tensor = torch.Tensor.new_tensor

    def of_same_kind(self: Any, data: Any, **kwargs: Any) -> Any:
        device = kwargs.pop("device", self.device)
        kwargs.setdefault("dtype", self.dtype if not isinstance(data, torch.Tensor) else None)
        if isinstance(self, CudaTensor) or stand_in(device) is STAND_IN:
            dtype = kwargs["dtype"]
            return torch.tensor(data, dtype=dtype, device=device, requires_grad=kwargs.get("requires_grad", False))
        return new_tensor(self, data, **{name: value for name, value in kwargs.items() if value is not None})

    torch.Tensor.new_tensor = of_same_kind


def _numbered() -> None:
    """`torch.zeros(3, device=0)`: torch would ask its library which accelerator that is."""

    def new(made: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(made)
        def numbered(*args: Any, **kwargs: Any) -> Any:
            device = kwargs.get("device")
            if isinstance(device, int):
                stand_in(device)
                kwargs["device"] = CUDA
            return made(*args, **kwargs)

        return numbered

    names = """arange empty empty_like eye full full_like linspace logspace ones ones_like rand rand_like randint
        randn randn_like randperm zeros zeros_like"""
    for name in names.split():
        setattr(torch, name, new(getattr(torch, name)))


def _plain(data: Any) -> Any:
    """Lists of numbers, where some of them were tensors on the GPU."""
    if isinstance(data, (list, tuple)) and any(isinstance(one, (CudaTensor, list, tuple)) for one in data):
        return type(data)(_plain(one) for one in data) if type(data) in (list, tuple) else data
    return data.item() if isinstance(data, CudaTensor) and data.numel() == 1 else data


def _data() -> None:
    """`parameter.data = moved`, which is how a network is moved: the parameter stays the same object."""
    data = torch.Tensor.data

    def put(self: Any, value: Any) -> None:
        if isinstance(self, CudaTensor) or isinstance(value, CudaTensor):
            become(self, value)
        else:
            data.__set__(self, value)

    compatible = torch._has_compatible_shallow_copy_type

    def new_compatible(input: Any, from_: Any) -> bool:  # torch's compiler asks for these names
        return isinstance(input, CudaTensor) or isinstance(from_, CudaTensor) or compatible(input, from_)

    torch._has_compatible_shallow_copy_type = new_compatible
    torch.Tensor.data = property(lambda self: data.__get__(self), put)


def _legacy_types() -> None:
    """`torch.cuda.FloatTensor`, which makes tensors and answers `isinstance`."""
    dtypes = {
        "Float": torch.float32,
        "Double": torch.float64,
        "Half": torch.float16,
        "BFloat16": torch.bfloat16,
        "Long": torch.int64,
        "Int": torch.int32,
        "Short": torch.int16,
        "Char": torch.int8,
        "Byte": torch.uint8,
        "Bool": torch.bool,
    }

    class Legacy(type):
        cuda_dtype: torch.dtype

        def __instancecheck__(cls, one: Any) -> bool:
            return isinstance(one, CudaTensor) and one.dtype == cls.cuda_dtype

        def __call__(cls, *args: Any) -> Any:
            if len(args) == 1 and not isinstance(args[0], int):
                return torch.tensor(args[0], dtype=cls.cuda_dtype, device=CUDA)
            return torch.empty(args, dtype=cls.cuda_dtype, device=CUDA)

    for name, dtype in dtypes.items():
        setattr(torch.cuda, name + "Tensor", Legacy(name + "Tensor", (), {"cuda_dtype": dtype}))


def _generators() -> None:
    """`torch.Generator("cuda")`: one of the CPU that says otherwise."""
    of_cpu = torch._C.Generator

    class Generator(of_cpu):  # type: ignore[misc,valid-type]  # torch is not read
        def __new__(cls, device: Any = "cpu") -> Any:
            made = of_cpu.__new__(cls, "cpu" if stand_in(device) is STAND_IN else device)
            made.asked = CUDA if stand_in(device) is STAND_IN else None
            if made.asked:
                devices.cuda_generators[made._cdata] = made  # kept, so that its address is not used again
            return made

        def __init__(self, device: Any = "cpu") -> None:
            pass

        @property
        def device(self) -> torch.device:
            return self.asked or torch.device("cpu")

    torch.Generator = Generator


def _left_out() -> None:
    """What would leave eager PyTorch, and kernels that choose by what C++ sees."""

    def same(model: Any = None, *args: Any, **kwargs: Any) -> Any:
        return (lambda one: one) if model is None else model

    torch.compile = same
    torch.nn.Module.compile = lambda self, *args, **kwargs: None
    torch.jit.script = same
    torch.jit.trace = same
    torch.backends.mha.set_fastpath_enabled(False)
    torch.backends.cudnn.is_acceptable = lambda tensor: False
    # DataParallel of one GPU asks for these even so.
    torch._C._scatter = lambda tensor, *args: (tensor.to(STAND_IN),)
    torch._C._gather = lambda tensors, *args: tensors[0]
    ctc_loss = torch.ctc_loss

    @functools.wraps(ctc_loss)
    def new_ctc_loss(log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any, *args: Any) -> Any:
        lengths = [one.tolist() if isinstance(one, torch.Tensor) else one for one in (input_lengths, target_lengths)]
        return ctc_loss(log_probs, targets.to(log_probs.device, torch.long), *lengths, *args)  # as without subclasses

    torch.ctc_loss = new_ctc_loss
    load = torch.load

    @functools.wraps(load)
    def new_load(f: Any, map_location: Any = None, *args: Any, **kwargs: Any) -> Any:
        from torch.utils._pytree import tree_map

        to_cuda = isinstance(map_location, (str, torch.device)) and stand_in(map_location) is STAND_IN
        loaded = load(f, "cpu" if map_location is None or to_cuda else map_location, *args, **kwargs)
        return tree_map(lambda one: one.cuda() if isinstance(one, torch.Tensor) else one, loaded) if to_cuda else loaded

    torch.load = new_load


__all__ = ["install", "stand_in"]
