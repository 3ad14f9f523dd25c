"""Methods of lists, sets, dicts and tuples."""

from __future__ import annotations

import ast
from collections.abc import Callable

from samedevice.interpret import iteration, refusals, subscripts
from samedevice.interpret.budget import ITEMS
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.hashing import key_of
from samedevice.interpret.heap import DictObject, Instance
from samedevice.interpret.join import common, join_values
from samedevice.ops.outcome import Clash, Refusal
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, Const, Many, Ref, Scalar, Tuple, Value

UNKNOWN = Unknown(Why.NOT_MODELLED)


def tuple_method(run: Run, node: ast.AST, receiver: Tuple | Many, name: str, arguments: Arguments) -> Value:
    """A method of a tuple, a torch.Size or a namedtuple."""
    if name == "numel" and isinstance(receiver, Tuple):
        sizes = [item.value for item in receiver.items if isinstance(item, Const)]
        if len(sizes) == len(receiver.items):
            total = 1
            for size in sizes:
                total *= size
            return Const(total)
    if name in ("numel", "count", "index"):
        return Scalar("int")
    if name == "_replace" and isinstance(receiver, Tuple):
        items = [arguments.keywords.get(f, item) for f, item in zip(receiver.fields, receiver.items, strict=False)]
        return Tuple(tuple(items), receiver.fields, receiver.type)
    if name == "_asdict" and isinstance(receiver, Tuple):
        named = zip(receiver.fields, receiver.items, strict=False)
        return run.new(DictObject({field: (Const(field), item) for field, item in named}))
    return UNKNOWN


_MOVES = frozenset({"to", "cuda", "cpu", "half", "float", "double", "detach", "numpy", "size", "backward"})


def not_movable(run: Run, node: ast.AST, kind: str, name: str) -> None:
    """Records `hidden.to(device)` of a tuple or list: only tensors have such methods."""
    # What is a list by a test of its type alone may be something else as well.
    sure = all(key.named and not key.text.startswith("isinstance(") for key, _ in run.state.path)
    if kind in ("tuple", "list") and name in _MOVES and sure:
        text = f"AttributeError: '{kind}' object has no attribute '{name}'"
        refusals.record(run, node, f"{kind}.{name}", Clash(Refusal.ARGUMENT, (), text), ())


def list_method(run: Run, node: ast.AST, receiver: Ref, name: str, arguments: Arguments) -> Value:
    """A method of a list, set, deque or generator."""
    handler = _LIST.get(name)
    if handler is not None:
        return handler(run, node, receiver, arguments)
    if name in ("issubset", "issuperset", "isdisjoint"):
        return Scalar("bool")
    if name in ("count", "index"):
        return Scalar("int")
    return UNKNOWN


def _first(arguments: Arguments) -> Value:
    return arguments.positional[0] if arguments.positional else NONE


def _append(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = run.state.writable(receiver.address)
    value = _first(arguments)
    if found.items is not None and len(found.items) < ITEMS and not (found.type == "set" and value in found.items):
        found.items.append(value)
    elif found.items is None or len(found.items) >= ITEMS:
        iteration.blur(run, found, [value])
    return NONE


def _append_left(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = run.state.writable(receiver.address)
    if found.items is not None:
        found.items.insert(0, _first(arguments))
    else:
        iteration.blur(run, found, [_first(arguments)])
    return NONE


def _insert(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = run.state.writable(receiver.address)
    value = arguments.positional[1] if len(arguments.positional) > 1 else NONE
    index = _first(arguments)
    if found.items is not None and isinstance(index, Const) and isinstance(index.value, int):
        found.items.insert(index.value, value)
    else:
        iteration.blur(run, found, [value])
    return NONE


def _extend(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    items, exact = iteration.items_of(run, _first(arguments), None)
    found = run.state.writable(receiver.address)
    if found.items is not None and exact and len(found.items) + len(items) <= ITEMS:
        found.items = [*found.items, *items]
    else:
        iteration.blur(run, found, items)
    return NONE


def _pop(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = run.state.writable(receiver.address)
    index = arguments.positional[0].value if arguments.positional and isinstance(arguments.positional[0], Const) else -1
    if found.items is None:
        return run.fresh(found.each) if found.each is not None else UNKNOWN
    try:
        return run.fresh(found.items.pop(index))
    except (IndexError, TypeError):
        return UNKNOWN


def _pop_left(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    return _pop(run, node, receiver, Arguments([Const(0)], {}, [None]))


def _copy(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = run.object(receiver)
    return run.new(found.copy()) if found is not None else UNKNOWN


def _clear(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = run.state.writable(receiver.address)
    found.items, found.each = [], None
    return NONE


def _reverse(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = run.state.writable(receiver.address)
    if found.items is not None:
        found.items.reverse()
    return NONE


def _sort(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = run.state.writable(receiver.address)
    if found.items is not None:
        numbers = [item.value for item in found.items if isinstance(item, Const)]
        if len(numbers) == len(found.items) and not arguments.keywords:
            try:
                found.items = [Const(number) for number in sorted(numbers)]
                return NONE
            except TypeError:
                pass
        joined = common(found.items)
        found.items = [joined] * len(found.items) if joined is not None else []
    return NONE


def _remove(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = run.state.writable(receiver.address)
    value = _first(arguments)
    if found.items is not None and value in found.items:
        found.items.remove(value)
    elif found.items is not None:
        iteration.blur(run, found, [])
    return NONE


def _merged(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    items, exact = iteration.items_of(run, receiver, None)
    for other in arguments.positional:
        more, also = iteration.items_of(run, other, None)
        items, exact = [*items, *more], exact and also
    return iteration.make_list(run, list(dict.fromkeys(items)), exact, "set")


def _some(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    items, _ = iteration.items_of(run, receiver, None)
    return iteration.make_list(run, items, False, "set")


def _next(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    return iteration.next_item(run, receiver, None)


Handler = Callable[[Run, ast.AST, Ref, Arguments], Value]
_LIST: dict[str, Handler] = {
    "append": _append,
    "add": _append,
    "appendleft": _append_left,
    "insert": _insert,
    "extend": _extend,
    "update": _extend,
    "pop": _pop,
    "popleft": _pop_left,
    "copy": _copy,
    "clear": _clear,
    "reverse": _reverse,
    "sort": _sort,
    "remove": _remove,
    "discard": _remove,
    "union": _merged,
    "intersection": _some,
    "difference": _some,
    "symmetric_difference": _some,
    "__next__": _next,
    "send": _next,
}


def dict_method(run: Run, node: ast.AST, receiver: Ref, name: str, arguments: Arguments) -> Value:
    """A method of a dict."""
    handler = _DICT.get(name)
    return handler(run, node, receiver, arguments) if handler is not None else UNKNOWN


def _dict(run: Run, receiver: Ref) -> DictObject:
    found = run.object(receiver)
    assert isinstance(found, DictObject)
    return found


def _get(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = _dict(run, receiver)
    default = arguments.positional[1] if len(arguments.positional) > 1 else NONE
    name = key_of(_first(arguments))
    if name is not None and name in found.items:
        return run.fresh(found.items[name][1])
    if found.rest is None and name is not None and isinstance(_first(arguments), Const):
        return default
    values = [value for _, value in found.items.values()]
    if found.rest is not None:
        values.append(found.rest)
    joined = common([*values, default])
    return joined if joined is not None else default


def _dict_pop(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    value = _get(run, node, receiver, arguments)
    run.state.writable(receiver.address).items.pop(key_of(_first(arguments)), None)
    return value


def _set_default(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = _dict(run, receiver)
    name = key_of(_first(arguments))
    if name is not None and name in found.items:
        return run.fresh(found.items[name][1])
    default = arguments.positional[1] if len(arguments.positional) > 1 else NONE
    subscripts.put_key(run, receiver, _first(arguments), default)
    return default


def _keys(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = _dict(run, receiver)
    return iteration.make_list(
        run, [label for label, _ in found.items.values()] + _rest_key(found), found.rest is None, "list"
    )


def _rest_key(found: DictObject) -> list[Value]:
    return [] if found.rest is None else [Scalar("str")]


def _values(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = _dict(run, receiver)
    values = [run.fresh(value) for _, value in found.items.values()]
    if found.rest is not None:
        values.append(run.fresh(found.rest))
    return iteration.make_list(run, values, found.rest is None, "list")


def _items(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = _dict(run, receiver)
    pairs: list[Value] = [Tuple((label, run.fresh(value))) for label, value in found.items.values()]
    if found.rest is not None:
        pairs.append(Tuple((Scalar("str"), run.fresh(found.rest))))
    return iteration.make_list(run, pairs, found.rest is None, "list")


def mapping(run: Run, value: Value) -> DictObject | None:
    """The dict that a value is, or that an instance of a subclass of dict holds."""
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, Instance):
        inner = found.attributes.get("_items")
        found = run.object(inner) if isinstance(inner, Ref) else None
    return found if isinstance(found, DictObject) else None


def keywords(run: Run, value: Value) -> dict[str, Value] | None:
    """The arguments that `**value` gives; what only one of two dicts has is not known under the other's condition."""
    if isinstance(value, Choice):
        yes, no = keywords(run, value.yes), keywords(run, value.no)
        if yes is None or no is None:
            return None
        missing = Unknown(Why.DISAGREE)
        return {name: join_values(value.key, yes.get(name, missing), no.get(name, missing)) for name in {**yes, **no}}
    found = mapping(run, value)
    if found is None or found.rest is not None:
        return None
    missing = Unknown(Why.DISAGREE)
    return {
        name: missing if name in found.maybe else run.fresh(content)
        for name, (_, content) in found.items.items()
        if isinstance(name, str)
    }


def update(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    """`dict.update(...)`, and what dict(...) is built with."""
    for value in arguments.positional:
        other = mapping(run, value)
        found = run.state.writable(receiver.address)
        if other is not None:
            for label, item in other.items.values():
                subscripts.put_key(run, receiver, label, item)
            if other.rest is not None:
                found.rest = other.rest if found.rest is None else join_values(None, found.rest, other.rest)
            continue
        if isinstance(value, Ref) and isinstance(run.object(value), Instance):
            found.rest = UNKNOWN  # it may have `keys`, as containers of layers have
            continue
        items, exact = iteration.items_of(run, value, None)
        for item in items:
            pair, known = iteration.items_of(run, item, None)
            if known and len(pair) == 2 and exact:
                subscripts.put_key(run, receiver, pair[0], pair[1])
            else:
                joined = common(pair) if pair else UNKNOWN
                found.rest = joined if joined is not None else UNKNOWN
    for name, value in arguments.keywords.items():
        subscripts.put_key(run, receiver, Const(name), value)
    if arguments.open:
        run.state.writable(receiver.address).rest = UNKNOWN
    return NONE


def _dict_clear(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = run.state.writable(receiver.address)
    found.items, found.rest = {}, None
    return NONE


def _pop_item(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    found = _dict(run, receiver)
    if not found.items:
        return UNKNOWN
    label, value = list(found.items.values())[-1]
    return Tuple((label, run.fresh(value)))


def _move_to_end(run: Run, node: ast.AST, receiver: Ref, arguments: Arguments) -> Value:
    return NONE


_DICT: dict[str, Handler] = {
    "get": _get,
    "pop": _dict_pop,
    "setdefault": _set_default,
    "keys": _keys,
    "values": _values,
    "items": _items,
    "update": update,
    "copy": _copy,
    "clear": _dict_clear,
    "popitem": _pop_item,
    "move_to_end": _move_to_end,
}
