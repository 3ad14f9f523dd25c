"""Networks that move or are cast: every registered tensor, in place."""

from __future__ import annotations

import ast
from collections.abc import Callable

from samedevice.dataclass import replace
from samedevice.interpret import classes, functions, networks, refusals, tensors
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import Instance, NativeFunction
from samedevice.ops.outcome import Clash, Refusal
from samedevice.values.condition import Choice
from samedevice.values.device import META, Device
from samedevice.values.dtype import DType, SymDType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    DTypeValue,
    Kept,
    Ref,
    Tensor,
    Value,
)

Mover = Callable[[Tensor], Value]


MOVES = ("to", "cuda", "cpu", "half", "float", "double", "bfloat16", "type", "xpu", "to_empty")


def move(run: Run, node: ast.AST, ref: Ref, name: str, arguments: Arguments) -> Value:
    """`network.to(...)` and its kin: every registered tensor moves in place."""
    empty = name == "to_empty"
    if empty:
        arguments, name = Arguments([], {"device": arguments.get(0, "device") or NONE}), "to"

    wanted = next((v for v in arguments.values() if isinstance(v, DTypeValue)), None)
    if name == "to" and wanted is not None and isinstance(wanted.dtype, DType) and not _is_floating(wanted.dtype.name):
        refused = "nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch."
        text = f"TypeError: {refused}{wanted.dtype}"
        refusals.record(run, node, "torch.nn.Module.to", Clash(Refusal.ARGUMENT, (), text), ())
        return ref

    def mover(tensor: Tensor) -> Value:
        if tensor.device == META and not empty:
            _copied_out_of_meta(run, node, tensor, name, arguments)
        given = Arguments([tensor, *arguments.positional], arguments.keywords, [None, *arguments.nodes], {})
        moved = tensors.operation(run, node, f"torch.Tensor.{name}", given)
        if isinstance(moved, Tensor) and not floating(tensor):
            return replace(moved, dtype=tensor.dtype, dtype_from=tensor.dtype_from)
        return moved

    apply_mover(run, node, ref, mover)
    return ref


def _copied_out_of_meta(run: Run, node: ast.AST, tensor: Tensor, name: str, arguments: Arguments) -> None:
    moved = tensors.operation(
        run, node, f"torch.Tensor.{name}", Arguments([tensor, *arguments.positional], arguments.keywords)
    )
    if isinstance(moved, Tensor) and isinstance(moved.device, Device) and moved.device != META:
        text = (
            "NotImplementedError: Cannot copy out of meta tensor; no data! Please use torch.nn.Module.to_empty() "
            "instead of torch.nn.Module.to() when moving module from meta to a different device."
        )
        refusals.record(run, node, "torch.nn.Module.to", Clash(Refusal.ARGUMENT, (), text), ())


def _is_floating(name: str) -> bool:
    return name.startswith(("float", "bfloat", "complex"))


def floating(tensor: Tensor) -> bool:
    match tensor.dtype:
        case DType(name=name):
            return _is_floating(name)
        case SymDType(floating=floating):
            return floating
    return True


def apply_mover(run: Run, node: ast.AST, ref: Ref, mover: Mover) -> None:
    """`network._apply(fn)`, or the user's own."""
    instance = run.object(ref)
    if not isinstance(instance, Instance):
        return
    custom = classes.lookup(run, instance.cls, "_apply")
    if isinstance(custom, Ref):
        given = run.new(NativeFunction("fn", lambda run, node, arguments: _moved_argument(mover, arguments)))
        functions.enter(run, node, custom.address, Arguments([given], {}, [None]), receiver=ref)
    else:
        native_apply(run, node, ref, mover)


def _moved_argument(mover: Mover, arguments: Arguments) -> Value:
    value = arguments.positional[0] if arguments.positional else NONE
    return mover(value) if isinstance(value, Tensor) else value


def native_apply(run: Run, node: ast.AST, ref: Ref, mover: Mover) -> None:
    for _, child in networks.children(run, ref):
        apply_mover(run, node, child, mover)
    instance = run.state.writable(ref.address)
    instance.moved = run.place()
    for name, kept in list(instance.kept.items()):
        if kept in (Kept.PARAMETER, Kept.BUFFER):
            instance.attributes[name] = _moved(run, instance.attributes.get(name, NONE), mover)


def _moved(run: Run, value: Value, mover: Mover) -> Value:
    if isinstance(value, Choice):
        yes, no = _moved(run, value.yes, mover), _moved(run, value.no, mover)
        return yes if yes == no else Choice(value.key, yes, no)
    if not isinstance(value, Tensor):
        return value
    value = run.fresh(value)
    assert isinstance(value, Tensor)
    moved = mover(value)
    if not isinstance(moved, Tensor):
        moved = replace(value, device=Unknown(Why.NOT_MODELLED), dtype=Unknown(Why.NOT_MODELLED))
    if value.cell is None:
        return moved
    kept = replace(
        moved, parameter=True, leaf=value.leaf, requires_grad=value.requires_grad, cell=value.cell, slot=None
    )
    run.state.writable(value.cell).tensor = kept
    return kept


def apply_natively(run: Run, ref: Ref, mover: Mover) -> None:
    """Moves every registered tensor of the tree, whatever the user's classes do in `_apply`."""
    for _, module in networks.tree(run, ref):
        instance = run.state.writable(module.address)
        for name, kept in list(instance.kept.items()):
            if kept in (Kept.PARAMETER, Kept.BUFFER):
                instance.attributes[name] = _moved(run, instance.attributes.get(name, NONE), mover)


def forget(run: Run, ref: Ref) -> None:
    """Code out of sight may have moved or cast the network."""
    unknown = Unknown(Why.OUTSIDE)

    def lose(tensor: Tensor) -> Value:
        return replace(tensor, device=unknown, dtype=unknown, device_from=None, dtype_from=None)

    for _, module in networks.tree(run, ref):
        instance = run.state.writable(module.address)
        for name, kept in list(instance.kept.items()):
            if kept in (Kept.PARAMETER, Kept.BUFFER):
                instance.attributes[name] = _moved(run, instance.attributes.get(name, NONE), lose)
            elif kept is Kept.PLAIN and isinstance(instance.attributes.get(name), Tensor):
                instance.attributes[name] = lose(instance.attributes[name])
