"""Reading and writing `value.name`."""

from __future__ import annotations

import ast
from collections.abc import Hashable

from samedevice.interpret import (
    classes,
    containers,
    functions,
    libraries,
    named_tuples,
    natives,
    network_methods,
    networks,
    projects,
    tensors,
)
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import (
    BoundMethod,
    ClassObject,
    DictObject,
    FunctionObject,
    Instance,
    ModuleObject,
    NativeFunction,
    Super,
)
from samedevice.interpret.join import join_values
from samedevice.values.condition import Choice
from samedevice.values.device import Device, SymDevice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Kept,
    Library,
    Method,
    Place,
    Ref,
    Scalar,
    Slot,
    Tensor,
    Tuple,
    Value,
)


def get(run: Run, base: Value, name: str, node: ast.AST) -> Value:
    """The value of `base.name`."""
    match base:
        case Choice():
            lacking(run, base, name, node)
            return _of_choice(run, base, name, node)
        case Ref():
            return _of_object(run, base, name, node)
        case Library() if name in ("__name__", "__qualname__"):
            return Const(base.name.rpartition(".")[2])
        case Library():
            return libraries.attribute(run, base.name, name)
        case Tensor() | Array():
            return tensors.attribute(run, node, base, name)
        case DeviceValue():
            return _of_device(base, name)
        case DTypeValue():
            return natives.of_dtype(base, name)
        case Tuple() if base.fields:
            return named_tuples.attribute(run, base, name, node)
        case Unknown():
            return _of_unknown(run, base, name)
        case Const():
            lacking(run, base, name, node)
    return Method(base, name)


def lacking(run: Run, base: Value, name: str, node: ast.AST) -> None:
    """Notes that None, a number or a string, as a value is or may be, has no attribute that is written behind it."""
    match node:
        case ast.Attribute(attr=written) | ast.Call(func=ast.Attribute(attr=written)) if written == name:
            sides = (base.yes, base.no) if isinstance(base, Choice) else (base,)
            if any(isinstance(side, Const) and not hasattr(side.value, name) for side in sides):
                run.raises(node, name)


def _of_choice(run: Run, base: Choice[Value], name: str, node: ast.AST) -> Value:
    for one, other in ((base.yes, base.no), (base.no, base.yes)):
        if one == NONE:
            return get(run, run.fresh(other), name, node)
    yes = get(run, run.fresh(base.yes), name, node)
    no = get(run, run.fresh(base.no), name, node)
    return join_values(base.key, yes, no)


def _of_device(base: DeviceValue, name: str) -> Value:
    device = base.device
    if name in ("type", "index"):
        match device:
            case Device():
                return Const(device.kind if name == "type" else device.index)
            case SymDevice():
                return Scalar("str" if name == "type" else "int", f"{device.id}.{name}", f"{device.text}.{name}")
            case Choice():
                yes = _of_device(DeviceValue(device.yes), name)
                no = _of_device(DeviceValue(device.no), name)
                return join_values(device.key, yes, no)
        return Scalar("str") if name == "type" else Unknown(Why.CALLER)
    return Unknown(Why.NOT_MODELLED)


def _of_unknown(run: Run, base: Unknown, name: str) -> Value:
    if not base.symbol:
        return Unknown(base.why)
    symbol = f"{base.symbol}.{name}"
    written = run.scope(0).names.get(symbol)
    if written is not None:
        return run.fresh(written)
    return Unknown(base.why, symbol, f"{base.text}.{name}")


def _of_object(run: Run, base: Ref, name: str, node: ast.AST) -> Value:
    match run.object(base):
        case Instance() as instance:
            return _of_instance(run, base, instance, name, node)
        case ClassObject():
            return _of_class(run, base, name, node)
        case FunctionObject() as function:
            if name == "__name__":
                return Const(function.name)
        case NativeFunction(attributes=known) if name in known:
            return known[name]
        case Super() as found:
            return _of_super(run, found, name, node)
        case ModuleObject():
            found_name = projects.lookup(run, base, name)
            return found_name if found_name is not None else Unknown(Why.NOT_FOUND)
    return Method(base, name)


def _of_super(run: Run, found: Super, name: str, node: ast.AST) -> Value:
    """An attribute along the method resolution order, after the class that asks."""
    receiver = found.receiver
    instance = run.object(receiver) if isinstance(receiver, Ref) else None
    start = instance.cls if isinstance(instance, Instance) else receiver.address if isinstance(receiver, Ref) else 0
    cls = run.state.heap.find(start)
    if isinstance(cls, ClassObject):
        order = cls.mro[cls.mro.index(found.after) + 1 :] if found.after in cls.mro else []
        for parent in order:
            inherited = run.state.heap.find(parent)
            value = inherited.attributes.get(name) if isinstance(inherited, ClassObject) else None
            if value is not None and isinstance(receiver, Ref) and isinstance(instance, Instance):
                return _inherited(run, receiver, instance, value, name, node)
            if value is not None:
                return run.new(BoundMethod(value.address, receiver)) if isinstance(value, Ref) else value
    return Method(receiver, name)


def _of_instance(run: Run, base: Ref, instance: Instance, name: str, node: ast.AST) -> Value:
    found = instance.attributes.get(name)
    if found is not None:
        return _slotted(run, base, instance, name, run.fresh(found))
    inherited = classes.lookup(run, instance.cls, name)
    if inherited is not None:
        return _inherited(run, base, instance, inherited, name, node)
    if classes.is_network(run, instance):
        native = network_methods.attribute(run, base, instance, name)
        if native is not None:
            return native
    return _missing(run, base, instance, name, node)


def _missing(run: Run, base: Ref, instance: Instance, name: str, node: ast.AST) -> Value:
    if name == "__class__":
        return Ref(instance.cls)
    known = containers.mapping(run, base) if instance.attributes.get("__dict__") == base else None
    if known is not None and name in known.items:
        return run.fresh(known.items[name][1])
    if name == "__dict__":
        items: dict[Hashable, tuple[Value, Value]] = {
            key: (Const(key), value) for key, value in instance.attributes.items()
        }
        return run.new(DictObject(items, default=base, type="__dict__"))
    fallback = classes.lookup(run, instance.cls, "__getattr__")
    if isinstance(fallback, Ref):
        return functions.enter(run, node, fallback.address, Arguments([Const(name)], {}, [None]), receiver=base)
    if classes.has_native(run, instance.cls):
        return Method(base, name)
    symbol = f"@{base.address}.{name}"
    return Unknown(Why.NOT_FOUND, symbol, f"self.{name}")


def _slotted(run: Run, base: Ref, instance: Instance, name: str, value: Value) -> Value:
    """A tensor remembers the attribute it was read from."""
    if not isinstance(value, Tensor):
        return value
    found = run.state.heap[instance.cls]
    assert isinstance(found, ClassObject)
    kept = instance.kept.get(name, Kept.PLAIN)
    place = instance.places.get(name)
    slot = Slot(base.address, found.name, name, kept, found.network, place)
    return tensors.with_slot(value, slot)


def _inherited(run: Run, base: Ref, instance: Instance, value: Value, name: str, node: ast.AST) -> Value:
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, FunctionObject):
        assert isinstance(value, Ref)
        match found.kind:
            case "property":
                return functions.enter(run, node, value.address, Arguments(), receiver=base)
            case "cached":
                result = functions.enter(run, node, value.address, Arguments(), receiver=base)
                run.state.writable(base.address).attributes[name] = result
                return result
            case "static":
                return value
            case "class":
                return run.new(BoundMethod(value.address, Ref(instance.cls)))
            case "instance":
                return value
        return run.new(BoundMethod(value.address, base))
    getter = _descriptor(run, value, "__get__")
    if getter is not None:
        given = Arguments([base, Ref(instance.cls)], {}, [None, None])
        return functions.enter(run, node, getter.address, given, receiver=value)
    fresh = run.fresh(value)
    if isinstance(fresh, Tensor):
        cls = run.state.heap[instance.cls]
        assert isinstance(cls, ClassObject)
        slot = Slot(base.address, cls.name, name, Kept.PLAIN, cls.network, cls.places.get(name))
        return tensors.with_slot(fresh, slot)
    return fresh


def _descriptor(run: Run, value: Value | None, method: str) -> Ref | None:
    """The `__get__` or `__set__` of a class attribute whose class has one."""
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, Instance):
        function = classes.lookup(run, found.cls, method)
        return function if isinstance(function, Ref) else None
    return None


def _of_class(run: Run, base: Ref, name: str, node: ast.AST) -> Value:
    found = run.object(base)
    assert isinstance(found, ClassObject)
    if name == "__name__":
        return Const(found.name)
    value = classes.lookup(run, base.address, name)
    if value is None:
        if found.kind == "namedtuple" and name == "_make":
            return Method(base, name)
        if found.library or not found.unknown_base:
            return Library(f"{found.module}.{found.name}.{name}")
        return Unknown(Why.OUTSIDE, f"{found.name}.{name}", f"{found.name}.{name}")
    inner = run.object(value) if isinstance(value, Ref) else None
    if isinstance(inner, FunctionObject) and inner.kind == "class":
        assert isinstance(value, Ref)
        return run.new(BoundMethod(value.address, base))
    return run.fresh(value)


def put(run: Run, base: Value, name: str, value: Value, target: ast.AST, node: ast.AST | None) -> None:
    """`base.name = value`."""
    match base:
        case Choice():
            put(run, base.yes, name, value, target, node)
            put(run, base.no, name, value, target, node)
        case Unknown() if base.symbol:
            run.state.writable(0).names[f"{base.symbol}.{name}"] = value
        case Ref():
            _put_object(run, base, name, value, target, node)
        case Tensor():
            tensors.put_attribute(run, base, name, value, target)


def _put_object(run: Run, base: Ref, name: str, value: Value, target: ast.AST, node: ast.AST | None) -> None:
    found = run.object(base)
    if isinstance(found, ClassObject):
        run.state.writable(base.address).attributes[name] = value
        return
    if not isinstance(found, Instance):
        return
    inherited = classes.lookup(run, found.cls, name)
    setter = run.object(inherited) if isinstance(inherited, Ref) else None
    if isinstance(setter, FunctionObject) and setter.kind == "property":
        if setter.setter is not None:
            functions.enter(run, target, setter.setter, Arguments([value], {}, [None]), receiver=base)
        return
    descriptor = _descriptor(run, inherited, "__set__")
    if descriptor is not None:
        given = Arguments([base, value], {}, [None, None])
        functions.enter(run, target, descriptor.address, given, receiver=inherited)
        return
    custom = classes.lookup(run, found.cls, "__setattr__")
    if isinstance(custom, Ref) and not run.frame.library:
        functions.enter(run, target, custom.address, Arguments([Const(name), value], {}, [None, None]), receiver=base)
        return
    if name == "__dict__" and value != base:
        _put_all(run, base, value, target, node)
        return
    place = run.place() if run.frame.library else Place(run.frame.source, run.frame.node or target)
    if classes.is_network(run, found):
        networks.put(run, base, name, value, place, node)
        return
    instance = run.state.writable(base.address)
    instance.attributes[name] = value
    instance.maybe -= {name}
    if place is not None:
        instance.places[name] = place


def _put_all(run: Run, base: Ref, value: Value, target: ast.AST, node: ast.AST | None) -> None:
    """`self.__dict__ = items`."""
    given = containers.mapping(run, value)
    for name, (_, item) in given.items.items() if given is not None else ():
        if isinstance(name, str):
            put(run, base, name, item, target, node)


def delete(run: Run, base: Value, name: str) -> None:
    if isinstance(base, Ref) and isinstance(run.object(base), Instance):
        instance = run.state.writable(base.address)
        instance.attributes.pop(name, None)
        instance.kept.pop(name, None)
