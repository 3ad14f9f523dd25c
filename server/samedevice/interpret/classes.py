"""User classes: their bodies, their bases, and making instances."""

from __future__ import annotations

import ast

from samedevice.dataclass import replace
from samedevice.interpret import calls, containers, expressions, functions, libraries, natives, statements
from samedevice.interpret.context import Arguments, Frame, Run
from samedevice.interpret.heap import ClassObject, DictObject, FunctionObject, Instance, Scope
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, Const, Library, Place, Ref, Tuple, Value

_KINDS = {
    "enum.Enum": "enum",
    "enum.IntEnum": "enum",
    "enum.StrEnum": "enum",
    "typing.NamedTuple": "namedtuple",
    "builtins.dict": "dict",
    "collections.OrderedDict": "dict",
    "typing.Dict": "dict",
}
"""Bases that give instances a nature of their own."""
_PLAIN_BASES = frozenset(
    {
        "builtins.object",
        "abc.ABC",
        "typing.Protocol",
        "typing.Generic",
        "torch.autograd.Function",
        "torch.utils.data.Dataset",
    }
)


_NETWORK_METHODS = ("forward", "training_step")
"""What makes a class with a base out of sight a network."""
_PLAINLY_CALLED = ("Module", "PreTrainedModel", "ModelMixin", "Mixin", "Base", "Model")
"""How the names of bases end that leave calls to nn.Module."""


def make(run: Run, node: ast.ClassDef) -> Value:
    """Runs a class body and gives the class."""
    bases = [expressions.evaluate(run, base) for base in node.bases]
    words = {keyword.arg: expressions.evaluate(run, keyword.value) for keyword in node.keywords}
    found = ClassObject(node.name, _module(run), node, run.frame.source, bases, {}, [], library=run.frame.library)
    above = words.get("metaclass")
    if isinstance(above, Ref) and isinstance(run.object(above), ClassObject):
        found.metaclass = above.address
    reference = run.new(found)
    _inherit(run, reference.address, found)
    _body(run, node, reference.address)
    _class_decorators(run, node, reference.address)
    return reference


def built(run: Run, arguments: Arguments) -> Value:
    """`type(name, bases, attributes)`."""
    name, bases, attributes = arguments.positional
    known = containers.mapping(run, attributes)
    if not isinstance(name, Const) or not isinstance(bases, Tuple) or known is None or known.rest is not None:
        return Unknown(Why.NOT_MODELLED)
    held = {str(key): value for key, (_, value) in known.items.items()}
    found = ClassObject(str(name.value), _module(run), None, run.frame.source, list(bases.items), held, [])
    reference = run.new(found)
    _inherit(run, reference.address, found)
    for value in held.values():
        function = run.object(value) if isinstance(value, Ref) else None
        if isinstance(value, Ref) and isinstance(function, FunctionObject) and function.cls is None:
            run.state.writable(value.address).cls = reference.address
    return reference


def _module(run: Run) -> str:
    names = run.scope(root(run)).names.get("__name__")
    return str(names.value) if isinstance(names, Const) else "__main__"


def root(run: Run) -> int:
    """The scope of the module that runs."""
    address = run.frame.scope
    parent = run.scope(address).parent
    while parent is not None:
        address, parent = parent, run.scope(parent).parent
    return address


def _inherit(run: Run, address: int, found: ClassObject) -> None:
    """Method resolution order: depth first, a base after all that derive from it."""
    order = [address]
    for base in found.bases:
        if isinstance(base, Library) and base.name in _KINDS:
            found.kind = _KINDS[base.name]
        base = libraries.as_class(run, base)
        if isinstance(base, Ref):
            parent = run.object(base)
            if isinstance(parent, ClassObject):
                found.network = found.network or parent.network
                found.unknown_base = found.unknown_base or parent.unknown_base
                if parent.kind != "class":
                    found.kind = parent.kind
                if found.metaclass is None:
                    found.metaclass = parent.metaclass
                if parent.fields:
                    found.fields = [*found.fields, *parent.fields]
                order += parent.mro
        elif isinstance(base, Library) and (base.name in _PLAIN_BASES or base.name in _KINDS):
            continue
        elif isinstance(base, Library) and libraries.is_exception(base.name):
            found.kind = "exception"
        elif not (isinstance(base, Library) and base.name.startswith(("typing.", "collections.abc.", "builtins."))):
            found.unknown_base = True
    last = {parent: index for index, parent in enumerate(order)}
    found.mro = sorted(last, key=last.__getitem__)


def _body(run: Run, node: ast.ClassDef, address: int) -> None:
    scope = run.new(Scope({}, run.frame.scope, captured=True))
    outer = run.frame
    run.state.writable(outer.scope).captured = True
    run.frame = Frame(scope.address, outer.source, None, None, outer, node, cls=address, library=outer.library)
    run.frame.contract = outer.contract
    statements.block(run, node.body)
    run.frame = outer
    names = run.scope(scope.address).names
    found = run.state.writable(address)
    found.attributes = dict(names)
    if found.unknown_base and any(name in names for name in _NETWORK_METHODS):
        found.network = True
    for name, value in names.items():
        _set_name(run, value, address, name)
        function = run.object(value) if isinstance(value, Ref) else None
        if isinstance(value, Ref) and isinstance(function, FunctionObject) and function.cls is None:
            run.state.writable(value.address).cls = address
            if name in ("__init_subclass__", "__class_getitem__"):
                run.state.writable(value.address).kind = "class"
            if name == "__new__":
                run.state.writable(value.address).kind = "static"
    for statement in node.body:
        for target in getattr(statement, "targets", []) or [getattr(statement, "target", None)]:
            if isinstance(target, ast.Name):
                found.places[target.id] = Place(outer.source, statement)


def _set_name(run: Run, value: Value, owner: int, name: str) -> None:
    """Tells a descriptor the attribute that it is."""
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(value, Ref) and isinstance(found, Instance):
        function = lookup(run, found.cls, "__set_name__")
        if isinstance(function, Ref):
            given = Arguments([Ref(owner), Const(name)], {}, [None, None])
            functions.enter(run, ast.Pass(), function.address, given, receiver=value)


def add_field(run: Run, address: int, name: str, annotation: ast.expr, has_default: bool) -> None:
    """An annotated name in a class body: a field, if the class is a dataclass."""
    if isinstance(annotation, ast.Subscript) and "ClassVar" in ast.dump(annotation.value):
        return
    found = run.state.writable(address)
    if name not in found.fields:
        found.fields = [*found.fields, name]


def _class_decorators(run: Run, node: ast.ClassDef, address: int) -> None:
    for decorator in node.decorator_list:
        # Only what the decorator is matters here: `dataclass`, called or not.
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        value = expressions.evaluate(run, function)
        name = value.name if isinstance(value, Library) else ""
        if name in ("dataclasses.dataclass", "attr.s", "attrs.define", "attr.define", "attr.attrs"):
            run.state.writable(address).kind = "dataclass"


def lookup(run: Run, address: int, name: str) -> Value | None:
    """A class attribute along the method resolution order."""
    found = run.state.heap.find(address)
    if not isinstance(found, ClassObject):
        return None
    for parent in found.mro:
        cls = run.state.heap.find(parent)
        if isinstance(cls, ClassObject):
            value = cls.attributes.get(name)
            if value is not None:
                return value
    return None


def rewrites_inputs(run: Run, address: int) -> bool:
    """Whether a base out of sight may do something with what a call gives before `forward` gets it."""
    found = run.object(Ref(address))
    return isinstance(found, ClassObject) and found.unknown_base and not any(map(_plainly_called, found.bases))


def _plainly_called(base: Value) -> bool:
    return isinstance(base, Library) and base.name.rpartition(".")[2].endswith(_PLAINLY_CALLED)


def is_network(run: Run, instance: Instance) -> bool:
    found = run.state.heap.find(instance.cls)
    return isinstance(found, ClassObject) and found.network


def class_of(run: Run, instance: Instance) -> ClassObject:
    found = run.state.heap[instance.cls]
    assert isinstance(found, ClassObject)
    return found


def has_native(run: Run, address: int) -> bool:
    """Whether instances have methods that no class body shows."""
    found = run.state.heap.find(address)
    return isinstance(found, ClassObject) and found.kind in ("enum", "namedtuple", "exception")


def instantiate(run: Run, node: ast.AST, cls: Ref, arguments: Arguments) -> Value:
    """`Class(arguments)`, as its metaclass has it."""
    found = run.object(cls)
    assert isinstance(found, ClassObject)
    if found.kind == "enum":
        return _member(run, found, arguments)
    if found.kind == "namedtuple":
        return _named_tuple(found, arguments)
    called = lookup(run, found.metaclass, "__call__") if found.metaclass is not None else None
    if isinstance(called, Ref):
        return functions.enter(run, node, called.address, arguments, receiver=cls)
    return instance_of(run, node, cls, arguments)


def instance_of(run: Run, node: ast.AST, cls: Ref, arguments: Arguments) -> Value:
    """What `type` makes of a call of a class: `__new__`, and `__init__` where that gave an instance of the class."""
    maker = lookup(run, cls.address, "__new__")
    made: Value
    if isinstance(maker, Ref):
        nodes = [None, *arguments.nodes]
        given = replace(arguments, positional=[cls, *arguments.positional], nodes=nodes)
        made = functions.enter(run, node, maker.address, given, receiver=cls)
        instance = run.object(made) if isinstance(made, Ref) else None
        if not (isinstance(instance, Instance) and is_subclass(run, instance.cls, cls)):
            return made
    else:
        made = new_instance(run, cls)
    assert isinstance(made, Ref)
    construct(run, node, made, arguments)
    return made


def new_instance(run: Run, cls: Ref) -> Ref:
    """An instance on which `__init__` has not run."""
    found = run.object(cls)
    assert isinstance(found, ClassObject)
    instance = Instance(cls.address, {}, open=found.unknown_base)
    instance.made = run.place()
    if found.kind == "dict":
        instance.attributes["_items"] = run.new(DictObject({}))
    return run.new(instance)


def construct(run: Run, node: ast.AST, reference: Ref, arguments: Arguments) -> None:
    """Runs `__init__`, or fills the fields of a dataclass."""
    instance = run.object(reference)
    assert isinstance(instance, Instance)
    cls = class_of(run, instance)
    initializer = lookup(run, instance.cls, "__init__")
    if isinstance(initializer, Ref):
        functions.enter(run, node, initializer.address, arguments, receiver=reference)
    elif cls.kind == "dataclass":
        _fill_fields(run, node, reference, cls, arguments)
    elif cls.unknown_base:
        calls.forget(run, node, arguments, "")
        for name, value in arguments.keywords.items():
            run.state.writable(reference.address).attributes.setdefault(name, value)


def _fill_fields(run: Run, node: ast.AST, reference: Ref, cls: ClassObject, arguments: Arguments) -> None:
    for index, name in enumerate(cls.fields):
        given = arguments.get(index, name)
        if given is None:
            given = lookup(run, run.state.heap[reference.address].cls, name)  # type: ignore[attr-defined]  # an Instance
            given = natives.field_default(run, node, given)
        run.state.writable(reference.address).attributes[name] = given if given is not None else Unknown(Why.CALLER)
    after = lookup(run, run.state.heap[reference.address].cls, "__post_init__")  # type: ignore[attr-defined]  # an Instance
    if isinstance(after, Ref):
        functions.enter(run, node, after.address, Arguments(), receiver=reference)


def _named_tuple(cls: ClassObject, arguments: Arguments) -> Value:
    items = []
    for index, name in enumerate(cls.fields):
        given = arguments.get(index, name)
        items.append(given if given is not None else cls.attributes.get(name, Unknown(Why.CALLER)))
    return Tuple(tuple(items), tuple(cls.fields), cls.name)


def _member(run: Run, cls: ClassObject, arguments: Arguments) -> Value:
    given = arguments.positional[0] if arguments.positional else NONE
    for value in cls.attributes.values():
        if value == given:
            return value
    return Unknown(Why.NOT_MODELLED)


def is_subclass(run: Run, address: int, other: Value) -> bool | None:
    """Whether a class derives from another; None where a base is not known."""
    found = run.state.heap.find(address)
    if not isinstance(found, ClassObject):
        return None
    wanted = libraries.as_class(run, other)
    if isinstance(wanted, Ref):
        if wanted.address in found.mro:
            return True
        return None if found.unknown_base else False
    if isinstance(wanted, Library):
        if wanted.name == "builtins.object":
            return True
        return None if found.unknown_base else False
    return None
