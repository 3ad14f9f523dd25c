"""Functions of torch that switch something: gradients, autocast, defaults, the current device."""

from __future__ import annotations

import ast
from collections.abc import Callable

from samedevice.dataclass import replace
from samedevice.interpret import contexts
from samedevice.interpret.context import Arguments, Modes, Run
from samedevice.interpret.heap import NativeFunction
from samedevice.interpret.native_torch import device_of
from samedevice.interpret.registry import first, native
from samedevice.values.condition import Choice
from samedevice.values.device import CPU, AnyDevice, Device, SymDevice
from samedevice.values.dtype import AnyDType, DType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Const,
    DeviceValue,
    DTypeValue,
    Ref,
    Scalar,
    Value,
)


def _current(run: Run, value: Value | None) -> AnyDevice | None:
    """The device that an index or name makes the current one; None for the first."""
    found = device_of(run, value)
    if isinstance(found, Unknown):
        symbol = getattr(value, "symbol", "") or run.symbol("the current device")
        return SymDevice(symbol, "the current device")
    return None if found == Device("cuda", 0) else found


@native("torch.cuda.set_device", "torch.accelerator.set_device_index")
def _set_device(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    run.modes = replace(run.modes, current=_current(run, arguments.get(0, "device")))
    return NONE


@native("torch.cuda.device")
def _device_context(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    current = _current(run, arguments.get(0, "device"))
    return contexts.make(run, lambda modes: replace(modes, current=current))


@native("torch.get_default_device")
def _default_device(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return DeviceValue(run.modes.default_device)


@native("torch.get_default_dtype")
def _default_dtype(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return DTypeValue(run.modes.default_dtype)


@native("torch.set_default_device")
def _set_default_device(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments) if arguments.positional else arguments.keywords.get("device", NONE)
    device = CPU if value == NONE else device_of(run, value)
    again = run.modes.elsewhere or run.modes.default_device not in (CPU, device)
    run.modes = replace(run.modes, default_device=device, elsewhere=again)
    return NONE


@native("torch.set_default_dtype")
def _set_default_dtype(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = arguments.get(0, "d")
    dtype = value.dtype if isinstance(value, DTypeValue) else Unknown(Why.CALLER)
    run.modes = replace(run.modes, default_dtype=dtype)
    return NONE


_TENSOR_TYPES = {
    "FloatTensor": "float32",
    "DoubleTensor": "float64",
    "HalfTensor": "float16",
    "BFloat16Tensor": "bfloat16",
}


@native("torch.set_default_tensor_type")
def _set_default_tensor_type(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
    name = value.value if isinstance(value, Const) else getattr(value, "name", "")
    last = str(name).rsplit(".", 1)[-1]
    if last in _TENSOR_TYPES:
        device = Device("cuda", 0) if ".cuda." in str(name) else CPU
        run.modes = replace(
            run.modes, default_dtype=DType(_TENSOR_TYPES[last]), default_device=device, plain_device=device
        )
    else:
        lost = Unknown(Why.CALLER)
        run.modes = replace(run.modes, default_dtype=lost, default_device=lost, plain_device=lost)
    return NONE


def _switch(run: Run, arguments: Arguments, change: Callable[[Modes], Modes]) -> Value:
    """A context manager that is a decorator too: `@torch.no_grad` without a call gets the function itself."""
    made = contexts.make(run, change)
    value = arguments.positional[0] if arguments.positional else NONE
    if isinstance(value, Ref) and isinstance(made, Ref):
        switch = run.object(made)
        assert isinstance(switch, NativeFunction)
        return switch.call(run, ast.Pass(), arguments)
    return made


@native("torch.no_grad", "torch.inference_mode", "torch.autograd.inference_mode")
def _no_grad(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    off = not (arguments.positional and arguments.positional[0] == Const(False))
    return _switch(run, arguments, lambda modes: replace(modes, grad=False if off else modes.grad))


@native("torch.enable_grad", "torch.autograd.enable_grad")
def _enable_grad(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return _switch(run, arguments, lambda modes: replace(modes, grad=True))


@native("torch.set_grad_enabled", "torch.autograd.set_grad_enabled")
def _set_grad(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = arguments.get(0, "mode")
    mode = bool(value.value) if isinstance(value, Const) else None
    made = contexts.make(run, lambda modes: replace(modes, grad=mode))
    return made


@native(
    "torch.autocast",
    "torch.amp.autocast",
    "torch.cuda.amp.autocast",
    "torch.cpu.amp.autocast",
    "torch.amp.autocast_mode.autocast",
)
def _autocast(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """An autocast region: its dtype, its kind of device, and whether it is switched on."""
    name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    kind = arguments.get(0, "device_type")
    shifted = "cuda.amp" in name or "cpu.amp" in name
    if shifted or kind is None or not isinstance(kind, Const | DeviceValue | Scalar | Unknown | Choice):
        kind = None
    plain = "cpu" if "cpu.amp" in name else "cuda"
    if isinstance(kind, Const) and isinstance(kind.value, str) and not shifted:
        plain = kind.value.split(":")[0]
    elif isinstance(kind, DeviceValue) and isinstance(kind.device, Device):
        plain = kind.device.kind
    dtype = arguments.get(0 if shifted else 1, "dtype") if not shifted else arguments.get(1, "dtype")
    enabled = arguments.keywords.get("enabled", arguments.get(0, "enabled") if shifted else arguments.get(2, "enabled"))
    chosen: AnyDType | None = _autocast_dtype(dtype, plain)
    if isinstance(enabled, Const):
        chosen = chosen if enabled.value else None
    elif enabled is not None:
        chosen = Unknown(Why.CALLER)
    if isinstance(kind, Scalar | Unknown | Choice):
        chosen = chosen if isinstance(dtype, DTypeValue) and not isinstance(enabled, Const) else Unknown(Why.CALLER)
    return _switch(
        run,
        Arguments([value for value in arguments.positional if isinstance(value, Ref)]),
        lambda modes: replace(modes, autocast=chosen, autocast_device=plain),
    )


def _autocast_dtype(dtype: Value | None, kind: str) -> AnyDType:
    if isinstance(dtype, DTypeValue):
        return dtype.dtype
    if dtype is None or dtype == NONE:
        return DType("bfloat16" if kind == "cpu" else "float16")
    return Unknown(Why.CALLER)


@native(
    "torch.cuda.stream",
    "torch.profiler.profile",
    "torch.profiler.record_function",
    "torch.backends.cuda.sdp_kernel",
    "torch.nn.attention.sdpa_kernel",
    "torch.autograd.profiler.record_function",
    "torch.random.fork_rng",
    "torch.autograd.set_detect_anomaly",
    "torch.autograd.graph.save_on_cpu",
)
def _context(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return contexts.make(run, lambda modes: modes)


@native("torch.is_grad_enabled", "torch.is_autocast_enabled")
def _is_enabled(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """Known where the program's own calls lead; callers out of sight may have switched it."""
    grad = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("is_grad_enabled")
    modes, kind = run.modes, arguments.get(0, "device_type")
    if run.frame.contract:
        return Scalar("bool")
    if grad:
        return Const(bool(modes.grad))
    return Const(modes.autocast is not None and (kind is None or kind == Const(modes.autocast_device)))
