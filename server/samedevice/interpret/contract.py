"""Running functions whose callers are not in sight, on what callers promise."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from samedevice.interpret import classes, cloning, functions, moves, networks, registration
from samedevice.interpret.budget import ENTRIES, FRESH_ENTRIES, FUNCTION_STEPS, Exhausted
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import ClassObject, FunctionObject, Instance
from samedevice.interpret.usage import Usage, used_as
from samedevice.values.condition import Choice, Key
from samedevice.values.device import SymDevice
from samedevice.values.dtype import SymDType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    DeviceValue,
    DTypeValue,
    How,
    Kept,
    Origin,
    Place,
    Ref,
    Scalar,
    Tensor,
    Value,
)

_PROMISED = ("forward", "__call__")
"""Methods whose tensors come from the network's caller, and so are where the network is."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef


def run_uncalled(run: Run) -> None:
    """Runs every network, then every function that nobody in sight called."""
    for node, address in list(run.classes.items()):
        if isinstance(node, ast.ClassDef) and isinstance(run.state.heap.get(address), ClassObject):
            _guarded(run, lambda node=node, address=address: _class(run, node, address))  # type: ignore[misc]  # bound now
    named = run.called_names = _called_names(run.analysis.tree)
    functions_first = sorted(run.defined.items(), key=lambda item: getattr(item[0], "name", "") in named)
    for definition, address in functions_first:
        function = run.state.heap.get(address)
        if definition in run.called or not isinstance(function, FunctionObject) or function.cls is not None:
            continue
        if isinstance(definition, Definition) and used_as(definition).torch:
            anywhere = definition.name in named
            _guarded(run, lambda node=definition, at=address, a=anywhere: _function(run, node, at, None, None, a))  # type: ignore[misc]  # bound now


def _called_names(tree: ast.Module) -> frozenset[str]:
    """The names that the file calls: what callers in sight pass is not for us to promise."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return frozenset(node.func.id for node in calls if isinstance(node.func, ast.Name))


def _guarded(run: Run, work: Callable[[], None]) -> None:
    """Runs one function on its own share of the budget, and leaves the heap as it was."""
    outer_state, frame, modes, depth = run.state, run.frame, run.modes, run.depth
    left = run.budget.left + max(run.steps, 0)
    run.steps = 0
    if left <= 0:
        raise Exhausted
    run.entries = {node: min(count, ENTRIES - FRESH_ENTRIES) for node, count in run.entries.items()}
    run.state = outer_state.fork()
    share = run.budget.left = min(left, FUNCTION_STEPS)
    try:
        work()
    except Exhausted:
        if run.budget.expired():
            raise
        _note(run)
    except RecursionError:
        run.analysis.notes.append("a function is nested too deep to be followed")
    finally:
        run.budget.left = left - (share - run.budget.left - max(run.steps, 0))
        run.steps = 0
        run.state, run.frame, run.modes, run.depth = outer_state, frame, modes, depth


def _note(run: Run) -> None:
    text = "some functions are too large to be followed to their end"
    if text not in run.analysis.notes:
        run.analysis.notes.append(text)


def _class(run: Run, node: ast.ClassDef, address: int) -> None:
    cls = run.state.heap[address]
    assert isinstance(cls, ClassObject)
    if cls.kind in ("enum", "exception", "namedtuple"):
        return
    methods = [(name, value) for name, value in cls.attributes.items() if isinstance(value, Ref) and name != "__init__"]
    device = (
        SymDevice(f"self{'?' if cls.unknown_base else ''}#{cls.name}#{node.lineno}", f"the device of {cls.name}")
        if cls.network
        else None
    )
    receiver = _receiver(run, node, address, cls)
    if device is not None:
        _promise_device(run, receiver, device, f"the dtype of {cls.name}")
    _forget_reassigned(run, node, receiver)
    methods.sort(key=lambda item: item[0] != "forward")
    for name, value in methods:
        function = run.object(value)
        if not isinstance(function, FunctionObject) or not isinstance(function.node, Definition):
            continue
        first = name == "forward" and cls.network
        if function.node in run.called and not first:
            continue
        if function.kind == "property" and function.node in run.called:
            continue
        promised = device if name.startswith(_PROMISED) or name.endswith("_step") else None
        _method(run, function.node, value.address, receiver, promised)
    registration.check(run)


def _forget_reassigned(run: Run, node: ast.ClassDef, receiver: Ref) -> None:
    """A plain attribute that some other method sets may be anything by the time a method runs."""
    names = set()
    for function in node.body:
        if isinstance(function, Definition) and function.name != "__init__":
            for child in ast.walk(function):
                match child:
                    case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Store()):
                        names.add(child.attr)
    instance = run.state.writable(receiver.address)
    for name in names:
        if instance.kept.get(name, Kept.PLAIN) is Kept.PLAIN and name in instance.attributes:
            symbol = f"@{receiver.address}.{name}"
            instance.attributes[name] = Unknown(Why.CALLER, symbol, f"self.{name}")


def _method(run: Run, node: Definition, address: int, receiver: Ref, device: SymDevice | None) -> None:
    base = run.state
    run.state = base.fork()
    try:
        _function(run, node, address, receiver, device)
    except Exhausted:
        if run.budget.expired():
            raise
        _note(run)
        run.budget.left, run.steps = FUNCTION_STEPS, 0
    finally:
        run.state = base


def _receiver(run: Run, node: ast.ClassDef, address: int, cls: ClassObject) -> Ref:
    """An instance that the program made, else one made on what callers promise."""
    for candidate, found in run.state.heap.items():
        if isinstance(found, Instance) and found.cls == address and found.attributes:
            copied = cloning.clone(run, Ref(candidate), deep=True)
            assert isinstance(copied, Ref)
            instance = run.state.writable(copied.address)
            instance.training = None
            return copied
    receiver = classes.new_instance(run, Ref(address))
    initializer = classes.lookup(run, address, "__init__")
    if isinstance(initializer, Ref):
        function = run.object(initializer)
        if isinstance(function, FunctionObject) and isinstance(function.node, Definition):
            if function.library:
                unknown = Unknown(Why.CALLER)
                functions.enter(run, node, initializer.address, Arguments(), receiver, missing=lambda _: unknown)
            else:
                _function(run, function.node, initializer.address, receiver, None)
            _open(run, receiver)
            return receiver
    if cls.kind == "dataclass":
        for name in cls.fields:
            run.state.writable(receiver.address).attributes[name] = Unknown(
                Why.CALLER, f"@{receiver.address}.{name}", f"self.{name}"
            )
    _open(run, receiver)
    return receiver


def _open(run: Run, receiver: Ref) -> None:
    instance = run.state.writable(receiver.address)
    instance.open = True
    instance.training = None


def _promise_device(run: Run, receiver: Ref, device: SymDevice, dtype_words: str) -> None:
    """A network may be anywhere, but all that it registered is there."""
    dtype = SymDType(device.id, dtype_words, floating=True)

    def promise(tensor: Tensor) -> Value:
        kept = tensor.dtype
        floating = moves.floating(tensor) and not isinstance(kept, Unknown)
        return replace(
            tensor,
            device=device,
            dtype=dtype if floating else kept,
            device_from=Origin(How.CONTRACT, "where its network is"),
        )

    moves.apply_natively(run, receiver, promise)
    for _, module in networks.tree(run, receiver):
        _forget_what_moves_itself(run, module)


def _forget_what_moves_itself(run: Run, module: Ref) -> None:
    """Where a class of the user's moves things by itself, its plain tensors may be anywhere."""
    instance = run.state.heap[module.address]
    assert isinstance(instance, Instance)
    if not any(isinstance(classes.lookup(run, instance.cls, name), Ref) for name in ("_apply", "to", "cuda")):
        return
    instance = run.state.writable(module.address)
    for name, value in list(instance.attributes.items()):
        if isinstance(value, Tensor) and instance.kept.get(name, Kept.PLAIN) is Kept.PLAIN:
            instance.attributes[name] = replace(value, device=Unknown(Why.CALLER), device_from=None)


def _function(
    run: Run, node: Definition, address: int, receiver: Ref | None, device: SymDevice | None, anywhere: bool = False
) -> None:
    """Runs a function on promises; `anywhere`: its callers are in sight, but what they pass is not known."""
    function = run.object(Ref(address))
    usage = used_as(node)
    scope = f"{node.name}#{node.lineno}"
    place = Place(run.analysis.source, node)

    def missing(parameter: ast.arg) -> Value:
        if parameter.arg == "cls" and isinstance(function, FunctionObject) and function.cls is not None:
            return Ref(function.cls)
        if receiver is not None and parameter.arg == "self":
            return receiver
        value = _promised(parameter, usage, scope, device, place, node.name in _PROMISED and device is not None)
        return _anywhere(value) if anywhere or node.name == "__init__" else value

    plain = isinstance(function, FunctionObject) and function.kind not in ("static", "class")
    bound = receiver if plain else None
    known = set(run.defined)
    functions.enter(run, node, address, Arguments(), receiver=bound, missing=missing)
    run.called.discard(node)
    for inner, inside in [item for item in run.defined.items() if item[0] not in known]:
        if inner not in run.called and inside in run.state.heap and isinstance(inner, Definition):
            _function(run, inner, inside, None, None, inner.name in run.called_names)


def _promised(
    parameter: ast.arg, usage: Usage, scope: str, device: SymDevice | None, place: Place, forward: bool
) -> Value:
    """What callers promise of a parameter: by its annotation, its name and its use.

    `forward`: the parameter is one of a network's forward, where what stands in arithmetic is a tensor.
    """
    name = parameter.arg
    symbol = f"{scope}.{name}"
    annotation = ast.unparse(parameter.annotation) if parameter.annotation is not None else ""
    if name in ("device", "dev") or "torch.device" in annotation:
        return DeviceValue(SymDevice(symbol, name))
    if name == "dtype" or "torch.dtype" in annotation:
        return DTypeValue(SymDType(symbol, name))
    plain = annotation.strip("'\"")
    if _either(plain):
        number = Scalar("float" if "float" in plain else "int", f"{symbol}.number", name)
        key = Key(f"{symbol} is a tensor", f"{name} is a tensor", False, optional=True)
        return Choice(key, _tensor(name, symbol, device, place), number)
    if plain in ("int", "float", "bool", "str"):
        return Scalar(plain, symbol, name)
    used = usage.tensor(name) or (forward and name in usage.operands and name not in usage.others)
    is_tensor = _annotated_tensor(plain) or (not plain and used)
    if is_tensor:
        tensor = _tensor(name, symbol, device, place)
        if name in usage.optional:
            return Choice(Key(f"{symbol} is given", f"{name} is given", False, optional=True), tensor, NONE)
        return tensor
    return Unknown(Why.CALLER, symbol, name)


def _anywhere(value: Value) -> Value:
    """What a constructor gets may be where the object is made or where it is used."""
    if isinstance(value, Choice):
        return Choice(value.key, _anywhere(value.yes), _anywhere(value.no))
    return replace(value, device=Unknown(Why.CALLER)) if isinstance(value, Tensor) else value


def _tensor(name: str, symbol: str, device: SymDevice | None, place: Place) -> Tensor:
    where = device if device is not None else SymDevice(symbol, f"the device of {name}")
    dtype = Unknown(Why.CALLER, f"{symbol}.dtype", f"the dtype of {name}")
    origin = Origin(How.CONTRACT, "what callers pass", place)
    return Tensor(where, dtype, None, None, None, device_from=origin)


def _either(annotation: str) -> bool:
    """`Union[float, Tensor]`, `float | Tensor`."""
    cleaned = annotation.replace("torch.", "").replace("Union[", "").replace("Optional[", "").replace("]", "")
    parts = {part.strip() for part in cleaned.replace("|", ",").split(",")}
    return "Tensor" in parts and bool(parts & {"float", "int"}) and parts <= {"Tensor", "float", "int", "bool", "None"}


def _annotated_tensor(annotation: str) -> bool:
    cleaned = annotation.replace("Optional[", "").replace("]", "").replace("| None", "").strip()
    return cleaned in (
        "Tensor",
        "torch.Tensor",
        "torch.FloatTensor",
        "torch.LongTensor",
        "th.Tensor",
    ) or annotation.startswith(("Float[Tensor", "Int[Tensor", "Bool[Tensor", "Float[torch.Tensor", "Shaped[Tensor"))
