"""What changes while a program runs: scopes, containers, instances, functions and classes, by address."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from typing import Any

from samedevice.dataclass import dataclass, field
from samedevice.syntax.source import SourceFile
from samedevice.values.condition import Path
from samedevice.values.value import Kept, Place, Tensor, Value

TOP = 1
"""The address of the file's own top-level scope."""


@dataclass(slots=True)
class Object:
    """Something with identity. Copied before the first write after a fork, so that branches never share changes."""

    token: object = field(init=False, default=None, repr=False, compare=False)

    def copy(self) -> Object:
        raise NotImplementedError


@dataclass(slots=True)
class Scope(Object):
    """The names of a module, class body or call."""

    names: dict[str, Value]
    parent: int | None
    captured: bool = False
    """Whether a function remembers it, so that it outlives its call."""

    def copy(self) -> Scope:
        return Scope(dict(self.names), self.parent, self.captured)


@dataclass(slots=True)
class ListObject(Object):
    """A list, set or deque: `items` while the length is known, else `each` item is like that."""

    items: list[Value] | None
    each: Value | None = None
    type: str = "list"

    def copy(self) -> ListObject:
        return ListObject(None if self.items is None else list(self.items), self.each, self.type)


@dataclass(slots=True)
class DictObject(Object):
    """A dict: known keys in order, and `rest` for what keys we can't tell apart may hold (None: nothing)."""

    items: dict[Hashable, tuple[Value, Value]]
    rest: Value | None = None
    default: Value | None = None
    """The factory of a defaultdict."""
    type: str = "dict"
    maybe: frozenset[Hashable] = frozenset()
    """Keys that only one side of a condition has put in: who reads one relies on it, who passes them on does not."""

    def copy(self) -> DictObject:
        return DictObject(dict(self.items), self.rest, self.default, self.type, self.maybe)


@dataclass(slots=True)
class Instance(Object):
    """An instance of a class; networks also remember how each attribute is kept, and in which order."""

    cls: int
    attributes: dict[str, Value]
    kept: dict[str, Kept] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    open: bool = False
    """Whether it may have attributes that we did not see being set."""
    training: bool | None = True
    moved: Place | None = None
    """Where a network was last moved or cast."""
    made: Place | None = None
    unregistered: Place | None = None
    """Where a network was put into a plain container of another."""
    more: bool = False
    """Whether a container of layers may hold more, or fewer, than are known: a loop of unknown length filled it."""
    maybe: frozenset[str] = frozenset()
    """Attributes that only one of several ways to here has set."""

    def copy(self) -> Instance:
        other = Instance(
            self.cls, dict(self.attributes), dict(self.kept), dict(self.places), self.open, self.training, self.moved
        )
        other.made, other.unregistered, other.more, other.maybe = self.made, self.unregistered, self.more, self.maybe
        return other


@dataclass(slots=True)
class Cell(Object):
    """The identity of a Parameter: its network moves what is in here."""

    tensor: Tensor

    def copy(self) -> Cell:
        return Cell(self.tensor)


@dataclass(slots=True)
class FunctionObject(Object):
    """A def or lambda, with the scope it closes over."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    source: SourceFile
    scope: int
    name: str
    defaults: list[Value]
    keyword_defaults: dict[str, Value]
    cls: int | None = None
    """The class whose body it stands in."""
    kind: str = "function"
    """function, static, class, property, cached."""
    library: bool = False
    grad: bool | None = None
    """False where a decorator such as torch.no_grad() switches gradients off inside."""
    autocast: tuple[Any, str] | None = None
    context_manager: bool = False
    setter: int | None = None
    generator: bool = False

    def copy(self) -> FunctionObject:
        return FunctionObject(
            self.node,
            self.source,
            self.scope,
            self.name,
            self.defaults,
            self.keyword_defaults,
            self.cls,
            self.kind,
            self.library,
            self.grad,
            self.autocast,
            self.context_manager,
            self.setter,
            self.generator,
        )


@dataclass(slots=True)
class BoundMethod(Object):
    """A user's method taken off its instance or class."""

    function: int
    receiver: Value

    def copy(self) -> BoundMethod:
        return BoundMethod(self.function, self.receiver)


@dataclass(slots=True)
class NativeFunction(Object):
    """A function of ours given to the program as a value, such as the `fn` of `Module._apply`."""

    name: str
    call: Callable[..., Value]
    attributes: dict[str, Value] = field(default_factory=dict)

    def copy(self) -> NativeFunction:
        return NativeFunction(self.name, self.call, self.attributes)


@dataclass(slots=True)
class ClassObject(Object):
    """A class: its attributes and its bases, nearest first."""

    name: str
    module: str
    node: ast.ClassDef | None
    source: SourceFile | None
    bases: list[Value]
    attributes: dict[str, Value]
    mro: list[int]
    network: bool = False
    unknown_base: bool = False
    library: bool = False
    kind: str = "class"
    """class, dataclass, namedtuple, enum, exception."""
    fields: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    metaclass: int | None = None
    """The address of a class of the program's that this one is an instance of."""

    def copy(self) -> ClassObject:
        return ClassObject(
            self.name,
            self.module,
            self.node,
            self.source,
            self.bases,
            dict(self.attributes),
            self.mro,
            self.network,
            self.unknown_base,
            self.library,
            self.kind,
            self.fields,
            self.places,
            self.metaclass,
        )


@dataclass(slots=True)
class ModuleObject(Object):
    """A module of the user's project, run name by name."""

    path: str
    scope: int

    def copy(self) -> ModuleObject:
        return ModuleObject(self.path, self.scope)


@dataclass(slots=True)
class Super(Object):
    """`super()`: the receiver, seen from after one of its classes."""

    receiver: Value
    after: int

    def copy(self) -> Super:
        return Super(self.receiver, self.after)


class Ground:
    """What was on the heap before a run began, and which of it the run has looked at."""

    __slots__ = ("_layers", "_library", "read")

    def __init__(self, library: Callable[[int], Object | None], *layers: dict[int, Object]) -> None:
        self._library = library
        """What it has never changes, and is at addresses below zero."""
        self._layers = layers
        self.read: dict[int, Object] = {}

    def find(self, address: int) -> Object | None:
        """An object as the run found it."""
        if address < 0:
            return self._library(address)
        for layer in self._layers:
            found = layer.get(address)
            if found is not None:
                self.read[address] = found
                return found
        return None


class Heap(dict[int, Object]):
    """Objects by address: what a run made or changed, and what it found when it first looked."""

    __slots__ = ("ground",)

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    def __missing__(self, address: int) -> Object:
        found = self.find(address)
        if found is None:
            raise KeyError(address)
        return found

    def find(self, address: int) -> Object | None:
        """The object at an address, if there is one."""
        known = self.get(address)
        if known is None:
            known = self.ground.find(address)
            if known is not None:
                self[address] = known
        return known

    def fork(self) -> Heap:
        """A copy on the same ground."""
        other = Heap(self.ground)
        other.update(self)
        return other


class State:
    """One way the heap may be at a point of the program."""

    __slots__ = ("alive", "heap", "path", "token", "written")

    def __init__(self, heap: Heap, path: Path) -> None:
        self.heap = heap
        self.path = path
        self.alive = True
        self.token = object()
        self.written: set[int] = set()

    def fork(self) -> State:
        """A copy that shares every object until one of the two writes it."""
        self.token = object()
        other = State(self.heap.fork(), self.path)
        other.written = set(self.written)
        return other

    def writable(self, address: int) -> Any:
        """The object at an address, private to this state."""
        found = self.heap[address]
        if found.token is not self.token:
            found = found.copy()
            found.token = self.token
            self.heap[address] = found
        self.written.add(address)
        return found
