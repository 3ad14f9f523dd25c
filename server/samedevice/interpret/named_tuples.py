"""Named tuples: tuples with names, and the methods that a program gives them."""

from __future__ import annotations

import ast

from samedevice.interpret import classes, functions, iteration
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import BoundMethod, ClassObject, FunctionObject
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Method, Ref, Tuple, Value

_OWN = frozenset(dir(tuple)) | {"_replace", "_asdict", "_make", "_fields", "_field_defaults"}


def attribute(run: Run, base: Tuple, name: str, node: ast.AST) -> Value:
    """An attribute of a named tuple: an item, what its class has, a method of every tuple."""
    if name in base.fields:
        return run.fresh(base.items[base.fields.index(name)])
    address = _class(run, base)
    found = classes.lookup(run, address, name) if address is not None else None
    function = run.object(found) if isinstance(found, Ref) else None
    if address is not None and isinstance(found, Ref) and isinstance(function, FunctionObject):
        if function.kind in ("property", "cached"):
            return functions.enter(run, node, found.address, Arguments(), receiver=base)
        if function.kind == "static":
            return found
        return run.new(BoundMethod(found.address, Ref(address) if function.kind == "class" else base))
    if found is not None:
        return run.fresh(found)
    return Method(base, name) if name in _OWN else Unknown(Why.NOT_FOUND)


def operator(run: Run, node: ast.AST, base: Tuple, name: str, values: list[Value]) -> Value | None:
    """What a named tuple's own `__add__` and its kin answer; None where it has none."""
    address = _class(run, base)
    found = classes.lookup(run, address, name) if address is not None else None
    if not isinstance(found, Ref):
        return None
    return functions.enter(run, node, found.address, Arguments(values, {}, [None] * len(values)), receiver=base)


def made(run: Run, cls: ClassObject, arguments: Arguments) -> Value:
    """`Point._make(values)`."""
    items, exact = iteration.items_of(run, arguments.positional[0], None) if arguments.positional else ([], False)
    if not exact or len(items) != len(cls.fields):
        return Unknown(Why.NOT_MODELLED)
    return Tuple(tuple(items), tuple(cls.fields), cls.name)


def _class(run: Run, base: Tuple) -> int | None:
    """The class that the names in sight have for a tuple of this kind."""
    found = run.scope(classes.root(run)).names.get(base.type)
    thing = run.object(found) if isinstance(found, Ref) else None
    if isinstance(found, Ref) and isinstance(thing, ClassObject) and tuple(thing.fields) == base.fields:
        return found.address
    return None
