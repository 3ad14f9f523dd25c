"""The methods and attributes of torch.nn.Module itself."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable

from samedevice.dataclass import replace
from samedevice.interpret import calls, classes, functions, hooks, iteration, moves, networks, refusals
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import DictObject, Instance, ListObject
from samedevice.ops.outcome import Clash, Refusal
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Const,
    Kept,
    Method,
    Ref,
    Scalar,
    Tensor,
    Tuple,
    Value,
)


def native(run: Run, node: ast.AST, ref: Ref, name: str, arguments: Arguments) -> Value:
    """A method of torch.nn.Module itself."""
    instance = run.object(ref)
    if not isinstance(instance, Instance):
        return Unknown(Why.NOT_MODELLED)
    if name in moves.MOVES:
        return moves.move(run, node, ref, name, arguments)
    method = METHODS.get(name)
    if method is not None:
        return method(run, node, ref, arguments)
    if name == "__call__":
        return networks.call(run, node, ref, arguments)
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
        networks.put(run, ref, str(name.value), value, run.place(), node)
        if value == NONE:
            run.state.writable(ref.address).kept[str(name.value)] = Kept.PARAMETER
    return NONE


def _add_module(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    name, value = arguments.get(0, "name"), arguments.get(1, "module")
    if isinstance(name, Const) and not isinstance(name.value, str):
        text = f"TypeError: module name should be a string. Got {type(name.value).__name__}"
        refusals.record(run, node, "torch.nn.Module.add_module", Clash(Refusal.ARGUMENT, ("name",), text), ())
    elif value is not None:
        key = str(name.value) if isinstance(name, Const) else f"?{run.next_address}"
        networks.put(run, ref, key, value, run.place(), node)
        instance = run.state.writable(ref.address)
        instance.more = instance.more or not isinstance(name, Const)
        if value != NONE:
            instance.kept[key] = Kept.CHILD  # also a layer of a library that is not in sight
    return NONE


def _apply_method(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    function = arguments.get(0, "fn")
    if function is not None:

        def mover(tensor: Tensor) -> Value:
            return calls.apply(run, node, function, Arguments([tensor], {}, [None]))

        moves.native_apply(run, node, ref, mover)
    return ref


def _listed(kinds: tuple[Kept, ...], named: bool) -> Callable[[Run, ast.AST, Ref, Arguments], Value]:
    def method(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
        recurse = arguments.keywords.get("recurse") != Const(False)
        found = networks.all_tensors(run, ref, kinds) if recurse else networks.own_tensors(run, ref, kinds)
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
        found = list(networks.children(run, ref)) if only_children else networks.tree(run, ref)
        items: list[Value] = [Tuple((Const(path), module)) if named else module for path, module in found]
        return run.new(ListObject(items, None, "generator"))

    return method


def _state_dict(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    found = networks.all_tensors(run, ref, (Kept.PARAMETER, Kept.BUFFER))
    items: dict[Hashable, tuple[Value, Value]] = {
        path: (Const(path), replace(t, requires_grad=False, parameter=False, cell=None, slot=None)) for path, t in found
    }
    return run.new(DictObject(items, type="OrderedDict"))


def _load_state_dict(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    if arguments.keywords.get("assign") == Const(True):
        moves.forget(run, ref)  # the parameters are now those of the file, wherever they are
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
    for _, module in networks.tree(run, ref):
        run.state.writable(module.address).training = mode
    return ref


def _requires_grad(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    given = arguments.get(0, "requires_grad")
    wanted = bool(given.value) if isinstance(given, Const) else given is None
    for _, tensor in networks.all_tensors(run, ref, (Kept.PARAMETER,)):
        if tensor.cell is not None:
            cell = run.state.writable(tensor.cell)
            cell.tensor = replace(cell.tensor, requires_grad=wanted)
    return ref


def _apply_function(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    function = arguments.get(0, "fn")
    if function is not None:
        for _, module in reversed(networks.tree(run, ref)[:60]):
            calls.apply(run, node, function, Arguments([module], {}, [None]))
    return ref


def _set_attribute(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    name, value = arguments.get(0, "name"), arguments.get(1, "value")
    if isinstance(name, Const) and value is not None:
        at = node.args[1] if isinstance(node, ast.Call) and len(node.args) > 1 else node
        networks.put(run, ref, str(name.value), value, run.place(), at)
    return NONE


def _get_submodule(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    wanted = arguments.get(0, "target")
    if isinstance(wanted, Const):
        for path, module in networks.tree(run, ref):
            if path == wanted.value:
                return module
        for path, tensor in networks.all_tensors(run, ref, (Kept.PARAMETER, Kept.BUFFER)):
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
    if name in moves.MOVES or name in METHODS:
        return Method(base, name)
    kinds = {"_parameters": Kept.PARAMETER, "_buffers": Kept.BUFFER, "_modules": Kept.CHILD}
    if name in kinds:
        items: dict[Hashable, tuple[Value, Value]] = {
            key: (Const(key), instance.attributes[key])
            for key, kept in instance.kept.items()
            if kept is kinds[name] and key in instance.attributes
        }
        rest = iteration.common_item(run, [item for _, item in items.values()]) if instance.more else None
        return run.new(DictObject(items, rest, default=base, type=name))
    return None
