"""Running functions whose callers are not in sight, on what callers promise."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from functools import partial

from samedevice.dataclass import dataclass, field
from samedevice.interpret import classes, cloning, functions, guards, promises, registration
from samedevice.interpret.analysis import Records
from samedevice.interpret.budget import Budget, Exhausted
from samedevice.interpret.context import Arguments, Before, Run
from samedevice.interpret.heap import ClassObject, FunctionObject, Instance
from samedevice.interpret.parts import Part, Parts
from samedevice.interpret.usage import used_as
from samedevice.syntax.nodes import inside, remembered
from samedevice.values.device import SymDevice
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Kept, Place, Ref, Value

_TEST = "test_"
"""How functions begin that get fixtures, which promise nothing."""
_PROMISED = ("forward", "__call__")
"""Methods whose tensors come from the network's caller, and so are where the network is."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Method:
    """A method of a class in sight."""

    node: Definition
    address: int
    device: SymDevice | None
    """Where its tensors are, if that is the network's device."""
    always: bool
    """Whether it is run though somebody in sight calls it."""


@dataclass(slots=True)
class Class:
    """A class in sight, and what is to be run of it."""

    node: ast.ClassDef
    address: int
    device: SymDevice | None
    example: int | None
    """An instance that the program made."""
    methods: list[Method] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """The classes and functions that a file's main part came by."""

    classes: list[Class]
    functions: list[tuple[Definition, int]]
    defined: frozenset[ast.AST]


def plan(run: Run) -> Plan:
    """What may have to be run after the main part."""
    examples: dict[int, int] = {}
    for address, found in run.state.heap.items():
        if isinstance(found, Instance) and found.attributes:
            examples.setdefault(found.cls, address)
    found_classes = []
    for node, address in run.classes.items():
        cls = run.state.heap.find(address)
        if not isinstance(node, ast.ClassDef) or not isinstance(cls, ClassObject):
            continue
        if cls.kind not in ("enum", "exception", "namedtuple"):
            found_classes.append(_class(run, node, address, cls, examples.get(address)))
    plain = []
    for definition, address in run.defined.items():
        function = run.state.heap.find(address)
        if isinstance(function, FunctionObject) and function.cls is None and isinstance(definition, Definition):
            plain.append((definition, address))
    return Plan(found_classes, plain, frozenset(run.defined))


def _class(run: Run, node: ast.ClassDef, address: int, cls: ClassObject, example: int | None) -> Class:
    device = None
    if cls.network:
        symbol = f"self{'?' if cls.unknown_base else ''}#{cls.name}"
        device = SymDevice(symbol, f"the device of {cls.name}")
    found = Class(node, address, device, example)
    methods = [(name, value) for name, value in cls.attributes.items() if isinstance(value, Ref) and name != "__init__"]
    for name, value in sorted(methods, key=lambda item: item[0] != "forward"):
        function = run.object(value)
        if isinstance(function, FunctionObject) and isinstance(function.node, Definition):
            promised = device if name.startswith(_PROMISED) or name.endswith("_step") else None
            always = name == "forward" and cls.network and function.kind != "property"
            found.methods.append(Method(function.node, value.address, promised, always))
    return found


def run_uncalled(
    main: Run, plan: Plan, parts: Parts, named: frozenset[str], budget: Budget, found: list[Records]
) -> None:
    """Runs every network, then every function that nobody in sight called, and adds what they notice."""
    before = Before(set(main.called), plan.defined, named)
    keys: set[Hashable] = set()

    def take(part: Part, key: Hashable) -> Part:
        keys.add(key)
        found.append(part.records)
        before.called.update(part.called)
        budget.left -= part.steps
        return part

    def share() -> int:
        if budget.left <= 0:
            raise Exhausted
        return budget.left

    for cls in plan.classes:
        key: Hashable = ("receiver", cls.node, cls.device, cls.example, _reassigned(cls.node))
        under = take(parts.get(key, main, None, before, share(), partial(_receiver, cls=cls)), key)
        receiver = under.receiver
        for method in cls.methods if receiver is not None else ():
            if method.always or method.node not in before.called:
                key = ("method", cls.node, method.node, method.device)
                work = partial(_method, method=method, receiver=receiver)
                take(parts.get(key, main, under, before, share(), work), key)
                before.called.discard(method.node)
    for definition, address in sorted(plan.functions, key=lambda item: item[0].name in named):
        if definition not in before.called and used_as(definition).torch:
            key = ("function", definition, definition.name in named)
            function = partial(_function, node=definition, address=address, anywhere=definition.name in named)
            take(parts.get(key, main, None, before, share(), function), key)
            before.called.discard(definition)
    parts.keep(keys)


def _receiver(run: Run, cls: Class) -> Ref:
    """What the methods of a class are run on."""
    known = set(run.defined)
    receiver = _instance(run, cls)
    if cls.device is not None:
        promises.place_network(run, receiver, cls.device, f"the dtype of {cls.node.name}")
    _forget_reassigned(run, cls.node, receiver)
    _inner(run, known)
    registration.check(run)
    return receiver


def _reassigned(node: ast.ClassDef) -> frozenset[str]:
    """The attributes that methods other than the constructor set."""
    methods = (one for one in node.body if isinstance(one, Definition) and one.name != "__init__")
    return frozenset().union(*(remembered(one, "sets", _sets) for one in methods))


def _sets(function: ast.AST) -> frozenset[str]:
    return frozenset(
        child.attr
        for child in inside(function)
        if isinstance(child, ast.Attribute)
        and isinstance(child.ctx, ast.Store)
        and isinstance(child.value, ast.Name)
        and child.value.id == "self"
    )


def _forget_reassigned(run: Run, node: ast.ClassDef, receiver: Ref) -> None:
    """A plain attribute that some other method sets may be anything by the time a method runs."""
    instance = run.state.writable(receiver.address)
    for name in sorted(_reassigned(node)):
        if instance.kept.get(name, Kept.PLAIN) is Kept.PLAIN and name in instance.attributes:
            symbol = f"@{receiver.address}.{name}"
            instance.attributes[name] = Unknown(Why.CALLER, symbol, f"self.{name}")


def _instance(run: Run, cls: Class) -> Ref:
    """An instance that the program made, else one made on what callers promise."""
    if cls.example is not None:
        copied = cloning.clone(run, Ref(cls.example), deep=True)
        assert isinstance(copied, Ref)
        run.state.writable(copied.address).training = None
        return copied
    found = run.object(Ref(cls.address))
    assert isinstance(found, ClassObject)
    receiver = classes.new_instance(run, Ref(cls.address))
    initializer = classes.lookup(run, cls.address, "__init__")
    function = run.object(initializer) if isinstance(initializer, Ref) else None
    if isinstance(initializer, Ref) and isinstance(function, FunctionObject) and isinstance(function.node, Definition):
        if function.library:
            unknown = Unknown(Why.CALLER)
            functions.enter(run, cls.node, initializer.address, Arguments(), receiver, missing=lambda _: unknown)
        else:
            _entered(run, function.node, initializer.address, receiver)
    elif found.kind == "dataclass":
        for name in found.fields:
            symbol = f"@{receiver.address}.{name}"
            run.state.writable(receiver.address).attributes[name] = Unknown(Why.CALLER, symbol, f"self.{name}")
    instance = run.state.writable(receiver.address)
    instance.open = True
    instance.training = None
    return receiver


def _method(run: Run, method: Method, receiver: Ref | None) -> None:
    _function(run, method.node, method.address, receiver, method.device)


def _function(
    run: Run,
    node: Definition,
    address: int,
    receiver: Ref | None = None,
    device: SymDevice | None = None,
    anywhere: bool = False,
) -> None:
    """Runs a function on promises, then what it defines; `anywhere`: callers are in sight, but not what they pass."""
    known = set(run.defined)
    _entered(run, node, address, receiver, device, anywhere)
    if not node.name.startswith(_TEST):
        _inner(run, known)


def _entered(
    run: Run,
    node: Definition,
    address: int,
    receiver: Ref | None = None,
    device: SymDevice | None = None,
    anywhere: bool = False,
) -> None:
    function = run.object(Ref(address))
    usage = used_as(node)
    scope = f"{node.name}#"
    place = Place(run.source, node)

    def missing(parameter: ast.arg) -> Value:
        if parameter.arg == "cls" and isinstance(function, FunctionObject) and function.cls is not None:
            return Ref(function.cls)
        if receiver is not None and parameter.arg == "self":
            return receiver
        if node.name.startswith(_TEST):
            return Unknown(Why.CALLER, f"{scope}.{parameter.arg}", parameter.arg)  # what a test gets is a fixture
        value = promises.promised(parameter, usage, scope, device, place, node.name in _PROMISED and device is not None)
        return promises.anywhere(value) if anywhere or node.name == "__init__" else value

    plain = isinstance(function, FunctionObject) and function.kind not in ("static", "class")
    bound = receiver if plain else None
    with guards.failing(run, node):
        functions.enter(run, node, address, Arguments(), receiver=bound, missing=missing)
    run.called.discard(node)


def _inner(run: Run, known: set[ast.AST]) -> None:
    """Runs the functions that were defined in one meanwhile, and that nobody called."""
    for inner, at in [item for item in run.defined.items() if item[0] not in known]:
        if not isinstance(inner, Definition) or inner in run.called or run.state.heap.find(at) is None:
            continue
        if not run.asked("called", inner) and not run.asked("defined", inner):
            _function(run, inner, at, anywhere=run.asked("named", inner.name))
