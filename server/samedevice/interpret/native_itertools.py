"""`itertools`: what comes out of sequences that are known item by item, and of others."""

from __future__ import annotations

import ast
import itertools

from samedevice.interpret import calls, iteration, plain
from samedevice.interpret.budget import ITEMS
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.registry import UNKNOWN, native
from samedevice.interpret.truth import decide
from samedevice.values.value import Const, Many, Scalar, Tuple, Value

_LONGEST = 20


def _first(run: Run, node: ast.AST, arguments: Arguments, place: int = 0) -> tuple[list[Value], bool]:
    """The items of an argument, and whether these are all."""
    if place >= len(arguments.positional):
        return [UNKNOWN], False
    return iteration.items_of(run, arguments.positional[place], node)


def _generator(run: Run, items: list[Value], exact: bool) -> Value:
    return iteration.make_list(run, items, exact, "generator")


@native("itertools.chain", "itertools.chain.from_iterable")
def _chain(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    parts = arguments.positional
    nested = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "from_iterable"
    exact = True
    if nested and parts:
        parts, exact = iteration.items_of(run, parts[0], node)
    items: list[Value] = []
    for part in parts:
        more, also = iteration.items_of(run, part, node)
        items, exact = [*items, *more], exact and also
    return _generator(run, items, exact)


@native("itertools.product")
def _product(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    parts = [iteration.items_of(run, part, node) for part in arguments.positional]
    repeat = arguments.keywords.get("repeat")
    if isinstance(repeat, Const) and isinstance(repeat.value, int):
        parts = parts * min(repeat.value, 4)
    rows: list[tuple[Value, ...]] = [()]
    for items, _ in parts:
        rows = [(*row, item) for row in rows for item in items][:ITEMS]
    return _generator(run, [Tuple(row) for row in rows], all(exact for _, exact in parts))


@native("itertools.count", "itertools.repeat", "itertools.groupby")
def _stream(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    name = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
    if name == "repeat" and arguments.positional:
        return Many(arguments.positional[0])
    return Many(Scalar("int") if name == "count" else UNKNOWN)


@native("itertools.cycle")
def _cycle(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, _ = _first(run, node, arguments)
    return Many(iteration.common_item(run, items)) if items else UNKNOWN


@native("itertools.islice")
def _islice(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = _first(run, node, arguments)
    limits = [one.value for one in arguments.positional[1:] if isinstance(one, Const)]
    plainly = len(limits) == len(arguments.positional) - 1 and all(one is None or type(one) is int for one in limits)
    if exact and plainly:
        return _generator(run, list(itertools.islice(items, *limits)), True)
    return Many(iteration.common_item(run, items)) if items else UNKNOWN


@native("itertools.permutations", "itertools.combinations")
def _chosen(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, _ = _first(run, node, arguments)
    size = arguments.get(1, "r")
    if isinstance(size, Const) and isinstance(size.value, int) and items:
        return Many(Tuple((iteration.common_item(run, items),) * size.value))
    return Many(UNKNOWN)


@native("itertools.pairwise")
def _pairwise(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = _first(run, node, arguments)
    if exact:
        return _generator(run, [Tuple(pair) for pair in itertools.pairwise(items)], True)
    return Many(Tuple((iteration.common_item(run, items),) * 2)) if items else Many(UNKNOWN)


@native("itertools.batched")
def _batched(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = _first(run, node, arguments)
    size = arguments.get(1, "n")
    if exact and isinstance(size, Const) and isinstance(size.value, int) and size.value > 0:
        parts = [tuple(items[at : at + size.value]) for at in range(0, len(items), size.value)]
        return _generator(run, [Tuple(part) for part in parts], True)
    return Many(Many(iteration.common_item(run, items), "tuple")) if items else Many(UNKNOWN)


@native("itertools.starmap")
def _starmap(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    rows, exact = _first(run, node, arguments, 1)
    made: list[Value] = []
    for row in rows[:_LONGEST]:
        given, known = iteration.items_of(run, row, node)
        values = Arguments(given if known else [], {}, [None] * len(given), open=not known)
        made.append(calls.apply(run, node, arguments.positional[0], values))
    return _generator(run, made, exact and len(rows) <= _LONGEST)


@native("itertools.accumulate")
def _accumulate(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = _first(run, node, arguments)
    function, initial = arguments.get(1, "func"), arguments.keywords.get("initial")
    if not exact or not items or len(items) > _LONGEST:
        return Many(UNKNOWN)
    first, *rest = items if initial is None or initial == Const(None) else [initial, *items]
    made = [first]
    for item in rest:
        if function in (None, Const(None)):
            made.append(plain.binary(run, node, "Add", made[-1], item))
        else:
            made.append(calls.apply(run, node, function, Arguments([made[-1], item], {}, [None, None])))
    return _generator(run, made, True)


@native("itertools.compress")
def _compress(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = _first(run, node, arguments)
    wanted, also = _first(run, node, arguments, 1)
    known = [decide(run, one, "a selector") for one in wanted] if exact and also else []
    if exact and also and all(isinstance(one, bool) for one in known):
        return _generator(run, [item for item, taken in zip(items, known, strict=False) if taken], True)
    return Many(iteration.common_item(run, items)) if items else Many(UNKNOWN)


@native("itertools.tee")
def _tee(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = _first(run, node, arguments)
    count = arguments.get(1, "n")
    number = count.value if isinstance(count, Const) and isinstance(count.value, int) else 2
    return Tuple(tuple(_generator(run, list(items), exact) for _ in range(min(number, 8))))
