"""What a loop, a comprehension or an unpacking gets from a value."""

from __future__ import annotations

import ast
from collections.abc import Callable

from samedevice.interpret import assignment, classes, expressions, functions, networks, tensors
from samedevice.interpret.budget import ITEMS, UNROLL
from samedevice.interpret.context import Arguments, Frame, Run
from samedevice.interpret.heap import ClassObject, DictObject, Instance, ListObject, Scope
from samedevice.interpret.join import common, join_states, join_values
from samedevice.interpret.truth import decide
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, Array, Const, Many, Ref, Scalar, Tensor, Tuple, Value

UNKNOWN = Unknown(Why.NOT_MODELLED)


def items_of(run: Run, value: Value, node: ast.AST | None) -> tuple[list[Value], bool]:
    """The items that iterating gives, and whether these are all; else they are samples of what comes."""
    match value:
        case Tuple():
            return [run.fresh(item) for item in value.items], True
        case Many():
            return [run.fresh(value.item)], False
        case Const(value=str() as text):
            return [Const(letter) for letter in text[:ITEMS]], len(text) <= ITEMS
        case Const(value=range() as numbers):
            return _range(numbers)
        case Tensor() | Array():
            return tensors.items(run, node, value)
        case Ref():
            return _of_object(run, value, node)
        case Choice():
            return _of_choice(run, value, node)
        case Scalar(type="range"):
            return [Scalar("int")], False
        case Unknown() if value.symbol:
            return [Unknown(value.why, f"{value.symbol}[]", f"an item of {value.text}")], False
    return [UNKNOWN], False


def _range(numbers: range) -> tuple[list[Value], bool]:
    if len(numbers) <= UNROLL:
        return [Const(number) for number in numbers], True
    return [Scalar("int")], False


def _of_choice(run: Run, value: Choice[Value], node: ast.AST | None) -> tuple[list[Value], bool]:
    for one, other in ((value.yes, value.no), (value.no, value.yes)):
        if one == NONE:
            return items_of(run, run.fresh(other), node)
    yes, first = items_of(run, run.fresh(value.yes), node)
    no, second = items_of(run, run.fresh(value.no), node)
    if first and second and len(yes) == len(no):
        return [join_values(value.key, a, b) for a, b in zip(yes, no, strict=True)], True
    joined = common([*yes, *no])
    return [joined if joined is not None else UNKNOWN], False


def _of_object(run: Run, ref: Ref, node: ast.AST | None) -> tuple[list[Value], bool]:
    match run.object(ref):
        case ListObject() as found:
            if found.items is not None:
                return [run.fresh(item) for item in found.items], True
            return ([run.fresh(found.each)] if found.each is not None else []), found.each is None
        case DictObject() as found:
            labels = [label for label, _ in found.items.values()]
            if found.rest is None:
                return labels, True
            return [*labels, Scalar("str")], False
        case Instance() as instance:
            return _of_instance(run, ref, instance, node)
        case ClassObject(kind="enum") as cls:
            return [v for name, v in cls.attributes.items() if not name.startswith("_") and isinstance(v, Const)], True
    return [UNKNOWN], False


def _of_instance(run: Run, ref: Ref, instance: Instance, node: ast.AST | None) -> tuple[list[Value], bool]:
    at = node or ast.Pass()
    maker = classes.lookup(run, instance.cls, "__iter__")
    if isinstance(maker, Ref):
        made = functions.enter(run, at, maker.address, Arguments(), receiver=ref)
        if made != ref:
            return items_of(run, made, node)
    following = classes.lookup(run, instance.cls, "__next__")
    if isinstance(following, Ref):
        return [functions.enter(run, at, following.address, Arguments(), receiver=ref)], False
    getter = classes.lookup(run, instance.cls, "__getitem__")
    if isinstance(getter, Ref):
        index = Arguments([Scalar("int")], {}, [None])
        return [functions.enter(run, at, getter.address, index, receiver=ref)], False
    if classes.is_network(run, instance):
        return networks.items(run, ref)
    return [UNKNOWN], False


def common_item(run: Run, items: list[Value]) -> Value:
    """What all items have in common; of containers, what their contents have in common."""
    if len(items) < 2:
        return items[0] if items else UNKNOWN
    found = common(items)
    if isinstance(found, Unknown):
        objects = [run.object(item) if isinstance(item, Ref) else None for item in items]
        if all(isinstance(thing, DictObject) for thing in objects):
            return run.new(_merged(run, [thing for thing in objects if isinstance(thing, DictObject)]))
        if all(isinstance(thing, ListObject) for thing in objects):
            return _merged_lists(run, [thing for thing in objects if isinstance(thing, ListObject)])
        classes_of = {thing.cls if isinstance(thing, Instance) else None for thing in objects}
        if len(classes_of) == 1 and None not in classes_of:
            return networks.standing_for(run, [item for item in items if isinstance(item, Ref)])
    return found if found is not None else UNKNOWN


def _merged(run: Run, dicts: list[DictObject]) -> DictObject:
    """A dict that stands for each of several: the keys that all have."""
    first = dicts[0]
    shared = [name for name in first.items if all(name in other.items for other in dicts)]
    items = {
        name: (first.items[name][0], common_item(run, [run.fresh(other.items[name][1]) for other in dicts]))
        for name in shared
    }
    others = [value for found in dicts for name, (_, value) in found.items.items() if name not in items]
    others += [found.rest for found in dicts if found.rest is not None]
    return DictObject(items, common_item(run, others) if others else None, type=first.type)


def _merged_lists(run: Run, lists: list[ListObject]) -> Value:
    lengths = {None if found.items is None else len(found.items) for found in lists}
    if len(lengths) == 1 and None not in lengths:
        columns = zip(*(found.items or [] for found in lists), strict=True)
        return run.new(ListObject([common_item(run, list(column)) for column in columns], None, lists[0].type))
    items = [item for found in lists for item in (found.items if found.items is not None else [found.each]) if item]
    return run.new(ListObject(None, common_item(run, items), lists[0].type))


def make_list(run: Run, items: list[Value], exact: bool, kind: str) -> Value:
    """A list of items, of known length or not."""
    if kind == "set":
        exact = exact and all(isinstance(item, Const) for item in items)
        items = list(dict.fromkeys(items)) if exact else items
    if exact and len(items) <= ITEMS:
        return run.new(ListObject(list(items), None, kind))
    return run.new(ListObject(None, common_item(run, items) if items else None, kind))


def blur(run: Run, found: ListObject, more: list[Value]) -> None:
    """Forgets the length of a list that also got `more`."""
    known = found.items if found.items is not None else [found.each] if found.each is not None else []
    every = [*known, *more]
    found.items, found.each = None, common_item(run, every) if every else None


def comprehension(
    run: Run, generators: list[ast.comprehension], element: Callable[[], Value]
) -> tuple[list[Value], bool]:
    """Runs a comprehension in a scope of its own."""
    outer = run.frame
    scope = run.new(Scope({}, outer.scope))
    run.frame = Frame(scope.address, outer.source, outer.function, outer.function_address, outer.caller, outer.call)
    run.frame.arguments, run.frame.receiver, run.frame.cls = outer.arguments, outer.receiver, outer.cls
    run.frame.library, run.frame.node, run.frame.contract = outer.library, outer.node, outer.contract
    if outer.function is None:
        run.frame.cls = None
    try:
        return _generators(run, generators, element)
    finally:
        run.frame = outer
        found = run.state.heap.find(scope.address)
        if isinstance(found, Scope) and not found.captured:
            del run.state.heap[scope.address]


def _generators(
    run: Run, generators: list[ast.comprehension], element: Callable[[], Value]
) -> tuple[list[Value], bool]:
    if not generators:
        return [element()], True
    first = generators[0]
    iterable = expressions.evaluate(run, first.iter)
    items, exact = items_of(run, iterable, first.iter)
    if len(items) > UNROLL and not all(isinstance(item, Const | Ref) for item in items):
        items, exact = [common_item(run, items)], False
    found: list[Value] = []
    for item in items[:ITEMS]:
        assignment.assign(run, first.target, item, first.iter, "for")
        more, all_of_them = _filtered(run, first.ifs, lambda: _generators(run, generators[1:], element))
        found += more
        exact = exact and all_of_them
    return found, exact


def _filtered(
    run: Run, tests: list[ast.expr], inner: Callable[[], tuple[list[Value], bool]]
) -> tuple[list[Value], bool]:
    path = run.state.path
    certain = True
    skipped = []
    for test in tests:
        decision = decide(run, expressions.evaluate(run, test), test)
        if decision is False:
            run.state.path = path
            return [], certain
        if decision is not True:
            certain = False
            skipped.append(run.state.fork())
            run.state.path = (*run.state.path, decision)
    found, exact = inner()
    for state in skipped:
        run.state = join_states(path, run.opaque("filtered out"), run.state, state)
    run.state.path = path
    return found, exact and certain


def next_item(run: Run, value: Value, node: ast.AST | None) -> Value:
    """`next(value)`."""
    if isinstance(value, Choice) and NONE not in (value.yes, value.no):
        one, other = (next_item(run, run.fresh(side), node) for side in (value.yes, value.no))
        return join_values(value.key, one, other)
    items, exact = items_of(run, value, node)
    if isinstance(value, Ref) and isinstance(run.object(value), ListObject) and exact and items:
        found = run.state.writable(value.address)
        if found.type == "generator":
            found.items = items[1:]
    return items[0] if items else UNKNOWN
