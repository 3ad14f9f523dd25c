"""Functions of torch that are no operations: devices, modes, defaults, loading."""

from __future__ import annotations

import ast

from samedevice.dataclass import replace
from samedevice.interpret import calls, cloning, devices, networks, refusals
from samedevice.interpret.analysis import Loaded, Operand
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.given import given
from samedevice.interpret.heap import NativeFunction
from samedevice.interpret.join import join_values
from samedevice.interpret.registry import UNKNOWN, callee, first, native
from samedevice.ops.outcome import Clash, Refusal
from samedevice.ops.versions import text_of
from samedevice.values.condition import Choice, mapped
from samedevice.values.device import AnyDevice, Device, SymDevice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Const,
    DeviceValue,
    How,
    Kept,
    Origin,
    Scalar,
    Slot,
    Tensor,
    Tuple,
    Value,
)

UNOWNED = Slot(0, "Buffer", "", Kept.BUFFER, False, None)
"""The slot of a buffer that no network has yet."""


def device_of(run: Run, value: Value | None) -> AnyDevice:
    """The device that a device-like value names."""
    if value is None:
        return run.modes.default_device
    value = given(run, value, "torch.device", "device")
    match value:
        case DeviceValue():
            return value.device
        case Const(value=bool() | None):
            return run.modes.default_device
        case Const(value=str() as name):
            return parse(name)
        case Const(value=int() as index):
            return Device("cuda", index)
        case Choice():
            yes, no = device_of(run, value.yes), device_of(run, value.no)
            return yes if yes == no else Choice(value.key, yes, no)
        case Tensor():
            return value.device
    return Unknown(Why.CALLER)


def parse(name: str) -> AnyDevice:
    """`"cuda:1"`."""
    kind, _, index = name.partition(":")
    if index.isdigit():
        return Device(kind, int(index) if kind != "cpu" else None)
    return Device(kind, None if kind in ("cpu", "meta") else 0)


@native("torch.device")
def _device(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    devices.check(run, node, "torch.device", arguments)
    kind, index = arguments.get(0, "type"), arguments.get(1, "index")
    kind = kind if kind is not None else arguments.keywords.get("device")
    found = device_of(run, kind)
    if isinstance(index, Const) and isinstance(index.value, int):
        found = mapped(found, lambda d: Device(d.kind, index.value) if isinstance(d, Device) and d.kind != "cpu" else d)
    elif index is not None and isinstance(index, Scalar | Unknown) and index.symbol:
        found = SymDevice(f"cuda:{index.symbol}", f"cuda:{index.text or index.symbol}")
    place = run.place()
    return DeviceValue(found, Origin(How.GIVEN, "torch.device", place))


@native("torch.cuda.is_available", "torch.cuda.is_initialized")
def _cuda_available(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Const(run.machine == "cuda")


@native("torch.backends.mps.is_available", "torch.backends.mps.is_built", "torch.mps.is_available")
def _mps_available(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Const(run.machine == "mps")


@native(
    "torch.xpu.is_available",
    "torch.version.hip",
    "torch.backends.mkl.is_available",
    "torch.hpu.is_available",
    "torch.npu.is_available",
    "torch.distributed.is_initialized",
    "torch.jit.is_scripting",
    "torch.jit.is_tracing",
    "torch.compiler.is_compiling",
    "torch.onnx.is_in_onnx_export",
    "torch._dynamo.is_compiling",
    "torch.is_deterministic_algorithms_warn_only_enabled",
)
def _no(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Const(False)


@native("torch.accelerator.is_available")
def _accelerator_available(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Const(run.machine != "cpu")


@native("torch.accelerator.current_accelerator")
def _accelerator(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return DeviceValue(Device(run.machine, None)) if run.machine != "cpu" else NONE


@native("torch.cuda.device_count", "torch.accelerator.device_count")
def _device_count(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Const(run.devices if run.machine == "cuda" else 0)


@native("torch.cuda.current_device")
def _current_device(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Const(0)


@native("torch.cuda.is_bf16_supported", "torch.amp.is_autocast_available")
def _yes(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Const(run.machine == "cuda")


@native(
    "torch.cuda.synchronize",
    "torch.cuda.empty_cache",
    "torch.manual_seed",
    "torch.cuda.manual_seed",
    "torch.cuda.manual_seed_all",
    "torch.set_printoptions",
    "torch.set_num_threads",
    "torch.use_deterministic_algorithms",
    "torch.set_float32_matmul_precision",
    "torch.cuda.reset_peak_memory_stats",
    "torch.autograd.set_detect_anomaly",
    "torch.backends.cudnn.flags",
    "numpy.random.seed",
    "numpy.set_printoptions",
    "torch.seed",
    "torch.set_num_interop_threads",
    "torch.autograd.backward",
    "torch._assert",
    "torch._check",
    "torch.distributed.barrier",
    "torch.distributed.init_process_group",
    "torch.distributed.destroy_process_group",
)
def _nothing(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return NONE


@native("torch.cuda.memory_allocated", "torch.cuda.max_memory_allocated", "torch.initial_seed", "torch.get_num_threads")
def _count(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Scalar("int")


@native("torch.distributed.get_rank", "torch.distributed.get_world_size")
def _rank(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """The same wherever it is asked: `.to(rank)` is one device."""
    name = callee(node).removeprefix("get_")
    return Scalar("int", f"torch.distributed.{name}", name)


@native(
    "torch.distributed.all_reduce",
    "torch.distributed.broadcast",
    "torch.distributed.reduce",
    "torch.distributed.all_gather",
    "torch.distributed.all_gather_into_tensor",
)
def _collective(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """Writes into tensors that stay where they are and as they are."""
    return UNKNOWN if "async_op" in arguments.keywords else NONE


@native("torch.distributed.is_available", "torch.distributed.is_nccl_available", "torch.is_inference_mode_enabled")
def _flag(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Scalar("bool")


@native("torch.is_grad_enabled")
def _grad_enabled(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Scalar("bool") if run.modes.grad is None else Const(run.modes.grad)


@native("torch.is_tensor")
def _is_tensor(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
    if isinstance(value, Unknown | Choice):
        return Scalar("bool")
    return Const(isinstance(value, Tensor))


@native("torch.load")
def _load(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    path = arguments.get(0, "f") or UNKNOWN
    location = arguments.get(1, "map_location")
    named = isinstance(path, Const) or bool(getattr(path, "symbol", ""))
    saved = next((value for known, value in reversed(run.saved) if known == path and named), None)
    if saved is not None:
        return _mapped(run, saved, location)
    ours = run.frame.source is run.source and hasattr(node, "lineno")
    if location is None and ours and not any(known == path for known, _ in run.saved):
        run.record(Loaded(run.frame.source, node))
    return Unknown(Why.DATA, run.symbol("torch.load"), "the loaded object")


def _mapped(run: Run, saved: Value, location: Value | None) -> Value:
    """What this program saved itself, where map_location puts it."""
    copied = cloning.clone(run, saved, deep=True)
    device = device_of(run, location) if location is not None and location != NONE else None
    return cloning.moved(run, copied, device) if device is not None else copied


@native("torch.save")
def _save(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    path = arguments.get(1, "f")
    if path is not None:
        run.saved.append((path, cloning.clone(run, first(arguments), deep=True)))
    return NONE


@native("torch.nn.Parameter", "torch.nn.parameter.Parameter")
def _parameter(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return networks.make_parameter(run, node, arguments)


@native("torch.nn.Buffer", "torch.nn.parameter.Buffer")
def _buffer(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """`torch.nn.Buffer(x)`: a tensor that registers itself when a network gets it."""
    value = first(arguments)
    unknown = Unknown(Why.NOT_MODELLED)
    return replace(value if isinstance(value, Tensor) else Tensor(unknown, unknown), slot=UNOWNED)


@native("torch.autograd.Variable")
def _variable(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
    grad = arguments.get(1, "requires_grad")
    if isinstance(value, Tensor) and isinstance(grad, Const):
        return replace(value, requires_grad=bool(grad.value))
    return value


@native(
    "torch.compile",
    "torch.jit.script",
    "torch.jit.trace",
    "torch.jit.export",
    "torch.jit.ignore",
    "torch.fx.wrap",
    "torch._dynamo.disable",
    "torch.compiler.disable",
    "torch.jit.script_if_tracing",
    "torch.jit.freeze",
)
def _identity(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if not arguments.positional:
        return run.new(NativeFunction("decorator", lambda run, node, given: first(given)))
    return first(arguments)


@native("torch.autograd.grad")
def _grad(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """A gradient is like what it is the gradient of."""
    inputs = arguments.get(1, "inputs")
    if inputs is None:
        return UNKNOWN
    value = given(run, inputs, "torch.autograd.grad", "")
    if isinstance(value, Tuple):
        items = [_gradient(item) for item in value.items]
        return Tuple(tuple(items))
    return Tuple((_gradient(value),))


def _gradient(value: Value) -> Value:
    if not isinstance(value, Tensor):
        return UNKNOWN
    return replace(value, parameter=False, cell=None, slot=None, leaf=True, requires_grad=None, data=None)


@native("samedevice.refuse")
def _refuse(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """The prelude says that PyTorch refuses here."""
    if len(arguments.positional) >= 2 and all(isinstance(value, Const) for value in arguments.positional[:2]):
        kind, text = (str(value.value) for value in arguments.positional[:2] if isinstance(value, Const))
        operands = []
        for value, at in zip(arguments.positional[2:], arguments.nodes[2:], strict=False):
            words, user = refusals.words_for(run, run.frame, at, value)
            name = at.id if isinstance(at, ast.Name) else "input"
            operands.append(Operand(name, words, value, user))
        member = Refusal.__members__.get(kind, Refusal.ARGUMENT)
        refusals.record(run, node, _op_name(run), Clash(member, (), text_of(run.torch, text)), tuple(operands))
    return NONE


def _op_name(run: Run) -> str:
    frame = run.frame
    return frame.function.name if frame.function is not None else ""


@native("samedevice.unknown")
def _unknown(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Unknown(Why.OUTSIDE)


@native("samedevice.option")
def _option(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """What a command line option is when we do not know the command line: numbers are their defaults."""
    name, action, default = arguments.positional[:3]
    label = str(name.value) if isinstance(name, Const) else "option"
    text = f"args.{label}"
    if isinstance(action, Const) and action.value in ("store_true", "store_false"):
        return Scalar("bool", text, text)
    if isinstance(default, Const) and isinstance(default.value, int | float):
        return default
    if isinstance(default, Const) and isinstance(default.value, str):
        return Scalar("str", text, text) if "device" in label or "dtype" in label else default
    if default == NONE:
        return Unknown(Why.CALLER, text, text)
    return default


@native("samedevice.known")
def _known(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """Whether anything at all is known of a value."""
    return Const(not isinstance(first(arguments), Unknown))


@native("samedevice.exact")
def _exact(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """Whether a number is known, not only that it is one."""
    return Const(isinstance(first(arguments), Const))


@native("samedevice.ranked")
def _ranked(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """A tensor of which library code in Python has made sure that it has so many dimensions."""
    value, rank = arguments.positional[:2]
    if isinstance(value, Tensor) and value.shape is None and isinstance(rank, Const):
        return replace(value, shape=(None,) * int(rank.value))
    return value


@native("samedevice.any_of")
def _any_of(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) < 2:
        return first(arguments)
    one, other = arguments.positional[:2]
    return join_values(run.opaque("either"), one, other)


@native("torch.utils.checkpoint.checkpoint", "torch.utils.checkpoint.checkpoint_sequential")
def _checkpoint(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    function = first(arguments)
    keywords = {
        k: v for k, v in arguments.keywords.items() if k not in ("use_reentrant", "preserve_rng_state", "context_fn")
    }
    rest = Arguments(arguments.positional[1:], keywords, arguments.nodes[1:], arguments.keyword_nodes)
    return calls.apply(run, node, function, rest)


@native("torch.utils.data.get_worker_info")
def _worker_info(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return NONE
