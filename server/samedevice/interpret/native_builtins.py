"""Python's built-in functions."""

from __future__ import annotations

import ast
import builtins
from typing import Any

from samedevice.interpret import attributes, calls, containers, iteration, plain, tensors
from samedevice.interpret.analysis import Revealed
from samedevice.interpret.budget import UNROLL
from samedevice.interpret.context import Arguments, Run, text_of
from samedevice.interpret.expressions import text_form
from samedevice.interpret.heap import (
    ClassObject,
    DictObject,
    Instance,
)
from samedevice.interpret.join import common, join_values
from samedevice.interpret.registry import UNKNOWN, callee, first, native
from samedevice.interpret.truth import decide
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown
from samedevice.values.value import (
    NONE,
    Array,
    Const,
    Many,
    Ref,
    Scalar,
    Slice,
    Tensor,
    Tuple,
    Value,
)


@native("builtins.reveal_type", "typing.reveal_type", "typing_extensions.reveal_type")
def reveal_type(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
    run.record(Revealed(run.frame.source, node, value), len(run.records.facts))
    return value


@native("builtins.print", "builtins.breakpoint")
def _nothing(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return NONE


@native("builtins.input")
def _input(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Scalar("str")


@native("builtins.delattr")
def _delattr(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    name = arguments.get(1, "name")
    if isinstance(name, Const):
        attributes.delete(run, first(arguments), str(name.value))
    return NONE


@native("builtins.len")
def _len(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
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
    items, exact = iteration.items_of(run, first(arguments), node)
    start = arguments.get(1, "start")
    origin = start.value if isinstance(start, Const) and isinstance(start.value, int) else 0
    if exact:
        return Tuple(tuple(Tuple((Const(origin + i), item)) for i, item in enumerate(items)))
    return Many(Tuple((Scalar("int"), iteration.common_item(run, items))))


@native("builtins.zip", "itertools.zip_longest")
def _zip(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    parts = [iteration.items_of(run, value, node) for value in arguments.positional]
    if not parts and isinstance(arguments.rest, Tuple):
        return Tuple(tuple(Many(item) for item in arguments.rest.items))  # zip(*rows)
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
    name = callee(node)
    items, exact = iteration.items_of(run, first(arguments), node) if arguments.positional else ([], True)
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
    items, exact = iteration.items_of(run, first(arguments), node)
    return Tuple(tuple(items), (), "torch.Size") if exact else Many(iteration.common_item(run, items), "torch.Size")


@native(
    "builtins.dict", "collections.OrderedDict", "types.SimpleNamespace", "collections.Counter", "argparse.Namespace"
)
def _dict(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if callee(node) in ("SimpleNamespace", "Namespace"):
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
    made = run.new(DictObject({}, None, first(arguments) if arguments.positional else None))
    containers.update(run, node, made, Arguments(arguments.positional[1:], arguments.keywords))
    return made


@native("builtins.map")
def _map(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    function = first(arguments)
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
        function = first(arguments)
        answer = item if function == NONE else calls.apply(run, node, function, Arguments([item], {}, [None]))
        decision = decide(run, answer, "filter")
        exact = exact and isinstance(decision, bool)
        if decision is not False:
            kept.append(item)
    return iteration.make_list(run, kept, exact, "generator")


@native("builtins.next", "builtins.anext")
def _next(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
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
    items, exact = iteration.items_of(run, first(arguments), node)
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
            return Const(min(numbers) if callee(node) == "min" else max(numbers))
        except TypeError:
            return UNKNOWN
    kinds = {plain.type_of(value) for value in values}
    if kinds <= {"int", "float", "bool"} and kinds:
        return Scalar("float" if "float" in kinds else "int")
    joined = common(values)
    return joined if joined is not None else UNKNOWN


@native("builtins.any", "builtins.all")
def _any(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = iteration.items_of(run, first(arguments), node)
    wanted = callee(node) == "any"
    decisions = [decide(run, item, "") for item in items]
    if wanted in decisions and exact:
        return Const(wanted)
    if exact and all(decision is (not wanted) for decision in decisions):
        return Const(not wanted)
    return Scalar("bool")


@native("builtins.int", "builtins.float", "builtins.bool", "builtins.complex")
def _number(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    kind = callee(node)
    value = first(arguments) if arguments.positional else Const(0)
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
        return tensors.operation(run, node, f"torch.Tensor.__{kind}__", Arguments([value], {}, arguments.nodes[:1]))
    if isinstance(value, Scalar) and value.type == kind:
        return value
    if isinstance(value, Scalar) and kind == "int":
        return Scalar("int", value.symbol, value.text)
    return Scalar(kind)


@native("builtins.str", "builtins.repr", "builtins.format", "builtins.ascii")
def _str(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments) if arguments.positional else Const("")
    if callee(node) == "str":
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
    name = callee(node)
    value = first(arguments)
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
