"""What torch.nn.Module does by itself: registration, moves, traversal, calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

from samedevice.interpret import calls, classes, functions, hooks, refusals, tensors
from samedevice.interpret.analysis import Operand
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import Cell, DictObject, FunctionObject, Instance, ListObject, NativeFunction
from samedevice.ops.outcome import Clash, Refusal
from samedevice.values.condition import Choice
from samedevice.values.device import META, Device
from samedevice.values.dtype import DType, SymDType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Const,
    DTypeValue,
    Kept,
    Method,
    Place,
    Ref,
    Scalar,
    Slot,
    Tensor,
    Tuple,
    Value,
)

Mover = Callable[[Tensor], Value]
MOVES = ("to", "cuda", "cpu", "half", "float", "double", "bfloat16", "type", "xpu", "to_empty")


def call(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    """`network(x)`: its forward, between its hooks."""
    instance = run.object(ref)
    assert isinstance(instance, Instance)
    custom = classes.lookup(run, instance.cls, "__call__")
    if isinstance(custom, Ref):
        return functions.enter(run, node, custom.address, arguments, receiver=ref)
    hooks.before(run, node, ref, arguments)
    own = instance.attributes.get("forward")
    if own is not None:
        return calls.apply(run, node, run.fresh(own), arguments)
    forward = classes.lookup(run, instance.cls, "forward")
    if not isinstance(forward, Ref) or not isinstance(run.object(forward), FunctionObject):
        calls.forget(run, node, arguments, "print")
        return Unknown(Why.OUTSIDE)
    result = functions.enter(run, node, forward.address, arguments, receiver=ref)
    return hooks.after(run, node, ref, arguments, result)


def put(run: Run, base: Ref, name: str, value: Value, place: Place | None, node: ast.AST | None) -> None:
    """`network.name = value`, as nn.Module.__setattr__ registers it."""
    instance = run.state.writable(base.address)
    kept = _kept(run, instance, name, value)
    if kept is None and run.frame.library:
        kept = Kept.PARAMETER  # functional_call and its kin put other tensors in their place for a while
    if kept is None:
        clash = Clash(
            Refusal.ARGUMENT,
            (),
            f"TypeError: cannot assign a tensor as parameter '{name}' (torch.nn.Parameter or None expected)",
        )
        refusals.record(run, node or ast.Pass(), "torch.nn.Module.__setattr__", clash, ())
        return
    if isinstance(value, Tensor) and kept is Kept.BUFFER:
        value = replace(value, slot=None)
    instance.attributes[name] = value
    instance.kept[name] = kept
    if place is not None:
        instance.places[name] = place
    if kept is Kept.PLAIN and not run.frame.library and place is not None:
        if node is not None and refusals.is_container(run, value):
            run.containers.append((base, name, value, place, node))
        refusals.lost_parameter(run, base, name, value, place, node)


def _kept(run: Run, instance: Instance, name: str, value: Value) -> Kept | None:
    """How a value is kept; None where torch refuses it."""
    before = instance.kept.get(name)
    if isinstance(value, Tensor):
        if value.parameter:
            return Kept.PARAMETER
        if before is Kept.PARAMETER and isinstance(instance.attributes.get(name), Tensor):
            return None
        made = value.slot is not None and value.slot.owner == 0
        return Kept.BUFFER if before is Kept.BUFFER or made else Kept.PLAIN
    if isinstance(value, Ref):
        found = run.object(value)
        if isinstance(found, Instance) and classes.is_network(run, found):
            return Kept.CHILD
    if isinstance(value, Choice):
        sides = [_kept(run, instance, name, side) for side in (value.yes, value.no)]
        for kept in (Kept.CHILD, Kept.PARAMETER):
            if kept in sides:
                return kept
    if value == NONE and before is not None:
        return before
    return Kept.PLAIN


def children(run: Run, ref: Ref) -> Iterator[tuple[str, Ref]]:
    """The registered children, in order."""
    instance = run.object(ref)
    if not isinstance(instance, Instance):
        return
    for name, kept in instance.kept.items():
        if kept is Kept.CHILD:
            for value in _sides(run.fresh(instance.attributes.get(name, NONE))):
                if isinstance(value, Ref) and isinstance(run.object(value), Instance):
                    yield name, value


def _sides(value: Value) -> list[Value]:
    return [*_sides(value.yes), *_sides(value.no)] if isinstance(value, Choice) else [value]


def tree(run: Run, ref: Ref) -> list[tuple[str, Ref]]:
    """The network and all networks below it, each once, with their paths."""
    found: list[tuple[str, Ref]] = []
    seen: set[int] = set()

    def visit(path: str, module: Ref) -> None:
        if module.address in seen:
            return
        seen.add(module.address)
        found.append((path, module))
        for name, child in children(run, module):
            visit(f"{path}.{name}" if path else name, child)

    visit("", ref)
    return found


def own_tensors(run: Run, ref: Ref, kinds: tuple[Kept, ...]) -> list[tuple[str, Tensor]]:
    """A network's own parameters or buffers."""
    instance = run.object(ref)
    if not isinstance(instance, Instance):
        return []
    cls = classes.class_of(run, instance)
    found = []
    for name, kept in instance.kept.items():
        if kept in kinds:
            for value in _sides(run.fresh(instance.attributes.get(name, NONE))):
                if isinstance(value, Tensor):
                    slot = Slot(ref.address, cls.name, name, kept, True, instance.places.get(name))
                    found.append((name, tensors.with_slot(value, slot)))
    return found


def all_tensors(run: Run, ref: Ref, kinds: tuple[Kept, ...]) -> list[tuple[str, Tensor]]:
    """Parameters or buffers of the whole tree, by path."""
    found = []
    seen: set[int] = set()
    for path, module in tree(run, ref):
        for name, tensor in own_tensors(run, module, kinds):
            if tensor.cell is not None and tensor.cell in seen:
                continue
            if tensor.cell is not None:
                seen.add(tensor.cell)
            found.append((f"{path}.{name}" if path else name, tensor))
    return found


# moves


def _move(run: Run, node: ast.AST, ref: Ref, name: str, arguments: Arguments) -> Value:
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
        _native_apply(run, node, ref, mover)


def _moved_argument(mover: Mover, arguments: Arguments) -> Value:
    value = arguments.positional[0] if arguments.positional else NONE
    return mover(value) if isinstance(value, Tensor) else value


def _native_apply(run: Run, node: ast.AST, ref: Ref, mover: Mover) -> None:
    for _, child in children(run, ref):
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
    for _, module in tree(run, ref):
        instance = run.state.writable(module.address)
        for name, kept in list(instance.kept.items()):
            if kept in (Kept.PARAMETER, Kept.BUFFER):
                instance.attributes[name] = _moved(run, instance.attributes.get(name, NONE), mover)


def forget(run: Run, ref: Ref) -> None:
    """Code out of sight may have moved or cast the network."""
    unknown = Unknown(Why.OUTSIDE)

    def lose(tensor: Tensor) -> Value:
        return replace(tensor, device=unknown, dtype=unknown, device_from=None, dtype_from=None)

    for _, module in tree(run, ref):
        instance = run.state.writable(module.address)
        for name, kept in list(instance.kept.items()):
            if kept in (Kept.PARAMETER, Kept.BUFFER):
                instance.attributes[name] = _moved(run, instance.attributes.get(name, NONE), lose)
            elif kept is Kept.PLAIN and isinstance(instance.attributes.get(name), Tensor):
                instance.attributes[name] = lose(instance.attributes[name])


# methods


def native(run: Run, node: ast.AST, ref: Ref, name: str, arguments: Arguments) -> Value:
    """A method of torch.nn.Module itself."""
    instance = run.object(ref)
    if not isinstance(instance, Instance):
        return Unknown(Why.NOT_MODELLED)
    if name in MOVES:
        return _move(run, node, ref, name, arguments)
    method = METHODS.get(name)
    if method is not None:
        return method(run, node, ref, arguments)
    if name == "__call__":
        return call(run, node, ref, arguments)
    return Unknown(Why.OUTSIDE)


def _nothing(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    return NONE


def _itself(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    return ref


def _register_buffer(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    name, tensor = arguments.get(0, "name"), arguments.get(1, "tensor")
    if isinstance(name, Const) and tensor is not None:
        instance = run.state.writable(ref.address)
        key = str(name.value)
        instance.attributes[key] = replace(tensor, slot=None) if isinstance(tensor, Tensor) else tensor
        instance.kept[key] = Kept.BUFFER
        place = run.place()
        if place is not None:
            instance.places[key] = place
    return NONE


def _register_parameter(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    name, value = arguments.get(0, "name"), arguments.get(1, "param")
    if isinstance(name, Const) and value is not None:
        put(run, ref, str(name.value), value, run.place(), node)
        if value == NONE:
            run.state.writable(ref.address).kept[str(name.value)] = Kept.PARAMETER
    return NONE


def _add_module(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    name, value = arguments.get(0, "name"), arguments.get(1, "module")
    if isinstance(name, Const) and value is not None:
        put(run, ref, str(name.value), value, run.place(), node)
    elif value is not None:
        put(run, ref, f"?{run.next_address}", value, run.place(), node)
    return NONE


def _apply_method(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    function = arguments.get(0, "fn")
    if function is not None:

        def mover(tensor: Tensor) -> Value:
            return calls.apply(run, node, function, Arguments([tensor], {}, [None]))

        _native_apply(run, node, ref, mover)
    return ref


def _listed(kinds: tuple[Kept, ...], named: bool) -> Callable[[Run, ast.AST, Ref, Arguments], Value]:
    def method(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
        recurse = arguments.keywords.get("recurse") != Const(False)
        found = all_tensors(run, ref, kinds) if recurse else own_tensors(run, ref, kinds)
        instance = run.object(ref)
        items: list[Value] = [Tuple((Const(path), tensor)) if named else tensor for path, tensor in found]
        if isinstance(instance, Instance) and instance.open and not items:
            unknown = Unknown(Why.OUTSIDE)
            tensor = Tensor(unknown, unknown, None, True)
            return run.new(ListObject(None, Tuple((Scalar("str"), tensor)) if named else tensor, "generator"))
        return run.new(ListObject(items, None, "generator"))

    return method


def _modules(named: bool, only_children: bool) -> Callable[[Run, ast.AST, Ref, Arguments], Value]:
    def method(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
        found = list(children(run, ref)) if only_children else tree(run, ref)
        items: list[Value] = [Tuple((Const(path), module)) if named else module for path, module in found]
        return run.new(ListObject(items, None, "generator"))

    return method


def _state_dict(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    found = all_tensors(run, ref, (Kept.PARAMETER, Kept.BUFFER))
    items: dict[Hashable, tuple[Value, Value]] = {
        path: (Const(path), replace(t, requires_grad=False, parameter=False, cell=None, slot=None)) for path, t in found
    }
    return run.new(DictObject(items, type="OrderedDict"))


def _load_state_dict(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    empty = run.new(ListObject([], None))
    return Tuple((empty, empty), ("missing_keys", "unexpected_keys"), "_IncompatibleKeys")


def _train(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    mode = arguments.get(0, "mode")
    value = mode.value if isinstance(mode, Const) else True if mode is None else None
    return _set_training(run, ref, value)


def _eval(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    instance = run.object(ref)
    assert isinstance(instance, Instance)
    custom = classes.lookup(run, instance.cls, "train")
    if isinstance(custom, Ref):
        return functions.enter(run, node, custom.address, Arguments([Const(False)], {}, [None]), receiver=ref)
    return _set_training(run, ref, False)


def _set_training(run: Run, ref: Ref, mode: bool | None) -> Value:
    for _, module in tree(run, ref):
        run.state.writable(module.address).training = mode
    return ref


def _requires_grad(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    given = arguments.get(0, "requires_grad")
    wanted = bool(given.value) if isinstance(given, Const) else given is None
    for _, tensor in all_tensors(run, ref, (Kept.PARAMETER,)):
        if tensor.cell is not None:
            cell = run.state.writable(tensor.cell)
            cell.tensor = replace(cell.tensor, requires_grad=wanted)
    return ref


def _apply_function(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    function = arguments.get(0, "fn")
    if function is not None:
        for _, module in reversed(tree(run, ref)[:60]):
            calls.apply(run, node, function, Arguments([module], {}, [None]))
    return ref


def _set_attribute(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    name, value = arguments.get(0, "name"), arguments.get(1, "value")
    if isinstance(name, Const) and value is not None:
        at = node.args[1] if isinstance(node, ast.Call) and len(node.args) > 1 else node
        put(run, ref, str(name.value), value, run.place(), at)
    return NONE


def _get_submodule(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    wanted = arguments.get(0, "target")
    if isinstance(wanted, Const):
        for path, module in tree(run, ref):
            if path == wanted.value:
                return module
        for path, tensor in all_tensors(run, ref, (Kept.PARAMETER, Kept.BUFFER)):
            if path == wanted.value:
                return tensor
    return Unknown(Why.NOT_FOUND)


METHODS: dict[str, Callable[[Run, ast.AST, Ref, Arguments], Value]] = {
    "__init__": _nothing,
    "register_buffer": _register_buffer,
    "register_parameter": _register_parameter,
    "add_module": _add_module,
    "register_module": _add_module,
    "_apply": _apply_method,
    "parameters": _listed((Kept.PARAMETER,), False),
    "named_parameters": _listed((Kept.PARAMETER,), True),
    "buffers": _listed((Kept.BUFFER,), False),
    "named_buffers": _listed((Kept.BUFFER,), True),
    "children": _modules(False, True),
    "named_children": _modules(True, True),
    "modules": _modules(False, False),
    "named_modules": _modules(True, False),
    "state_dict": _state_dict,
    "load_state_dict": _load_state_dict,
    "train": _train,
    "eval": _eval,
    "requires_grad_": _requires_grad,
    "zero_grad": _nothing,
    "apply": _apply_function,
    "share_memory": _itself,
    "compile": _nothing,
    "get_submodule": _get_submodule,
    "get_parameter": _get_submodule,
    "get_buffer": _get_submodule,
    "__setattr__": _set_attribute,
    "register_forward_hook": hooks.register_after,
    "register_forward_pre_hook": hooks.register_before,
    "register_full_backward_hook": hooks.register_nothing,
    "register_backward_hook": hooks.register_nothing,
    "register_state_dict_pre_hook": hooks.register_nothing,
    "_get_name": lambda run, node, ref, arguments: Scalar("str"),
    "extra_repr": lambda run, node, ref, arguments: Scalar("str"),
}


def attribute(run: Run, base: Ref, instance: Instance, name: str) -> Value | None:
    """An attribute that nn.Module gives every network; None where it gives none."""
    if name == "training":
        if instance.training is None:
            return Scalar("bool", f"@{base.address}.training", "self.training")
        return Const(instance.training)
    if name in MOVES or name in METHODS:
        return Method(base, name)
    kinds = {"_parameters": Kept.PARAMETER, "_buffers": Kept.BUFFER, "_modules": Kept.CHILD}
    if name in kinds:
        items: dict[Hashable, tuple[Value, Value]] = {
            key: (Const(key), instance.attributes[key])
            for key, kept in instance.kept.items()
            if kept is kinds[name] and key in instance.attributes
        }
        return run.new(DictObject(items, type=name))
    return None


def items(run: Run, ref: Ref) -> tuple[list[Value], bool]:
    """Iterating over a network that is no container."""
    return [Unknown(Why.NOT_MODELLED)], False


def item(run: Run, ref: Ref, index: Value) -> Value:
    """`network[index]` of a network that is no container."""
    return Unknown(Why.NOT_MODELLED)


def put_item(run: Run, ref: Ref, index: Value, value: Value) -> None:
    """`network[index] = value` of a network that is no container."""


def make_parameter(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """`torch.nn.Parameter(data, requires_grad)`."""
    data = arguments.get(0, "data")
    grad = arguments.get(1, "requires_grad")
    if data is None:
        data = Tensor(run.modes.default_device, run.modes.default_dtype, (0,))
    if isinstance(data, Choice):
        data = next((side for side in _sides(data) if isinstance(side, Tensor)), data)
    if not isinstance(data, Tensor):
        unknown = Unknown(Why.NOT_MODELLED)
        data = Tensor(unknown, unknown)
    wanted = grad.value if isinstance(grad, Const) else True if grad is None else None
    if wanted and isinstance(data.dtype, DType) and not floating(data):
        text = "RuntimeError: Only Tensors of floating point and complex dtype can require gradients"
        first = arguments.nodes[0] if arguments.nodes else None
        operand = Operand("data", refusals.words_for(run, run.frame, first, data)[0], data, first)
        refusals.record(run, node, "torch.nn.Parameter", Clash(Refusal.GRAD_DTYPE, ("data",), text), (operand,))
    cell = run.new(Cell(data))
    made = replace(data, parameter=True, requires_grad=wanted, leaf=True, cell=cell.address, slot=None, data=None)
    run.state.writable(cell.address).tensor = made
    return made
