"""What every part of the interpreter works on: the run, its frames, and the arguments of a call."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable
from functools import cached_property
from typing import Any

from samedevice.dataclass import dataclass, field, replace
from samedevice.interpret.analysis import Binding, Fact, Raises, Records
from samedevice.interpret.budget import ENTRIES, FRESH_ENTRIES, Budget
from samedevice.interpret.heap import (
    Cell,
    ClassObject,
    DictObject,
    FunctionObject,
    Ground,
    Heap,
    Instance,
    ListObject,
    Object,
    Scope,
    State,
)
from samedevice.interpret.join import join_states
from samedevice.interpret.same import identical
from samedevice.ops.outcome import Version
from samedevice.syntax.source import SourceFile
from samedevice.values.condition import Choice, Key, Path, origin_under, restricted
from samedevice.values.device import CPU, AnyDevice
from samedevice.values.dtype import AnyDType, DType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, Origin, Place, Ref, Scalar, Tensor, Value


@dataclass(slots=True)
class Arguments:
    """The evaluated arguments of a call, with the expressions they came from where there are any."""

    positional: list[Value] = field(default_factory=list)
    keywords: dict[str, Value] = field(default_factory=dict)
    nodes: list[ast.expr | None] = field(default_factory=list)
    keyword_nodes: dict[str, ast.expr] = field(default_factory=dict)
    open: bool = False
    """Whether `*args` or `**kwargs` of unknown content were given too."""
    rest: Value | None = None
    """What each of an unknown number of `*args` is like."""

    def get(self, position: int, name: str) -> Value | None:
        """An argument given by position or name."""
        if position < len(self.positional):
            return self.positional[position]
        return self.keywords.get(name)

    def node(self, position: int) -> ast.expr | None:
        """The expression of a positional argument."""
        return self.nodes[position] if position < len(self.nodes) else None

    def values(self) -> list[Value]:
        return [*self.positional, *self.keywords.values()]


class Pending:
    """A call of a @contextmanager function: what `with` needs to run its generator."""

    def __init__(self, address: int, arguments: Arguments, receiver: Value | None) -> None:
        self.address = address
        self.arguments = arguments
        self.receiver = receiver

    def __call__(self, run: Run, node: ast.AST, arguments: Arguments) -> Value:
        return Const(None)


@dataclass(slots=True)
class Frame:
    """A call that is being run (or the module's top level)."""

    scope: int
    source: SourceFile
    function: FunctionObject | None = None
    function_address: int | None = None
    caller: Frame | None = None
    call: ast.AST | None = None
    """The node in the caller that made the call."""
    arguments: dict[str, ast.expr | None] = field(default_factory=dict)
    """The caller's expression for each parameter."""
    receiver: Value | None = None
    cls: int | None = None
    """The class whose method runs, for super()."""
    library: bool = False
    returns: list[tuple[State, Value]] = field(default_factory=list)
    yields: list[Value] | None = None
    some_yields: bool = False
    """Whether what was yielded is only a sample: a loop or an undecided branch yields."""
    on_yield: Callable[[Value], None] | None = None
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    node: ast.AST | None = None
    """The statement or call that runs now."""
    loops: list[Loop] = field(default_factory=list)
    contract: bool = False
    entered: int = 0
    """How many conditions were undecided when the call was made."""


@dataclass(slots=True)
class Loop:
    """States that left a loop body early."""

    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)


@dataclass(slots=True)
class Modes:
    """What `with torch.no_grad()` and its kin switch, and the defaults a program sets."""

    grad: bool | None = True
    autocast: AnyDType | None = None
    autocast_device: str = "cuda"
    default_device: AnyDevice = CPU
    plain_device: AnyDevice = CPU
    """The device of the default tensor type, where `torch.Tensor(...)` is made."""
    elsewhere: bool = False
    """Whether some of the program runs under another default device: functions may be meant for that one."""
    default_dtype: AnyDType = DType("float32")
    current: AnyDevice | None = None
    """The accelerator that plain "cuda" means, after torch.cuda.set_device; None for the first."""


class Shelf:
    """Prelude classes and functions that were built, for all runs on the same machine with the same PyTorch."""

    def __init__(self, machine: str, devices: int, torch: Version) -> None:
        self.machine, self.devices, self.torch = machine, devices, torch
        self.values: dict[str, Value] = {}
        """By public name."""
        self.builder = Run(SourceFile("<library>", ""), Budget.unlimited(), self)
        self.builder.number(-(1 << 60))

    def find(self, address: int) -> Object | None:
        """An object of the library."""
        return self.builder.state.heap.get(address)


@dataclass(slots=True)
class Before:
    """What the runs before one found out about the file's functions."""

    called: set[ast.AST] = field(default_factory=set)
    """Functions that somebody in sight called."""
    defined: Collection[ast.AST] = ()
    """Functions that the main part came by."""
    named: frozenset[str] = frozenset()
    """What the file calls by a plain name."""

    def of(self, question: str) -> Collection[Hashable]:
        found: Collection[Hashable] = getattr(self, question)
        return found


@dataclass(slots=True, eq=False)
class Surroundings:
    """What a run finds beside the heap."""

    modes: Modes
    path: Path
    stars: list[str]
    heavy: set[str]
    transparent: dict[int, int]
    saved: list[tuple[Value, Value]]
    entries: dict[ast.AST, int]

    def alike(self, other: Surroundings, nodes: Iterable[ast.AST]) -> bool:
        """Whether a run that enters some functions could not tell these from others."""
        return (
            self.modes == other.modes
            and self.path == other.path
            and self.stars == other.stars
            and self.heavy == other.heavy
            and self.transparent == other.transparent
            and identical(self.saved, other.saved)
            and all(self.entries.get(node) == other.entries.get(node) for node in nodes)
        )


class Run:
    """One run of a file, or of one function of it, on abstract values."""

    def __init__(self, source: SourceFile, budget: Budget, shelf: Shelf) -> None:
        self.source = source
        self.budget = budget
        self.shelf = shelf
        self.machine, self.devices, self.torch = shelf.machine, shelf.devices, shelf.torch
        self.records = Records()
        self.state = State(Heap(Ground(shelf.find)), ())
        self.modes = Modes()
        self.wasted: int | None = None
        """What was spent on functions of other files that were too large; None where nothing is."""
        self.steps = 0
        """What is left of the steps last taken out of the budget."""
        self.number(0)
        self.frame = Frame(0, source)
        self.depth = 0
        self.importing = 0
        """How many modules are being made while one name is looked up."""
        self.modules: dict[str, int] = {}
        """The project's other modules, by path."""
        self.transparent: dict[int, int] = {}
        """How often a decorator gave back the very function it got."""
        self.decorated: Counter[str] = Counter()
        """What the runs of each decorator have cost, by its text, ..."""
        self.heavy: set[str] = set()
        """... and those that cost too much to be run again."""
        self.saved: list[tuple[Value, Value]] = []
        """What torch.save was given: the file, and a copy of the object."""
        self.stars: list[str] = []
        """Libraries imported with `from library import *`."""
        self.entries: dict[ast.AST, int] = {}
        """How often each of the user's functions was run."""
        self.called: set[ast.AST] = set()
        """The user's functions that somebody in sight called."""
        self.defined: dict[ast.AST, int] = {}
        """The user's functions and methods, by their definition."""
        self.classes: dict[ast.AST, int] = {}
        """The user's classes, by their definition."""
        self.guards: list[tuple[frozenset[str], Frame | None]] = []
        """Exceptions that are expected where the run is, and the only frame in which they are; none: at any depth."""
        self.containers: list[tuple[Ref, str, Value, Place, ast.AST]] = []
        """Plain containers that were given to a network."""
        self.outer: set[str] = set()
        """The names of the file's top level that were looked up."""
        self.before = Before()
        self.answers: dict[tuple[str, Hashable], bool] = {}
        """What was asked of the runs before, and found."""

    def apart(self, start: int, budget: Budget, before: Before, *layers: dict[int, Object]) -> Run:
        """A run of its own, on the heap that this one left."""
        other = Run(self.source, budget, self.shelf)
        other.number(start)
        other.state = State(Heap(Ground(self.shelf.find, *layers)), self.state.path)
        other.frame = Frame(self.frame.scope, self.source)
        other.modes, other.before, other.wasted = self.modes, before, 0
        if self.modes.elsewhere:
            other.modes = replace(self.modes, default_device=Unknown(Why.CALLER))
        other.modules, other.transparent = dict(self.modules), dict(self.transparent)
        other.heavy, other.saved, other.stars = set(self.heavy), list(self.saved), list(self.stars)
        most = ENTRIES - FRESH_ENTRIES
        other.entries = {node: min(count, most) for node, count in self.entries.items()}
        return other

    def finish(self) -> None:
        """Lets go of what only the run itself needed."""
        self.state = State(Heap(Ground(self.shelf.find)), self.state.path)
        self.records, self.containers, self.defined, self.classes = Records(), [], {}, {}

    @cached_property
    def surroundings(self) -> Surroundings:
        """What a run that has ended left behind beside its heap."""
        return Surroundings(
            self.modes, self.state.path, self.stars, self.heavy, self.transparent, self.saved, self.entries
        )

    def asked(self, question: str, item: Hashable) -> bool:
        """Whether the runs before found something; remembered, because this run depends on it."""
        answer = self.answers[question, item] = item in self.before.of(question)
        return answer

    def number(self, start: int) -> None:
        """Numbers what is made from now on from `start`, so that it is the same whatever else was made before."""
        self.next_address = start + 1
        self.counter = self.symbols = start

    # the heap

    def new(self, found: Object) -> Ref:
        """Puts an object on the heap."""
        address = self.next_address
        self.next_address += 1
        found.token = self.state.token
        self.state.heap[address] = found
        self.state.written.add(address)
        return Ref(address)

    def object(self, ref: Ref) -> Object | None:
        return self.state.heap.find(ref.address)

    def scope(self, address: int) -> Scope:
        found = self.state.heap[address]
        assert isinstance(found, Scope)
        return found

    def fresh(self, value: Value) -> Value:
        """A value as it is now: under the conditions of the path, parameters as their networks moved them."""
        if isinstance(value, Choice):
            value = restricted(value, self.state.path)
        if isinstance(value, Tensor):
            if value.cell is not None:
                cell = self.state.heap.find(value.cell)
                if isinstance(cell, Cell) and cell.tensor is not value:
                    tensor = cell.tensor
                    if value.slot is not None and tensor.slot is not value.slot:
                        tensor = _with_slot(tensor, value.slot)
                    value = tensor
            if self.state.path and (isinstance(value.device, Choice) or isinstance(value.dtype, Choice)):
                value = restricted_tensor(value, self.state.path)
        return value

    # conditions

    def opaque(self, text: str) -> Key:
        """A key that no other test shares."""
        self.counter += 1
        return Key(f"#{self.counter}", text, False)

    def symbol(self, text: str) -> str:
        self.symbols += 1
        return f"{text}#{self.symbols}"

    def branch(self, key: Key, polarity: bool, then: Callable[[], None], otherwise: Callable[[], None]) -> None:
        """Runs both ways of an undecided condition and joins what they leave."""
        yes, no, path = self.split(key)
        self.state = yes
        (then if polarity else otherwise)()
        yes = self.state
        self.state = no
        (otherwise if polarity else then)()
        self.state = join_states(path, key, yes, self.state)

    def split(self, key: Key) -> tuple[State, State, Path]:
        """The state under a condition and under its opposite, and the path before."""
        no = self.state
        path = no.path
        yes = no.fork()
        yes.path, no.path = (*path, (key, True)), (*path, (key, False))
        return yes, no, path

    def left(self) -> int:
        """The steps that are left in all."""
        return self.budget.left + max(self.steps, 0)

    def refill(self) -> None:
        """Takes the next steps out of the budget."""
        self.steps = self.budget.take()

    # places and records

    def place(self) -> Place | None:
        """The user's innermost statement or call."""
        frame = self.frame
        node = frame.node
        while frame.library and frame.caller is not None:
            node, frame = frame.call, frame.caller
        return None if node is None else Place(frame.source, node)

    def record(self, fact: Fact, *identity: Any) -> None:
        """Adds a fact once, however often its place is run."""
        self.records.facts.setdefault((type(fact), fact.node, *identity), fact)

    def raises(self, node: ast.AST, text: str) -> None:
        """Notes that Python itself raises at a node of the file."""
        if not self.frame.library and self.frame.source is self.source:
            self.record(Raises(self.source, node, text))

    def note(self, text: str) -> None:
        """Says once that something was cut short."""
        self.records.notes.setdefault(text)

    def bind(self, node: ast.AST, name: str, kind: str, value: Value) -> None:
        """Notes what a target got, for hover and `infer`."""
        if self.frame.library or self.frame.source is not self.source:
            return
        self.records.bind(node, kind, value, lambda: Binding(node, name, kind, value, *self.described(value)))

    def described(self, value: Value) -> tuple[str, str]:
        """What a heap object is, and its class."""
        match self.object(value) if isinstance(value, Ref) else None:
            case Instance(cls=address):
                cls = self.state.heap.find(address)
                if isinstance(cls, ClassObject):
                    optimizer = cls.module.startswith("torch.optim")
                    return "network" if cls.network else "optimizer" if optimizer else "object", cls.name
            case ListObject(type=kind):
                return kind, kind
            case DictObject():
                return "dict", "dict"
            case ClassObject(name=name):
                return "class", name
            case FunctionObject(name=name):
                return "function", name
        return "", ""


def _with_slot(tensor: Tensor, slot: Any) -> Tensor:
    return replace(tensor, slot=slot)


def restricted_tensor(tensor: Tensor, path: Path) -> Tensor:
    device, dtype = restricted(tensor.device, path), restricted(tensor.dtype, path)
    if device is tensor.device and dtype is tensor.dtype:
        return tensor
    origin = origin_under(tensor.device, path) if device is not tensor.device else None
    told = origin if isinstance(origin, Origin) else tensor.device_from
    return replace(tensor, device=device, dtype=dtype, device_from=told)


def whole_text(node: ast.AST, source: SourceFile) -> str:
    """The user's words for a node, on one line."""
    return " ".join(source.text_of(node).split())


def text_of(node: ast.AST | None, source: SourceFile) -> str:
    """The user's words for a node, on one line and not too long."""
    if node is None or not hasattr(node, "lineno"):
        return ""
    text = whole_text(node, source)
    return text if len(text) <= 60 else text[:57] + "..."


def truth_scalar(symbol: str, text: str) -> Value:
    """A flag that is not known, but the same wherever it is read."""
    return Scalar("bool", symbol, text)


def placed(origin: Origin | None, place: Place | None) -> Origin | None:
    """An origin with its place filled in."""
    if origin is None or origin.place is not None or place is None:
        return origin
    return Origin(origin.how, origin.words, place)
