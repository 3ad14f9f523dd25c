"""The value of each kind of expression."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from samedevice.interpret import (
    assignment,
    attributes,
    calls,
    comparisons,
    containers,
    functions,
    iteration,
    subscripts,
    tensors,
)
from samedevice.interpret.budget import ITEMS, NESTED, TEXT
from samedevice.interpret.context import Arguments, Run, text_of
from samedevice.interpret.hashing import key_of
from samedevice.interpret.heap import TOP, DictObject, ListObject, Scope
from samedevice.interpret.join import join_states, join_values
from samedevice.interpret.truth import decide
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Const,
    DeviceValue,
    Many,
    Scalar,
    Slice,
    Tensor,
    Tuple,
    Value,
)

NOT_MODELLED = Unknown(Why.NOT_MODELLED)


def evaluate(run: Run, node: ast.expr) -> Value:
    """The value of an expression; what we do not model is still evaluated inside."""
    run.steps -= 1
    if run.steps <= 0:
        run.refill()
    handler = _HANDLERS.get(type(node))
    return handler(run, node) if handler else _inside(run, node)


def _inside(run: Run, node: ast.expr) -> Value:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            evaluate(run, child)
    return NOT_MODELLED


def _constant(run: Run, node: ast.Constant) -> Value:
    return Const(node.value)


def _name(run: Run, node: ast.Name) -> Value:
    found = lookup(run, node.id)
    if isinstance(found, Unknown) and found.why is Why.NOT_FOUND and found.symbol == f"global {node.id}":
        run.raises(node, node.id)
    return run.fresh(found) if isinstance(found, Choice | Tensor) else found


def lookup(run: Run, name: str) -> Value:
    """The value of a name where the frame stands."""
    address: int | None = run.frame.scope
    heap = run.state.heap
    while address is not None:
        scope = heap[address]
        if isinstance(scope, Scope):
            found = scope.names.get(name)
            if address == TOP:
                run.outer.add(name)
            if found is not None:
                return found
            address = scope.parent
        else:
            break
    return calls.outer_name(run, name)


def _attribute(run: Run, node: ast.Attribute) -> Value:
    base = evaluate(run, node.value)
    return attributes.get(run, base, node.attr, node)


def _tuple(run: Run, node: ast.Tuple) -> Value:
    items, each = _elements(run, node.elts)
    if each is not None:
        return Many(each)
    return Tuple(tuple(items)) if _size(items) < NESTED else Many(NOT_MODELLED)


def _size(items: list[Value]) -> int:
    """How many values a tuple holds, those of tuples inside counted too, as far as it matters."""
    count = 0
    stack: list[Value] = list(items)
    while stack and count < NESTED:
        value = stack.pop()
        count += 1
        if isinstance(value, Tuple):
            stack.extend(value.items)
    return count


def _list(run: Run, node: ast.List) -> Value:
    items, each = _elements(run, node.elts)
    return run.new(ListObject(items if each is None else None, each))


def _set(run: Run, node: ast.Set) -> Value:
    items, each = _elements(run, node.elts)
    return run.new(ListObject(items if each is None else None, each, "set"))


def _elements(run: Run, nodes: list[ast.expr]) -> tuple[list[Value], Value | None]:
    """The items of a display; the second is set when a starred part has unknown length."""
    items: list[Value] = []
    open_ended = False
    for node in nodes:
        if isinstance(node, ast.Starred):
            more, exact = iteration.items_of(run, evaluate(run, node.value), node.value)
            items += more
            open_ended = open_ended or not exact
        else:
            items.append(evaluate(run, node))
    if open_ended or len(items) > ITEMS:
        from_all: Value = items[0] if items else NOT_MODELLED
        for item in items[1:]:
            from_all = join_values(None, from_all, item)
        return [], from_all
    return items, None


def _dict(run: Run, node: ast.Dict) -> Value:
    found = DictObject({})
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            _merge(run, found, evaluate(run, value))
            continue
        label = evaluate(run, key)
        content = evaluate(run, value)
        name = key_of(label)
        if name is None:
            found.rest = content if found.rest is None else join_values(None, found.rest, content)
        else:
            found.items[name] = (label, content)
    return run.new(found)


def _merge(run: Run, into: DictObject, value: Value) -> None:
    other = containers.mapping(run, value)
    if other is not None:
        into.items.update(other.items)
        if other.rest is not None:
            into.rest = other.rest if into.rest is None else join_values(None, into.rest, other.rest)
    else:
        into.rest = NOT_MODELLED


def _binary(run: Run, node: ast.BinOp) -> Value:
    left, right = evaluate(run, node.left), evaluate(run, node.right)
    return tensors.binary(run, node, type(node.op).__name__, left, right, (node.left, node.right))


def _unary(run: Run, node: ast.UnaryOp) -> Value:
    value = evaluate(run, node.operand)
    if isinstance(node.op, ast.Not):
        decision = decide(run, value, node.operand)
        if isinstance(decision, bool):
            return Const(not decision)
        key, polarity = decision
        return Choice(key, Const(not polarity), Const(polarity))
    return tensors.unary(run, node, type(node.op).__name__, value)


def _bool_op(run: Run, node: ast.BoolOp) -> Value:
    return _chain(run, node.values, isinstance(node.op, ast.And))


def _chain(run: Run, nodes: list[ast.expr], conjunction: bool) -> Value:
    """`a and b and c` from the left, as Python stops early."""
    first = evaluate(run, nodes[0])
    if len(nodes) == 1:
        return first
    decision = decide(run, first, nodes[0])
    if isinstance(decision, bool):
        return _chain(run, nodes[1:], conjunction) if decision == conjunction else first
    _, polarity = decision
    return _either(
        run,
        decision,
        lambda: _chain(run, nodes[1:], True) if conjunction else _sided(first, polarity),
        lambda: _sided(first, not polarity) if conjunction else _chain(run, nodes[1:], False),
        first,
    )


def _sided(value: Value, taken: bool) -> Value:
    if isinstance(value, Choice):
        return value.yes if taken else value.no
    return value


def _if_expression(run: Run, node: ast.IfExp) -> Value:
    decision = decide(run, evaluate(run, node.test), node.test)
    if isinstance(decision, bool):
        return evaluate(run, node.body if decision else node.orelse)
    return _either(run, decision, lambda: evaluate(run, node.body), lambda: evaluate(run, node.orelse))


def _either(
    run: Run,
    decision: tuple[Any, bool],
    then: Callable[[], Value],
    otherwise: Callable[[], Value],
    tested: Value | None = None,
) -> Value:
    """The value of a branch inside an expression, with both ways run."""
    key, polarity = decision
    yes, no, path = run.split(key)
    run.state = yes
    first = (then if polarity else otherwise)()
    yes = run.state
    run.state = no
    second = (otherwise if polarity else then)()
    run.state = join_states(path, key, yes, run.state)
    if tested is not None and isinstance(tested, Scalar):
        # `flag and x`: where the flag is false the value is the flag, which is False
        if second is tested and polarity:
            second = Const(False) if tested.type == "bool" else tested
        if first is tested and polarity and tested.type == "bool":
            first = Const(True)
    return join_values(key, first, second)


def _subscript(run: Run, node: ast.Subscript) -> Value:
    base = evaluate(run, node.value)
    index = evaluate(run, node.slice)
    return subscripts.get(run, node, base, index)


def _slice(run: Run, node: ast.Slice) -> Value:
    parts = [evaluate(run, part) if part is not None else NONE for part in (node.lower, node.upper, node.step)]
    return Slice(*parts)


def _joined_string(run: Run, node: ast.JoinedStr) -> Value:
    parts: list[str | None] = []
    symbols: list[str] = []
    for piece in node.values:
        if isinstance(piece, ast.FormattedValue):
            value = evaluate(run, piece.value)
            if piece.format_spec is not None:
                evaluate(run, piece.format_spec)
                parts.append(None)
                continue
            parts.append(text_form(value))
            if parts[-1] is None and isinstance(value, Scalar | Unknown) and value.symbol:
                symbols.append(value.symbol)
        elif isinstance(piece, ast.Constant):
            parts.append(str(piece.value))
            symbols.append(str(piece.value))
    if None in parts:
        known = sum(part is None for part in parts) == sum(isinstance(p, ast.FormattedValue) for p in node.values)
        return Scalar("str", "".join(symbols) if known and symbols else "", text_of(node, run.frame.source))
    return Const("".join(part for part in parts if part is not None)[:TEXT])


def text_form(value: Value) -> str | None:
    """`str(value)` where it is known."""
    match value:
        case Const():
            return str(value.value)
        case DeviceValue() if not isinstance(value.device, Unknown | Choice):
            return str(value.device)
    return None


def _lambda(run: Run, node: ast.Lambda) -> Value:
    return functions.make(run, node, "<lambda>")


def _named(run: Run, node: ast.NamedExpr) -> Value:
    value = evaluate(run, node.value)
    assignment.assign(run, node.target, value, node.value)
    return value


def _list_comp(run: Run, node: ast.ListComp) -> Value:
    items, exact = iteration.comprehension(run, node.generators, lambda: evaluate(run, node.elt))
    return iteration.make_list(run, items, exact, "list")


def _set_comp(run: Run, node: ast.SetComp) -> Value:
    items, exact = iteration.comprehension(run, node.generators, lambda: evaluate(run, node.elt))
    return iteration.make_list(run, items, exact, "set")


def _generator(run: Run, node: ast.GeneratorExp) -> Value:
    items, exact = iteration.comprehension(run, node.generators, lambda: evaluate(run, node.elt))
    return iteration.make_list(run, items, exact, "generator")


def _dict_comp(run: Run, node: ast.DictComp) -> Value:
    found = DictObject({})

    def pair() -> Value:
        return Tuple((evaluate(run, node.key), evaluate(run, node.value)))

    items, exact = iteration.comprehension(run, node.generators, pair)
    for item in items:
        if isinstance(item, Tuple) and len(item.items) == 2:
            label, value = item.items
            name = key_of(label)
            if name is not None and exact:
                found.items[name] = (label, value)
            else:
                found.rest = value if found.rest is None else join_values(None, found.rest, value)
    return run.new(found)


def _starred(run: Run, node: ast.Starred) -> Value:
    return evaluate(run, node.value)


def _await(run: Run, node: ast.Await) -> Value:
    return evaluate(run, node.value)


def _yield(run: Run, node: ast.Yield) -> Value:
    value = evaluate(run, node.value) if node.value is not None else NONE
    return calls.yielded(run, value)


def _yield_from(run: Run, node: ast.YieldFrom) -> Value:
    items, _ = iteration.items_of(run, evaluate(run, node.value), node.value)
    for item in items:
        calls.yielded(run, item)
    return NOT_MODELLED


def _call(run: Run, node: ast.Call) -> Value:
    frame = run.frame
    before, frame.node = frame.node, node
    try:
        return calls.call(run, node)
    finally:
        frame.node = before


def arguments_of(run: Run, node: ast.Call) -> Arguments:
    """Evaluates the arguments of a call."""
    found = Arguments()
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            items, exact = iteration.items_of(run, evaluate(run, argument.value), argument.value)
            if exact:
                found.positional += items
                found.nodes += [None] * len(items)
            else:
                found.open = True
                found.rest = iteration.common_item(run, items)
            continue
        found.positional.append(evaluate(run, argument))
        found.nodes.append(argument)
    for keyword in node.keywords:
        value = evaluate(run, keyword.value)
        if keyword.arg is not None:
            found.keywords[keyword.arg] = value
            found.keyword_nodes[keyword.arg] = keyword.value
            continue
        spread = containers.keywords(run, run.fresh(value))
        if spread is not None:
            found.keywords.update(spread)
        else:
            found.open = True
    return found


def _compare(run: Run, node: ast.Compare) -> Value:
    return comparisons.compare(run, node)


_HANDLERS: dict[type[ast.expr], Callable[[Run, Any], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _bool_op,
    ast.IfExp: _if_expression,
    ast.Compare: _compare,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.JoinedStr: _joined_string,
    ast.Lambda: _lambda,
    ast.NamedExpr: _named,
    ast.ListComp: _list_comp,
    ast.SetComp: _set_comp,
    ast.GeneratorExp: _generator,
    ast.DictComp: _dict_comp,
    ast.Starred: _starred,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
}
