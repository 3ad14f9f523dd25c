"""`isinstance` with what no class derives from by name: protocols, and the abstract classes of `collections.abc`."""

from __future__ import annotations

import collections
import collections.abc

from samedevice.interpret import classes
from samedevice.interpret.context import Run
from samedevice.interpret.heap import (
    BoundMethod,
    ClassObject,
    DictObject,
    FunctionObject,
    Instance,
    ListObject,
    NativeFunction,
)
from samedevice.values.value import Array, Const, Library, Many, Ref, Tensor, Tuple, Value

_OF_TENSORS = frozenset({"Hashable", "Iterable", "Reversible", "Sized", "Container", "Collection"})
_OF_ARRAYS = frozenset({"Iterable", "Sized", "Container", "Collection"})
_METHODS = {
    "Callable": "__call__",
    "Iterable": "__iter__",
    "Iterator": "__next__",
    "Sized": "__len__",
    "Container": "__contains__",
    "Reversible": "__reversed__",
}
_SAMPLES = {"list": [], "set": set(), "deque": collections.deque(), "generator": iter(())}


def is_protocol(run: Run, wanted: Value) -> bool:
    """Whether a class is a protocol: whoever has its methods is an instance."""
    found = run.object(wanted) if isinstance(wanted, Ref) else None
    return isinstance(found, ClassObject) and any(
        isinstance(base, Library) and base.name in ("typing.Protocol", "typing_extensions.Protocol")
        for base in found.bases
    )


def kind_of(name: str) -> str | None:
    """The abstract class of `collections.abc` that a library name means."""
    home, _, last = name.rpartition(".")
    return last if home in ("collections.abc", "typing") and last in collections.abc.__all__ else None


def is_one(run: Run, value: Value, kind: str) -> bool | None:
    """Whether a value is an instance of an abstract class; None where that is not known."""
    sample: object
    match value:
        case Tensor():
            return kind in _OF_TENSORS
        case Array():
            return kind in _OF_ARRAYS
        case Const():
            sample = value.value
        case Tuple() | Many():
            sample = [] if value.type == "list" else ()
        case Ref():
            found = run.object(value)
            if isinstance(found, FunctionObject | BoundMethod | NativeFunction | ClassObject):
                return kind in ("Callable", "Hashable")
            if isinstance(found, Instance):
                return _instance(run, found, kind)
            if not isinstance(found, ListObject | DictObject):
                return None
            sample = {} if isinstance(found, DictObject) else _SAMPLES.get(found.type)
            if sample is None:
                return None
        case _:
            return None
    if kind == "Generator":
        return None  # what `map` and `zip` give looks the same to us, and is none
    return isinstance(sample, getattr(collections.abc, kind))


def _instance(run: Run, found: Instance, kind: str) -> bool | None:
    cls = classes.class_of(run, found)
    method = _METHODS.get(kind)
    if classes.is_network(run, found) and kind in ("Callable", "Hashable"):
        return True
    if method is not None and classes.lookup(run, found.cls, method) is not None:
        return True
    surely = method is not None and not cls.unknown_base and not cls.library and cls.kind == "class" and not cls.network
    return False if surely else None
