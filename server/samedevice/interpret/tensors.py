"""Operations on tensors and arrays: asking the table, placing origins, recording refusals."""

from __future__ import annotations

import ast
from typing import Any

from samedevice.dataclass import replace
from samedevice.interpret import aliases, assignment, devices, plain, refusals
from samedevice.interpret.budget import UNROLL
from samedevice.interpret.context import Arguments, Run, placed
from samedevice.interpret.given import given
from samedevice.interpret.heap import Cell
from samedevice.interpret.names import (
    ARRAY_PROPERTIES,
    BINARY,
    INPLACE,
    NUMPY_BINARY,
    TENSOR_PROPERTIES,
    UNARY,
)
from samedevice.ops import table
from samedevice.ops.outcome import Clash, Context, Refusal
from samedevice.values.condition import Choice, Path
from samedevice.values.device import CPU, Device, SymDevice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Many,
    Method,
    Scalar,
    Slot,
    Tensor,
    Tuple,
    Value,
)

Nodes = list[ast.expr | None]


def operation(run: Run, node: ast.AST, name: str, arguments: Arguments) -> Value:
    """The result of a torch or numpy operation."""
    values = [given(run, value, name, index) for index, value in enumerate(arguments.positional)]
    keywords = {key: given(run, value, name, key) for key, value in arguments.keywords.items()}
    devices.check(run, node, name, arguments)
    if name == "torch.Tensor.cuda" and len(values) == 1 and run.modes.current is not None:
        values.append(DeviceValue(run.modes.current))
    if arguments.open:
        opened = _opened(name, values)
        if opened is None:
            return Unknown(Why.CALLER)
        values = opened
    outcome = table.call(name, values, keywords, _context(run, run.state.path))
    value = _placed(run, outcome.value)
    if isinstance(value, Tensor) and isinstance(keywords.get("generator"), Unknown) and "device" not in keywords:
        value = replace(value, device=Unknown(Why.CALLER), device_from=None)  # where its generator is
    if outcome.clashes:
        value = _mended(value, outcome.clashes, [*values, *keywords.values()])
        refusals.refuse(run, node, name, outcome.clashes, values, keywords, arguments)
    return value


_ABOUT_DEVICES = frozenset({Refusal.DEVICE, Refusal.INDEX_DEVICE})


def _mended(value: Value, clashes: tuple[Clash, ...], operands: list[Value]) -> Value:
    """The result as it will be once the user has moved what was left behind, so that one mistake is told once."""
    if not isinstance(value, Tensor) or not any(clash.kind in _ABOUT_DEVICES for clash in clashes):
        return value
    flat = [item for operand in operands for item in (operand.items if isinstance(operand, Tuple) else (operand,))]
    for operand in flat:
        if isinstance(operand, Tensor) and isinstance(operand.device, Device | SymDevice) and operand.device != CPU:
            return replace(value, device=operand.device, device_from=operand.device_from)
    return value


_SIZED = frozenset(["zeros", "ones", "rand", "randn", "empty"])
_RESIZED = frozenset(["view", "reshape", "expand", "permute", "repeat", "new_zeros", "new_ones", "new_empty"])


def _opened(name: str, values: list[Value]) -> list[Value] | None:
    """The arguments of a call with `*sizes` of unknown length; None where they can't be told."""
    family, _, last = name.rpartition(".")
    sizes = Many(Scalar("int"))
    if family == "torch" and last in _SIZED:
        return [sizes]
    if family == "torch.Tensor" and last in _RESIZED and values:
        return [values[0], sizes]
    return None


def _context(run: Run, path: Path) -> Context:
    modes = run.modes
    return Context(
        path,
        modes.default_device,
        modes.default_dtype,
        modes.autocast,
        modes.autocast_device,
        modes.grad,
        run.machine,
        run.devices,
        run.torch,
        modes.plain_device,
    )


def _placed(run: Run, value: Value) -> Value:
    """The result with its origins' places filled in."""
    match value:
        case Tensor():
            device, dtype = value.device_from, value.dtype_from
            if (device is None or device.place is not None) and (dtype is None or dtype.place is not None):
                return value
            place = run.place()
            return with_origins(value, placed(device, place), placed(dtype, place))
        case Array():
            return replace(value, dtype_from=placed(value.dtype_from, run.place()))
        case Tuple():
            return Tuple(tuple(_placed(run, item) for item in value.items), value.fields, value.type)
        case Many():
            return Many(_placed(run, value.item), value.type)
        case Choice():
            return Choice(value.key, _placed(run, value.yes), _placed(run, value.no))
    return value


def with_origins(value: Tensor, device: Any, dtype: Any) -> Tensor:
    return replace(value, device_from=device, dtype_from=dtype)


def with_slot(value: Tensor, slot: Slot) -> Tensor:
    """The tensor as read from an attribute."""
    return value if value.slot == slot else replace(value, slot=slot)


def binary(
    run: Run, node: ast.AST, operator: str, left: Value, right: Value, nodes: tuple[ast.expr, ast.expr]
) -> Value:
    """`left operator right`."""
    if operator == "Mod" and plain.is_text(left):
        return Scalar("str")
    if operator == "Mult" and isinstance(left, Tensor) != isinstance(right, Tensor):
        what = right if isinstance(left, Tensor) else left
        if plain.repeatable(run, what):
            return plain.binary(run, node, operator, what, Scalar("int"))
    if _has(left, Tensor) or _has(right, Tensor):
        custom = plain.overloaded(run, node, operator, left, right)
        if custom is not None:
            return custom
        return operation(run, node, BINARY[operator], Arguments([left, right], {}, list(nodes)))
    if _has(left, Array) or _has(right, Array):
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return Unknown(Why.NOT_MODELLED)  # the other one may be a tensor
        return operation(run, node, NUMPY_BINARY[operator], Arguments([left, right], {}, list(nodes)))
    return plain.binary(run, node, operator, left, right)


def _has(value: Value, kind: type) -> bool:
    return isinstance(value, kind) or (isinstance(value, Choice) and (_has(value.yes, kind) or _has(value.no, kind)))


def inplace(
    run: Run, node: ast.AST, operator: str, left: Tensor, right: Value, nodes: tuple[ast.expr, ast.expr]
) -> Value:
    """`left operator= right` of a tensor."""
    name = INPLACE.get(operator)
    if name is None:
        return binary(run, node, operator, left, right, nodes)
    value = operation(run, node, name, Arguments([left, right], {}, list(nodes)))
    return value if isinstance(value, Tensor) else left


def unary(run: Run, node: ast.UnaryOp, operator: str, value: Value) -> Value:
    """`-x`, `~x`, `+x`."""
    if _has(value, Tensor):
        return operation(run, node, UNARY[operator][0], Arguments([value], {}, [node.operand]))
    if _has(value, Array):
        return operation(run, node, UNARY[operator][1], Arguments([value], {}, [node.operand]))
    return plain.unary(run, operator, value)


def attribute(run: Run, node: ast.AST, base: Tensor | Array, name: str) -> Value:
    """`x.shape`, `x.device`, or a method not yet called."""
    if isinstance(base, Tensor):
        if name in TENSOR_PROPERTIES:
            inner = node.value if isinstance(node, ast.Attribute) else None
            return operation(run, node, f"torch.Tensor.{name}", Arguments([base], {}, [inner]))
    elif name in ARRAY_PROPERTIES:
        return operation(run, node, f"numpy.ndarray.{name}", Arguments([base], {}, [None]))
    return Method(base, name)


def method(run: Run, node: ast.AST, base: Tensor | Array, name: str, arguments: Arguments) -> Value:
    """`x.name(arguments)`."""
    receiver = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
    given_arguments = Arguments(
        [base, *arguments.positional],
        arguments.keywords,
        [receiver, *arguments.nodes],
        arguments.keyword_nodes,
        arguments.open,
    )
    family = "torch.Tensor" if isinstance(base, Tensor) else "numpy.ndarray"
    full = f"{family}.{name}"
    if not table.known(full):
        _no_such_method(run, node, base, name)
        return base if name.endswith("_") and not name.startswith("__") else Unknown(Why.NO_ROW)
    value = operation(run, node, full, given_arguments)
    if name == "requires_grad_" and isinstance(value, Tensor) and isinstance(base, Tensor):
        _rebind(run, receiver, base, value)
    return value


_ONLY_TENSORS = frozenset(
    {"to", "cuda", "cpu", "float", "long", "half", "double", "int", "numpy", "unsqueeze", "detach"}
)


def _no_such_method(run: Run, node: ast.AST, base: Tensor | Array, name: str) -> None:
    """Records a method of arrays called on a tensor, or the other way round."""
    if (isinstance(base, Tensor) and name == "astype") or (isinstance(base, Array) and name in _ONLY_TENSORS):
        kind = "Tensor" if isinstance(base, Tensor) else "numpy.ndarray"
        text = f"AttributeError: '{kind}' object has no attribute '{name}'"
        refusals.record(run, node, f"{kind}.{name}", Clash(Refusal.ARGUMENT, (), text), ())


def _rebind(run: Run, node: ast.expr | None, old: Tensor, new: Tensor) -> None:
    """A method that changes its tensor in place."""
    if old.cell is not None:
        run.state.writable(old.cell).tensor = replace(new, cell=old.cell)
    elif isinstance(node, ast.Name) and not run.frame.library:
        assignment.bind_name(run, node.id, new)


def put_attribute(run: Run, base: Tensor, name: str, value: Value, target: ast.AST) -> None:
    """`x.data = y`, `x.requires_grad = True`."""
    node = target.value if isinstance(target, ast.Attribute) else None
    if name == "data" and not isinstance(value, Tensor):
        unknown = Unknown(Why.NOT_MODELLED)
        _store(run, node, base, replace(base, device=unknown, dtype=unknown, shape=None))
    elif name == "data" and isinstance(value, Tensor):
        new = replace(
            base,
            device=value.device,
            dtype=value.dtype,
            shape=value.shape,
            device_from=value.device_from,
            dtype_from=value.dtype_from,
        )
        _store(run, node, base, new)
    elif name == "requires_grad" and isinstance(value, Const):
        _rebind(run, node, base, replace(base, requires_grad=bool(value.value)))


def _store(run: Run, node: ast.expr | None, old: Tensor, new: Tensor) -> None:
    if old.cell is not None:
        found = run.state.writable(old.cell)
        if isinstance(found, Cell):
            found.tensor = replace(new, cell=old.cell)
        return
    if node is not None:
        assignment.assign(run, node, new, None)
    aliases.forget(run, old, new)


def index(run: Run, node: ast.Subscript, base: Tensor | Array, position: Value) -> Value:
    """`x[position]`."""
    family = "torch.Tensor" if isinstance(base, Tensor) else "numpy.ndarray"
    return operation(run, node, f"{family}.__getitem__", Arguments([base, position], {}, [node.value, node.slice]))


def put_index(
    run: Run, target: ast.Subscript, base: Tensor | Array, position: Value, value: Value, node: ast.expr | None
) -> None:
    """`x[position] = value`."""
    family = "torch.Tensor" if isinstance(base, Tensor) else "numpy.ndarray"
    arguments = Arguments([base, position, value], {}, [target.value, target.slice, node])
    operation(run, target, f"{family}.__setitem__", arguments)


def items(run: Run, node: ast.AST | None, base: Tensor | Array) -> tuple[list[Value], bool]:
    """What iterating over the first dimension gives."""
    family = "torch.Tensor" if isinstance(base, Tensor) else "numpy.ndarray"
    at = node if node is not None else ast.Pass()
    first = operation(run, at, f"{family}.__getitem__", Arguments([base, Const(0)], {}, [None, None]))
    size = base.shape[0] if base.shape else None
    if isinstance(size, int) and size <= UNROLL:
        return [first] * size, True
    return [first], False


def cast_scalar(run: Run, node: ast.AST, callee: DTypeValue, arguments: Arguments) -> Value:
    """`np.float32(x)`."""
    if callee.numpy:
        return operation(run, node, f"numpy.{callee.dtype}", arguments)
    return Unknown(Why.NOT_MODELLED)
