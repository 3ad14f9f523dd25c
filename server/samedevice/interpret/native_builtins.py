"""Python's built-in functions."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Hashable
from typing import Any

from samedevice.interpret import attributes, calls, classes, containers, iteration, libraries, networks, plain, tensors
from samedevice.interpret.analysis import Revealed
from samedevice.interpret.budget import UNROLL
from samedevice.interpret.context import Arguments, Frame, Run, text_of
from samedevice.interpret.expressions import text_form
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
from samedevice.interpret.join import common, join_values
from samedevice.interpret.registry import native
from samedevice.interpret.truth import decide
from samedevice.ops import table
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Library,
    Many,
    Ref,
    Scalar,
    Slice,
    Tensor,
    Tuple,
    Value,
)

UNKNOWN = Unknown(Why.NOT_MODELLED)


def _first(arguments: Arguments) -> Value:
    return arguments.positional[0] if arguments.positional else UNKNOWN


@native("builtins.reveal_type", "typing.reveal_type", "typing_extensions.reveal_type")
def reveal_type(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = _first(arguments)
    run.analysis.facts.append(Revealed(run.frame.source, node, value))
    return value


@native("builtins.print", "builtins.breakpoint", "builtins.delattr", "builtins.input")
def _nothing(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return NONE


@native("builtins.len")
def _len(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = _first(arguments)
    match value:
        case Tensor() | Array():
            size = value.shape[0] if value.shape else None
            return Const(size) if isinstance(size, int) else Scalar("int", size or "", size or "")
        case Const(value=str() | bytes() | range() as known):
            return Const(len(known))
        case Ref() if isinstance(run.object(value), Instance):
            found = calls.operator_method(run, node, value, "__len__", [])
            return found if found is not None else Scalar("int")
        case Tuple() | Ref():
            items, exact = iteration.items_of(run, value, None)
            return Const(len(items)) if exact else Scalar("int")
        case Unknown() if value.symbol:
            return Scalar("int", f"len({value.symbol})", f"len({value.text})")
    return Scalar("int")


@native("builtins.range")
def _range(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    numbers = [
        value.value for value in arguments.positional if isinstance(value, Const) and isinstance(value.value, int)
    ]
    if len(numbers) == len(arguments.positional) and 1 <= len(numbers) <= 3:
        try:
            return Const(range(*numbers))
        except ValueError:
            return UNKNOWN
    return Many(Scalar("int"), "range")


@native("builtins.enumerate")
def _enumerate(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = iteration.items_of(run, _first(arguments), node)
    start = arguments.get(1, "start")
    first = start.value if isinstance(start, Const) and isinstance(start.value, int) else 0
    if exact:
        return Tuple(tuple(Tuple((Const(first + i), item)) for i, item in enumerate(items)))
    return Many(Tuple((Scalar("int"), iteration.common_item(run, items))))


@native("builtins.zip", "itertools.zip_longest")
def _zip(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    parts = [iteration.items_of(run, value, node) for value in arguments.positional]
    if parts and all(exact for _, exact in parts):
        return Tuple(tuple(Tuple(row) for row in zip(*(items for items, _ in parts), strict=False)))
    exact_lengths = [len(items) for items, exact in parts if exact]
    if exact_lengths and min(exact_lengths) <= UNROLL:
        count = min(exact_lengths)
        columns = [items if exact else [iteration.common_item(run, items)] * count for items, exact in parts]
        return Tuple(tuple(Tuple(row) for row in zip(*columns, strict=False)))
    return Many(Tuple(tuple(iteration.common_item(run, items) for items, _ in parts)))


@native(
    "builtins.reversed",
    "builtins.iter",
    "builtins.sorted",
    "builtins.list",
    "builtins.tuple",
    "builtins.set",
    "builtins.frozenset",
    "collections.deque",
    "builtins.aiter",
)
def _sequence(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    name = _callee(node)
    items, exact = iteration.items_of(run, _first(arguments), node) if arguments.positional else ([], True)
    if name == "reversed":
        items = items[::-1]
    if name == "sorted":
        items = _sorted(items, arguments)
    if name in ("tuple", "Size"):
        return Tuple(tuple(items)) if exact else Many(iteration.common_item(run, items))
    if name in ("set", "frozenset"):
        items = list(dict.fromkeys(items)) if all(isinstance(item, Const) for item in items) else items
        return iteration.make_list(run, items, exact, "set")
    return iteration.make_list(run, items, exact, "generator" if name in ("iter", "reversed") else "list")


def _callee(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else "list"


def _sorted(items: list[Value], arguments: Arguments) -> list[Value]:
    numbers: list[Any] = [item.value for item in items if isinstance(item, Const)]
    if len(numbers) == len(items) and "key" not in arguments.keywords:
        try:
            backwards = arguments.keywords.get("reverse") == Const(True)
            return [Const(number) for number in sorted(numbers, reverse=backwards)]
        except TypeError:
            pass
    joined = common(items)
    return [joined] * len(items) if joined is not None else []


@native("torch.Size")
def _size(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = iteration.items_of(run, _first(arguments), node)
    return Tuple(tuple(items), (), "torch.Size") if exact else Many(iteration.common_item(run, items), "torch.Size")


@native(
    "builtins.dict", "collections.OrderedDict", "types.SimpleNamespace", "collections.Counter", "argparse.Namespace"
)
def _dict(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if _callee(node) in ("SimpleNamespace", "Namespace"):
        made = run.new(Instance(_plain_class(run), dict(arguments.keywords), open=arguments.open))
        return made
    made = run.new(DictObject({}))
    containers.update(run, node, made, arguments)
    return made


def _plain_class(run: Run) -> int:
    return run.new(_with_mro(run, ClassObject("Namespace", "argparse", None, None, [], {}, []))).address


def _with_mro(run: Run, found: ClassObject) -> ClassObject:
    found.mro = [run.next_address]
    return found


@native("collections.defaultdict")
def _defaultdict(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    made = run.new(DictObject({}, None, _first(arguments) if arguments.positional else None))
    containers.update(run, node, made, Arguments(arguments.positional[1:], arguments.keywords))
    return made


@native("builtins.map")
def _map(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    function = _first(arguments)
    columns = [iteration.items_of(run, value, node) for value in arguments.positional[1:]]
    if not columns:
        return UNKNOWN
    exact = all(known for _, known in columns)
    rows = list(zip(*(items for items, _ in columns), strict=False))
    found = [
        calls.apply(run, node, function, Arguments(list(row), {}, [None] * len(row))) for row in rows[: UNROLL * 2]
    ]
    return iteration.make_list(run, found, exact and len(found) == len(rows), "generator")


@native("builtins.filter")
def _filter(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = iteration.items_of(run, arguments.positional[1] if len(arguments.positional) > 1 else UNKNOWN, node)
    kept = []
    for item in items:
        function = _first(arguments)
        answer = item if function == NONE else calls.apply(run, node, function, Arguments([item], {}, [None]))
        decision = decide(run, answer, "filter")
        exact = exact and isinstance(decision, bool)
        if decision is not False:
            kept.append(item)
    return iteration.make_list(run, kept, exact, "generator")


@native("builtins.next", "builtins.anext")
def _next(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = _first(arguments)
    if isinstance(value, Ref) and isinstance(run.object(value), Instance):
        found = calls.operator_method(run, node, value, "__next__", [])
        if found is not None:
            return found
    if isinstance(value, Ref) and len(arguments.positional) > 1:
        items, exact = iteration.items_of(run, value, node)
        if exact and not items:
            return arguments.positional[1]
    return iteration.next_item(run, value, node)


@native("builtins.sum", "math.fsum")
def _sum(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = iteration.items_of(run, _first(arguments), node)
    start = arguments.get(1, "start")
    total: Value = start if start is not None else Const(0)
    argument = node.args[0] if isinstance(node, ast.Call) and node.args else ast.Constant(0)
    for item in items[: UNROLL * 2] if exact else [*items, *items]:
        total = tensors.binary(run, node, "Add", total, item, (argument, argument))
    return total if exact or isinstance(total, Tensor) else _loose(total)


def _loose(value: Value) -> Value:
    kind = plain.type_of(value)
    return Scalar(kind) if kind in ("int", "float", "bool") else value


@native("builtins.min", "builtins.max")
def _extreme(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    values = list(arguments.positional)
    exact = True
    if len(values) == 1:
        values, exact = iteration.items_of(run, values[0], node)
    numbers: list[Any] = [value.value for value in values if isinstance(value, Const)]
    if exact and numbers and len(numbers) == len(values) and "key" not in arguments.keywords:
        try:
            return Const(min(numbers) if _callee(node) == "min" else max(numbers))
        except TypeError:
            return UNKNOWN
    kinds = {plain.type_of(value) for value in values}
    if kinds <= {"int", "float", "bool"} and kinds:
        return Scalar("float" if "float" in kinds else "int")
    joined = common(values)
    return joined if joined is not None else UNKNOWN


@native("builtins.any", "builtins.all")
def _any(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = iteration.items_of(run, _first(arguments), node)
    wanted = _callee(node) == "any"
    decisions = [decide(run, item, "") for item in items]
    if wanted in decisions and exact:
        return Const(wanted)
    if exact and all(decision is (not wanted) for decision in decisions):
        return Const(not wanted)
    return Scalar("bool")


@native("builtins.int", "builtins.float", "builtins.bool", "builtins.complex")
def _number(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    kind = _callee(node)
    value = _first(arguments) if arguments.positional else Const(0)
    if isinstance(value, Choice):
        yes = _number(run, node, Arguments([run.fresh(value.yes)], {}, [None]))
        no = _number(run, node, Arguments([run.fresh(value.no)], {}, [None]))
        return join_values(value.key, yes, no)
    if kind == "bool":
        decision = decide(run, value, text_of(node, run.frame.source))
        if isinstance(decision, bool):
            return Const(decision)
        return Choice(decision[0], Const(decision[1]), Const(not decision[1]))
    if isinstance(value, Const):
        try:
            return Const(
                getattr(builtins, kind)(
                    value.value, *[a.value for a in arguments.positional[1:] if isinstance(a, Const)]
                )
            )
        except Exception:  # the program would raise the same
            return UNKNOWN
    if isinstance(value, Tensor):
        tensors.operation(run, node, "torch.Tensor.item", Arguments([value], {}, arguments.nodes[:1]))
        if isinstance(value.data, int | float):
            return Const(getattr(builtins, kind)(value.data))
    if isinstance(value, Scalar) and value.type == kind:
        return value
    if isinstance(value, Scalar) and kind == "int":
        return Scalar("int", value.symbol, value.text)
    return Scalar(kind)


@native("builtins.str", "builtins.repr", "builtins.format", "builtins.ascii")
def _str(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = _first(arguments) if arguments.positional else Const("")
    if _callee(node) == "str":
        found = text_form(value)
        if found is not None:
            return Const(found)
        if isinstance(value, Scalar | Unknown) and value.symbol:
            return Scalar("str", value.symbol, value.text)
    return Scalar("str")


@native(
    "builtins.abs",
    "builtins.round",
    "builtins.divmod",
    "builtins.pow",
    "builtins.ord",
    "builtins.chr",
    "builtins.hash",
    "builtins.hex",
    "builtins.bin",
)
def _pure(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    name = _callee(node)
    value = _first(arguments)
    if isinstance(value, Tensor) and name in ("abs", "round", "pow"):
        return tensors.operation(run, node, f"torch.{name}", arguments)
    if isinstance(value, Array) and name in ("abs", "round"):
        return tensors.operation(run, node, f"numpy.{name}", arguments)
    known = [argument.value for argument in arguments.positional if isinstance(argument, Const)]
    if len(known) == len(arguments.positional) and name not in ("pow", "hash"):
        try:
            found = getattr(builtins, name)(*known)
            return Tuple(tuple(Const(item) for item in found)) if isinstance(found, tuple) else Const(found)
        except Exception:  # the program would raise the same
            return UNKNOWN
    if name in ("ord", "hash"):
        return Scalar("int")
    if name in ("chr", "hex", "bin"):
        return Scalar("str")
    if name == "divmod":
        return Tuple((Scalar("int"), Scalar("int")))
    kind = plain.type_of(value)
    return (
        Scalar("int" if name == "round" and len(arguments.positional) == 1 else kind)
        if kind in ("int", "float")
        else UNKNOWN
    )


@native("builtins.slice")
def _slice(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    parts = arguments.positional
    if len(parts) == 1:
        return Slice(NONE, parts[0], NONE)
    return Slice(parts[0], parts[1], parts[2] if len(parts) > 2 else NONE) if len(parts) > 1 else UNKNOWN


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
        known = name in found.attributes or classes.lookup(run, found.cls, name) is not None
        if not known and isinstance(value, Ref) and classes.is_network(run, found):
            known = networks.attribute(run, value, found, name) is not None
        if known:
            return Const(True)
        return Scalar("bool") if found.open else Const(False)
    if isinstance(value, Tensor) and table.known(f"torch.Tensor.{name}"):
        return Const(True)
    if isinstance(value, Unknown) and value.symbol:
        return Scalar("bool", f"hasattr({value.symbol}, {name})", text_of(node, run.frame.source))
    if isinstance(value, Library):
        return Const(True) if libraries.provides(f"{value.name}.{name}") else Scalar("bool")
    if isinstance(value, Tuple):
        named = name in value.fields or (name == "_fields" and bool(value.fields))
        return Const(named or hasattr(list if value.type == "list" else tuple, name))
    return Scalar("bool")


@native("builtins.getattr")
def _getattr(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) < 2 or not isinstance(arguments.positional[1], Const):
        return UNKNOWN
    value, name = arguments.positional[0], str(arguments.positional[1].value)
    if len(arguments.positional) > 2:
        has = _hasattr(run, node, Arguments(arguments.positional[:2]))
        if has == Const(False):
            return arguments.positional[2]
        if has != Const(True) and not isinstance(value, Library):
            return UNKNOWN if not isinstance(value, Unknown) else attributes.get(run, value, name, node)
    return attributes.get(run, value, name, node)


@native("builtins.setattr", "object.__setattr__")
def _setattr(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) == 3 and isinstance(arguments.positional[1], Const):
        value, name = arguments.positional[0], str(arguments.positional[1].value)
        at = node.args[2] if isinstance(node, ast.Call) and len(node.args) > 2 else node
        attributes.put(run, value, name, arguments.positional[2], at, at)
    return NONE


@native("builtins.object.__setattr__")
def _raw_setattr(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) == 3 and isinstance(arguments.positional[1], Const):
        value, name = arguments.positional[0], str(arguments.positional[1].value)
        if isinstance(value, Ref) and isinstance(run.object(value), Instance):
            run.state.writable(value.address).attributes[name] = arguments.positional[2]
    return NONE


@native("builtins.callable")
def _callable(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = _first(arguments)
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, FunctionObject | BoundMethod | ClassObject | NativeFunction):
        return Const(True)
    if isinstance(value, Tensor | Const | Tuple | Array):
        return Const(False)
    return Scalar("bool")


@native("builtins.type")
def _type(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = _first(arguments)
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
    return (
        Library("builtins.tuple") if isinstance(value, Tuple | Many) and not getattr(value, "fields", ()) else UNKNOWN
    )


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
    value = _first(arguments)
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, Instance):
        items: dict[Hashable, tuple[Value, Value]] = {
            name: (Const(name), item) for name, item in found.attributes.items()
        }
        return run.new(DictObject(items, UNKNOWN if found.open else None))
    return UNKNOWN


@native("builtins.id")
def _id(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = _first(arguments)
    return Scalar("int", f"id({value.address})" if isinstance(value, Ref) else "")


@native("builtins.property", "builtins.staticmethod", "builtins.classmethod")
def _descriptor(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = _first(arguments)
    if isinstance(value, Ref) and isinstance(run.object(value), FunctionObject):
        kind = {"property": "property", "staticmethod": "static", "classmethod": "class"}[_callee(node)]
        run.state.writable(value.address).kind = kind
    return value


@native(
    "builtins.open",
    "builtins.globals",
    "builtins.locals",
    "builtins.eval",
    "builtins.exec",
    "builtins.__import__",
    "builtins.bytes",
    "builtins.bytearray",
    "builtins.memoryview",
    "builtins.object",
    "builtins.dir",
)
def _unknown(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return UNKNOWN
