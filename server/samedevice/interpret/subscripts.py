"""`base[index]`, read, written and deleted."""

from __future__ import annotations

import ast

from samedevice.interpret import calls, classes, iteration, networks, tensors
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.hashing import key_of
from samedevice.interpret.heap import ClassObject, DictObject, Instance, ListObject
from samedevice.interpret.join import common, join_values
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, Array, Const, Many, Ref, Scalar, Slice, Tensor, Tuple, Value

UNKNOWN = Unknown(Why.NOT_MODELLED)
_VIEWS = ("__dict__", "_parameters", "_buffers", "_modules")
"""Dicts that show the attributes of an instance: what is set in them is set there."""


def get(run: Run, node: ast.Subscript, base: Value, index: Value) -> Value:
    """The value of `base[index]`."""
    match base:
        case Choice():
            for one, other in ((base.yes, base.no), (base.no, base.yes)):
                if one == NONE:
                    return get(run, node, run.fresh(other), index)
            yes, no = (get(run, node, run.fresh(side), index) for side in (base.yes, base.no))
            return join_values(base.key, yes, no)
        case Tensor() | Array():
            return tensors.index(run, node, base, index)
        case Tuple():
            return _of_sequence(run, list(base.items), index, base.type)
        case Many():
            return base if isinstance(index, Slice) else run.fresh(base.item)
        case Const(value=str() | bytes() | range() as sequence):
            return _of_constant(sequence, index)
        case Ref():
            return _of_object(run, node, base, index)
        case Unknown() if base.symbol and isinstance(index, Const):
            symbol = f"{base.symbol}[{index.value!r}]"
            written = run.scope(0).names.get(symbol)
            return (
                run.fresh(written)
                if written is not None
                else Unknown(base.why, symbol, f"{base.text}[{index.value!r}]")
            )
    return UNKNOWN


def _of_constant(sequence: str | bytes | range, index: Value) -> Value:
    position = _python_index(index)
    try:
        return Const(sequence[position]) if position is not None else Scalar(_item_type(sequence))
    except (IndexError, TypeError, ValueError):
        return UNKNOWN


def _item_type(sequence: str | bytes | range) -> str:
    return "str" if isinstance(sequence, str) else "int"


def _python_index(index: Value) -> int | slice | None:
    match index:
        case Const(value=bool()):
            return None
        case Const(value=int() as number):
            return number
        case Slice():
            parts = [part.value if isinstance(part, Const) else False for part in (index.start, index.stop, index.step)]
            known = all(part is None or (isinstance(part, int) and part is not False) for part in parts)
            return slice(*parts) if known and parts[2] != 0 else None
    return None


def _of_sequence(run: Run, items: list[Value], index: Value, kind: str) -> Value:
    position = _python_index(index)
    if isinstance(position, slice):
        return Tuple(tuple(items[position]), (), kind)
    if position is not None:
        return run.fresh(items[position]) if -len(items) <= position < len(items) else UNKNOWN
    joined = common([run.fresh(item) for item in items])
    if joined is None:
        return UNKNOWN
    return Many(joined, kind) if isinstance(index, Slice) else joined


def _of_object(run: Run, node: ast.Subscript, base: Ref, index: Value) -> Value:
    match run.object(base):
        case ListObject() as found:
            return _of_list(run, found, index)
        case DictObject() as found:
            return _of_dict(run, node, base, found, index)
        case Instance() as instance:
            custom = calls.operator_method(run, node, base, "__getitem__", [index])
            if custom is not None:
                return custom
            if classes.is_network(run, instance):
                return networks.item(run, base, index)
            if isinstance(index, Const):
                stored = instance.attributes.get(f"[{index.value!r}]")
                return run.fresh(stored) if stored is not None else UNKNOWN
        case ClassObject(kind="enum") as cls if isinstance(index, Const):
            return cls.attributes.get(str(index.value), UNKNOWN)
        case ClassObject():
            return base  # Generic[T]
    return UNKNOWN


def _of_list(run: Run, found: ListObject, index: Value) -> Value:
    if found.items is None:
        each = found.each if found.each is not None else UNKNOWN
        return run.new(ListObject(None, each)) if isinstance(index, Slice) else run.fresh(each)
    position = _python_index(index)
    if isinstance(position, slice):
        return run.new(ListObject(found.items[position], None))
    if position is not None:
        return run.fresh(found.items[position]) if -len(found.items) <= position < len(found.items) else UNKNOWN
    joined = iteration.common_item(run, [run.fresh(item) for item in found.items]) if found.items else None
    if isinstance(index, Slice):
        return run.new(ListObject(None, joined))
    return joined if joined is not None else UNKNOWN


def _of_dict(run: Run, node: ast.AST, base: Ref, found: DictObject, index: Value) -> Value:
    name = key_of(index)
    if name is not None and name in found.items:
        return run.fresh(found.items[name][1])
    if found.default is not None and name is not None and found.type not in _VIEWS:
        made = calls.apply(run, node, found.default, Arguments())
        run.state.writable(base.address).items[name] = (index, made)
        return made
    if name is not None and not isinstance(index, Scalar | Unknown):
        return run.fresh(found.rest) if found.rest is not None else UNKNOWN
    values = [run.fresh(value) for _, value in found.items.values()]
    if found.rest is not None:
        values.append(run.fresh(found.rest))
    return iteration.common_item(run, values)


def put(run: Run, target: ast.Subscript, base: Value, index: Value, value: Value, node: ast.expr | None) -> None:
    """`base[index] = value`."""
    match base:
        case Choice():
            for side in (base.yes, base.no):
                if side != NONE:
                    put(run, target, run.fresh(side), index, value, node)
        case Tensor() | Array():
            tensors.put_index(run, target, base, index, value, node)
        case Unknown() if base.symbol and isinstance(index, Const):
            run.state.writable(0).names[f"{base.symbol}[{index.value!r}]"] = value
        case Ref():
            _put_object(run, target, base, index, value)


def _put_object(run: Run, target: ast.Subscript, base: Ref, index: Value, value: Value) -> None:
    match run.object(base):
        case ListObject():
            _put_list(run, base, index, value)
        case DictObject():
            put_key(run, base, index, value)
        case Instance() as instance:
            if calls.operator_method(run, target, base, "__setitem__", [index, value]) is not None:
                return
            if classes.is_network(run, instance):
                networks.put_item(run, base, index, value)
            elif isinstance(index, Const):
                run.state.writable(base.address).attributes[f"[{index.value!r}]"] = value


def put_key(run: Run, base: Ref, index: Value, value: Value) -> None:
    """Sets a key of a dict."""
    found = run.state.writable(base.address)
    name = key_of(index)
    if found.type in _VIEWS and isinstance(found.default, Ref) and isinstance(index, Const):
        run.state.writable(found.default.address).attributes[str(index.value)] = value
    known = name is not None and len(found.items) < 400
    if known:
        found.items[name] = (index, value)
    if not known or isinstance(index, Scalar | Unknown):  # by a symbol it is found again, and any other key may be it
        found.rest = value if found.rest is None else iteration.common_item(run, [found.rest, value])


def _put_list(run: Run, base: Ref, index: Value, value: Value) -> None:
    found = run.state.writable(base.address)
    position = _python_index(index)
    if found.items is not None and isinstance(position, int) and -len(found.items) <= position < len(found.items):
        found.items[position] = value
    elif found.items is not None and isinstance(position, slice):
        items, exact = iteration.items_of(run, value, None)
        if exact:
            found.items[position] = items
        else:
            iteration.blur(run, found, items)
    elif found.items is not None:
        found.items = [join_values(None, item, value) for item in found.items]
    else:
        iteration.blur(run, found, [value])


def delete(run: Run, node: ast.AST, base: Value, index: Value) -> None:
    """`del base[index]`."""
    if not isinstance(base, Ref):
        return
    match run.object(base):
        case Instance():
            calls.operator_method(run, node, base, "__delitem__", [index])
        case DictObject():
            run.state.writable(base.address).items.pop(key_of(index), None)
        case ListObject(items=list()):
            found = run.state.writable(base.address)
            position = _python_index(index)
            try:
                del found.items[position]
            except (IndexError, TypeError):
                iteration.blur(run, found, [])
