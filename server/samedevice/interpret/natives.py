"""Methods of Python's own values and of ours, by what they are called on."""

from __future__ import annotations

import ast

from samedevice.interpret import calls, classes, containers, named_tuples, network_methods, tensors, text
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import ClassObject, DictObject, FunctionObject, Instance, ListObject
from samedevice.interpret.registry import NATIVES
from samedevice.values.dtype import DType, SymDType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Library,
    Many,
    Ref,
    Scalar,
    Tensor,
    Tuple,
    Value,
)

OUTSIDE = Unknown(Why.OUTSIDE)


def method(run: Run, node: ast.AST, receiver: Value, name: str, arguments: Arguments) -> Value:
    """`receiver.name(arguments)` where no code of the user's answers."""
    match receiver:
        case Tensor() | Array():
            return tensors.method(run, node, receiver, name, arguments)
        case Const(value=str()):
            return text.method(run, receiver.value, name, arguments)
        case Const() | Scalar():
            return text.number_method(receiver, name, arguments)
        case Tuple() | Many():
            containers.not_movable(run, node, receiver.type if not getattr(receiver, "fields", ()) else "", name)
            return containers.tuple_method(run, node, receiver, name, arguments)
        case Ref():
            return _of_object(run, node, receiver, name, arguments)
        case DeviceValue() | DTypeValue() | Library():
            return OUTSIDE
    calls.forget(run, node, arguments, name)
    return OUTSIDE


def _of_object(run: Run, node: ast.AST, receiver: Ref, name: str, arguments: Arguments) -> Value:
    match run.object(receiver):
        case ListObject() as found:
            containers.not_movable(run, node, found.type, name)
            return containers.list_method(run, node, receiver, name, arguments)
        case DictObject():
            return containers.dict_method(run, node, receiver, name, arguments)
        case Instance() as instance:
            if classes.is_network(run, instance):
                return network_methods.native(run, node, receiver, name, arguments)
            if name == "__init__":
                return Const(None)
            if name == "__setattr__" and len(arguments.positional) == 2:
                key, value = arguments.positional
                if isinstance(key, Const):
                    run.state.writable(receiver.address).attributes[str(key.value)] = value
                return Const(None)
        case ClassObject() as cls:
            return _of_class(run, node, receiver, cls, name, arguments)
        case FunctionObject():
            return OUTSIDE
    calls.forget(run, node, arguments, name)
    return OUTSIDE


def _of_class(run: Run, node: ast.AST, receiver: Ref, cls: ClassObject, name: str, arguments: Arguments) -> Value:
    if name == "apply" and "forward" in cls.attributes:  # torch.autograd.Function
        forward = cls.attributes["forward"]
        context = Unknown(Why.NOT_MODELLED)
        given = Arguments([context, *arguments.positional], {}, [None, *arguments.nodes])
        return calls.apply(run, node, forward, given)
    if name == "__new__":
        return classes.new_instance(run, receiver)
    if name == "_make" and cls.kind == "namedtuple":
        return named_tuples.made(run, cls, arguments)
    if name == "__call__":
        return classes.instance_of(run, node, receiver, arguments)
    return OUTSIDE


def of_dtype(value: DTypeValue, name: str) -> Value:
    """An attribute of a dtype."""
    if isinstance(value.dtype, DType):
        plain = value.dtype.name
        if name == "is_floating_point":
            return Const(plain.startswith(("float", "bfloat")))
        if name == "is_complex":
            return Const(plain.startswith("complex"))
        if name == "itemsize":
            digits = "".join(letter for letter in plain.split("_")[0] if letter.isdigit())
            return Const(int(digits) // 8) if digits else Const(1)
    if isinstance(value.dtype, SymDType):
        return Scalar("bool", f"{value.dtype.id}.{name}", f"{value.dtype.text}.{name}")
    return Unknown(Why.NOT_MODELLED)


def field_default(run: Run, node: ast.AST, value: Value | None) -> Value | None:
    """The default of a dataclass field: `field(default_factory=list)` is called."""
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, DictObject) and found.type == "field":
        factory = found.items.get("default_factory")
        if factory is not None:
            return calls.apply(run, node, factory[1], Arguments())
        default = found.items.get("default")
        return default[1] if default is not None else None
    return value


def entered(run: Run, value: Value) -> Value:
    """What `with value as name` binds for a context that we do not model."""
    return value if not isinstance(value, Unknown) else Unknown(value.why)


def load() -> int:
    """Makes sure that every native function is registered."""
    from samedevice.interpret import (
        native_builtins,
        native_dispatch,
        native_itertools,
        native_modes,
        native_standard,
        native_torch,
        native_types,
    )

    assert (
        native_builtins
        and native_dispatch
        and native_itertools
        and native_modes
        and native_standard
        and native_torch
        and native_types
    )
    return len(NATIVES)
