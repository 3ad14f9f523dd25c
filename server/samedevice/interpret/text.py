"""Methods of strings and numbers: run for real where everything is known."""

from __future__ import annotations

import re
from typing import Any

from samedevice.interpret.budget import ITEMS, TEXT
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import ListObject
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, DeviceValue, Many, Ref, Scalar, Tuple, Value

_BOOLS = frozenset({"startswith", "endswith", "isdigit", "isalpha", "isspace", "isupper", "islower", "isnumeric"})
_INTS = frozenset({"find", "rfind", "index", "rindex", "count"})
_LISTS = frozenset({"split", "rsplit", "splitlines"})
_REFUSED = frozenset({"ljust", "rjust", "center", "zfill", "expandtabs"})
_WIDE = re.compile(r"\d{4}")
"""A width in a format that could make a text of gigabytes."""


def method(run: Run, receiver: str, name: str, arguments: Arguments) -> Value:
    """A method of a known string."""
    given = [_python(run, value) for value in arguments.positional]
    named = {key: _python(run, value) for key, value in arguments.keywords.items()}
    known = _MISSING not in given and _MISSING not in named.values() and not arguments.open
    huge = name in ("format", "format_map") and _WIDE.search(receiver) is not None
    if known and not huge and name not in _REFUSED and hasattr(str, name) and not name.startswith("__"):
        try:
            return _value(run, getattr(receiver, name)(*given, **named))
        except Exception:  # the program would raise the same
            return Unknown(Why.NOT_MODELLED)
    return _unknown(run, name)


def _unknown(run: Run, name: str) -> Value:
    if name in _BOOLS:
        return Scalar("bool")
    if name in _INTS:
        return Scalar("int")
    if name in _LISTS:
        return run.new(ListObject(None, Scalar("str")))
    if name in ("partition", "rpartition"):
        return Tuple((Scalar("str"),) * 3)
    return Scalar("str") if hasattr(str, name) else Unknown(Why.NOT_MODELLED)


_MISSING = object()


def _python(run: Run, value: Value) -> Any:
    """The Python object of a fully known value."""
    match value:
        case Const():
            return value.value
        case DeviceValue():
            return _MISSING
        case Tuple():
            items = tuple(_python(run, item) for item in value.items)
            return _MISSING if _MISSING in items else items
        case Ref():
            found = run.object(value)
            if isinstance(found, ListObject) and found.items is not None:
                parts = [_python(run, item) for item in found.items]
                return _MISSING if _MISSING in parts else parts
    return _MISSING


def _value(run: Run, found: Any) -> Value:
    if isinstance(found, list):
        return run.new(ListObject([Const(item) for item in found[:ITEMS]], None))
    if isinstance(found, tuple):
        return Tuple(tuple(Const(item) for item in found))
    if isinstance(found, str) and len(found) > TEXT:
        return Scalar("str")
    return Const(found)


def number_method(receiver: Value, name: str, arguments: Arguments) -> Value:
    """A method of a number, or of a string that is not known."""
    if isinstance(receiver, Scalar) and receiver.type == "str":
        if name in _BOOLS and receiver.symbol and arguments.positional:
            first = arguments.positional[0]
            if isinstance(first, Const):
                words = f"{receiver.text or receiver.symbol}.{name}({first.value!r})"
                return Scalar("bool", f"{receiver.symbol}.{name}({first.value!r})", words)
        if name in _BOOLS:
            return Scalar("bool")
        if name in _INTS:
            return Scalar("int")
        if name in _LISTS:
            return Many(Scalar("str"), "list")
        return Scalar("str")
    if name in ("is_integer",):
        return Scalar("bool")
    if name in ("bit_length", "__index__", "__int__"):
        return Scalar("int")
    if name == "item":
        return receiver
    return Unknown(Why.NOT_MODELLED)
