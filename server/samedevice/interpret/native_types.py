"""Python's built-in functions about types and attributes."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Hashable

from samedevice.interpret import abstract, attributes, classes, libraries, network_methods, plain
from samedevice.interpret.context import Arguments, Frame, Run, text_of
from samedevice.interpret.heap import (
    BoundMethod,
    ClassObject,
    DictObject,
    FunctionObject,
    Instance,
    ListObject,
    NativeFunction,
    Super,
)
from samedevice.interpret.join import join_values
from samedevice.interpret.registry import UNKNOWN, callee, first, native
from samedevice.ops import table
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown
from samedevice.values.value import (
    NONE,
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Kept,
    Library,
    Many,
    Ref,
    Scalar,
    Slice,
    Tensor,
    Tuple,
    Value,
)


@native("builtins.isinstance", "builtins.issubclass")
def _isinstance(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) != 2:
        return Scalar("bool")
    value, wanted = arguments.positional
    if isinstance(value, Choice):
        yes = _isinstance(run, node, Arguments([run.fresh(value.yes), wanted]))
        no = _isinstance(run, node, Arguments([run.fresh(value.no), wanted]))
        return yes if yes == no else Choice(value.key, yes, no)
    kinds = list(wanted.items) if isinstance(wanted, Tuple) else [wanted]
    answers = [_is_a(run, value, kind) for kind in kinds]
    if True in answers:
        return Const(True)
    if all(answer is False for answer in answers):
        return Const(False)
    symbol = getattr(value, "symbol", "")
    if symbol:
        words = text_of(node, run.frame.source)
        return Scalar("bool", f"isinstance({symbol}, {kinds})", words)
    return Scalar("bool")


_PYTHON_TYPES = {
    "builtins.int": ("int", "bool"),
    "builtins.float": ("float",),
    "builtins.str": ("str",),
    "builtins.bool": ("bool",),
    "builtins.bytes": ("bytes",),
    "numbers.Number": ("int", "float", "bool", "complex"),
    "numbers.Real": ("int", "float", "bool"),
    "numbers.Integral": ("int", "bool"),
}


_CONTAINERS = {
    "builtins.list": "list",
    "builtins.set": "set",
    "collections.deque": "deque",
}


_MAPPINGS = ("builtins.dict", "collections.abc.Mapping", "typing.Mapping", "collections.OrderedDict", "typing.Dict")


def _is_a(run: Run, value: Value, wanted: Value) -> bool | None:
    """Whether a value is an instance; None where that is not known."""
    found = run.object(value) if isinstance(value, Ref) else None
    abstract_kind = abstract.kind_of(wanted.name) if isinstance(wanted, Library) else None
    if abstract_kind is not None:
        return abstract.is_one(run, value, abstract_kind)
    if abstract.is_protocol(run, wanted):
        by_name = isinstance(found, Instance) and classes.is_subclass(run, found.cls, wanted)
        return True if by_name else None
    if isinstance(found, ClassObject):
        return classes.is_subclass(run, found.mro[0], wanted)
    if isinstance(found, Instance):
        return classes.is_subclass(run, found.cls, wanted)
    name = wanted.name if isinstance(wanted, Library) else ""
    if not name:
        if isinstance(value, Unknown) or isinstance(wanted, Unknown):
            return None
        return _named_tuple(run, value, wanted)
    match value:
        case Unknown() | Choice():
            return None
        case Tensor():
            if name == "torch.nn.Parameter":
                return value.parameter
            return name in ("torch.Tensor", "torch.autograd.Variable", "builtins.object") or _legacy(value, name)
        case Array():
            return name in ("numpy.ndarray", "builtins.object")
        case Tuple() | Many():
            known = (
                "builtins.tuple",
                "collections.abc.Sequence",
                "collections.abc.Iterable",
                "typing.Sequence",
                "typing.Tuple",
            )
            return (
                name in known
                or (name == "torch.Size" and value.type == "torch.Size")
                or (name == "builtins.list" and value.type == "list")
            )
        case Const() | Scalar():
            return _is_plain(value, name)
        case DeviceValue():
            return name == "torch.device"
        case DTypeValue():
            return name == "torch.dtype"
        case Slice():
            return name == "builtins.slice"
    if isinstance(found, ListObject):
        if name in (
            "collections.abc.Sequence",
            "collections.abc.Iterable",
            "typing.Sequence",
            "typing.Iterable",
            "typing.List",
        ):
            return found.type == "list"
        return _CONTAINERS.get(name) == found.type
    if isinstance(found, DictObject):
        return name in _MAPPINGS
    if isinstance(found, FunctionObject | BoundMethod | NativeFunction):
        return name in ("types.FunctionType", "collections.abc.Callable", "typing.Callable", "types.MethodType")
    return None


def _named_tuple(run: Run, value: Value, wanted: Value) -> bool | None:
    cls = run.object(wanted) if isinstance(wanted, Ref) else None
    if isinstance(cls, ClassObject):
        return isinstance(value, Tuple) and value.type == cls.name
    return None


def _legacy(value: Tensor, name: str) -> bool | None:
    return None if name.startswith("torch.") and name.endswith("Tensor") else False


def _is_plain(value: Const | Scalar, name: str) -> bool | None:
    kind = plain.type_of(value)
    if name in _PYTHON_TYPES:
        return kind in _PYTHON_TYPES[name]
    if name == "builtins.object":
        return True
    if isinstance(value, Scalar) and value.type not in ("int", "float", "bool", "str"):
        return None
    return False


@native("builtins.hasattr")
def _hasattr(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) != 2 or not isinstance(arguments.positional[1], Const):
        return Scalar("bool")
    value, name = arguments.positional[0], str(arguments.positional[1].value)
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, Instance):
        known = name in found.attributes.keys() - found.maybe or classes.lookup(run, found.cls, name) is not None
        if not known and isinstance(value, Ref) and classes.is_network(run, found):
            known = network_methods.attribute(run, value, found, name) is not None
        if known:
            return Const(True)
        return Scalar("bool") if found.open or name in found.maybe else Const(False)
    if isinstance(found, ClassObject) and isinstance(value, Ref):
        if classes.lookup(run, value.address, name) is not None or hasattr(type, name):
            return Const(True)
        return Scalar("bool") if found.unknown_base or found.network or found.kind != "class" else Const(False)
    if isinstance(value, Tensor) and table.known(f"torch.Tensor.{name}"):
        return Const(True)
    if isinstance(value, Unknown) and value.symbol:
        return Scalar("bool", f"hasattr({value.symbol}, {name})", text_of(node, run.frame.source))
    if isinstance(value, Library):
        return Const(True) if libraries.provides(f"{value.name}.{name}") else Scalar("bool")
    if isinstance(value, Tuple):
        named = name in value.fields or (name == "_fields" and bool(value.fields))
        return Const(named or hasattr(list if value.type == "list" else tuple, name))
    if isinstance(found, ListObject | DictObject) and (known_type := _PLAIN.get(found.type)) is not None:
        return Const(hasattr(known_type, name))
    if isinstance(value, Const):
        return Const(hasattr(value.value, name))
    return Scalar("bool")


_PLAIN = {"list": list, "dict": dict, "set": set, "deque": deque}


@native("builtins.getattr")
def _getattr(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) < 2 or not isinstance(arguments.positional[1], Const):
        return UNKNOWN
    value, name = arguments.positional[0], str(arguments.positional[1].value)
    if len(arguments.positional) > 2:
        has = _hasattr(run, node, Arguments(arguments.positional[:2]))
        if has == Const(False):
            return arguments.positional[2]
        found = run.object(value) if isinstance(value, Ref) else None
        if isinstance(found, Instance) and name in found.maybe:
            key = run.opaque(f"`{name}` was set")
            return join_values(key, attributes.get(run, value, name, node), arguments.positional[2])
        if has != Const(True) and not isinstance(value, Library):
            return UNKNOWN if not isinstance(value, Unknown) else attributes.get(run, value, name, node)
    return attributes.get(run, value, name, node)


@native("builtins.setattr", "object.__setattr__")
def _setattr(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) == 3 and isinstance(arguments.positional[1], Const):
        value, name = arguments.positional[0], str(arguments.positional[1].value)
        at = node.args[2] if isinstance(node, ast.Call) and len(node.args) > 2 else node
        attributes.put(run, value, name, arguments.positional[2], at, at)
    elif arguments.positional:
        _forget_attributes(run, arguments.positional[0])
    return NONE


def _forget_attributes(run: Run, value: Value) -> None:
    """Something was set under a name that is not known: any attribute may be it."""
    if isinstance(value, Ref) and isinstance(run.object(value), Instance):
        instance = run.state.writable(value.address)
        instance.open = True
        for name, known in list(instance.attributes.items()):
            if isinstance(known, Tensor | Choice | Tuple) and instance.kept.get(name, Kept.PLAIN) is Kept.PLAIN:
                instance.attributes[name] = UNKNOWN


@native("builtins.object.__setattr__")
def _raw_setattr(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) == 3 and isinstance(arguments.positional[1], Const):
        value, name = arguments.positional[0], str(arguments.positional[1].value)
        if isinstance(value, Ref) and isinstance(run.object(value), Instance):
            run.state.writable(value.address).attributes[name] = arguments.positional[2]
    return NONE


@native("builtins.object.__new__")
def _new(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    cls = first(arguments)
    if isinstance(cls, Ref) and isinstance(run.object(cls), ClassObject):
        return classes.new_instance(run, cls)
    return UNKNOWN


@native("builtins.callable")
def _callable(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, FunctionObject | BoundMethod | ClassObject | NativeFunction):
        return Const(True)
    if isinstance(value, Tensor | Const | Tuple | Array):
        return Const(False)
    return Scalar("bool")


@native("builtins.type")
def _type(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) == 3:
        return classes.built(run, arguments)
    value = first(arguments)
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, Instance):
        return Ref(found.cls)
    if isinstance(found, ListObject):
        return Library(f"builtins.{'list' if found.type == 'generator' else found.type}")
    if isinstance(found, DictObject):
        return Library("builtins.dict")
    if isinstance(value, Tensor):
        return Library("torch.nn.Parameter" if value.parameter else "torch.Tensor")
    kind = plain.type_of(value)
    if kind is not None:
        return Library(f"builtins.{kind}")
    if isinstance(value, Tuple) and value.fields:
        fields = list(value.fields)
        return run.new(
            ClassObject(value.type, "", None, None, [], {}, [run.next_address], kind="namedtuple", fields=fields)
        )
    return Library("builtins.tuple") if isinstance(value, Tuple | Many) else UNKNOWN


@native("builtins.super")
def _super(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) == 2:
        cls, receiver = arguments.positional
        if isinstance(cls, Ref) and isinstance(run.object(cls), ClassObject):
            return run.new(Super(receiver, cls.address))
    frame: Frame | None = run.frame
    while frame is not None and (frame.cls is None or frame.receiver is None):
        if (
            frame.function is not None
            and frame.function.cls is None
            and frame.caller is not None
            and frame.receiver is None
        ):
            frame = frame.caller
            continue
        break
    if frame is not None and frame.cls is not None and frame.receiver is not None:
        return run.new(Super(frame.receiver, frame.cls))
    return UNKNOWN


@native("builtins.vars")
def _vars(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, Instance):
        items: dict[Hashable, tuple[Value, Value]] = {
            name: (Const(name), item) for name, item in found.attributes.items()
        }
        return run.new(DictObject(items, UNKNOWN if found.open else None))
    return UNKNOWN


@native("builtins.id")
def _id(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
    return Scalar("int", f"id({value.address})" if isinstance(value, Ref) else "")


@native("builtins.property", "builtins.staticmethod", "builtins.classmethod")
def _descriptor(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
    if isinstance(value, Ref) and isinstance(run.object(value), FunctionObject):
        kind = {"property": "property", "staticmethod": "static", "classmethod": "class"}[callee(node)]
        run.state.writable(value.address).kind = kind
    return value
