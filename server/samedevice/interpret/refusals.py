"""Writing down what PyTorch refuses and what is surely not meant, at the user's innermost line."""

from __future__ import annotations

import ast

from samedevice.dataclass import replace
from samedevice.interpret import classes, expressions, guards, stated
from samedevice.interpret.analysis import Contradicted, Dropped, Fact, LostParameter, Operand, Refused
from samedevice.interpret.context import Arguments, Frame, Run, restricted_tensor, text_of
from samedevice.interpret.heap import ClassObject, DictObject, Instance, ListObject
from samedevice.interpret.usage import used_as
from samedevice.ops import table
from samedevice.ops.outcome import Clash, Refusal
from samedevice.values.condition import Path, restricted
from samedevice.values.device import CPU, SymDevice
from samedevice.values.unknown import Unknown
from samedevice.values.value import NONE, DeviceValue, How, Kept, Many, Place, Ref, Slot, Tensor, Tuple, Value

_MOVES = frozenset(
    {"to", "cuda", "cpu", "half", "float", "double", "bfloat16", "long", "int", "type", "type_as", "bool"}
)


def refuse(
    run: Run,
    node: ast.AST,
    op: str,
    clashes: tuple[Clash, ...],
    values: list[Value],
    keywords: dict[str, Value],
    arguments: Arguments,
) -> None:
    """Records the clashes of one operation."""
    labels = _labels(op, values)
    given = {labels[index] if index < len(labels) else f"#{index}": value for index, value in enumerate(values)}
    nodes = {labels[index] if index < len(labels) else f"#{index}": n for index, n in enumerate(arguments.nodes)}
    given |= keywords
    nodes |= arguments.keyword_nodes
    for clash in clashes:
        operands = tuple(_under(_operand(run, name, given, nodes), clash.when) for name in clash.arguments)
        record(run, node, op, clash, operands)


def _labels(op: str, values: list[Value]) -> list[str]:
    """The parameter that each positional value is for; of `*operands` each has a number."""
    signature = table.signature(op)
    labels: list[str] = []
    for parameter in signature.parameters if signature is not None else ():
        if parameter.variadic and len(labels) < len(values) and isinstance(values[len(labels)], Tensor):
            return [*labels, *(f"{parameter.name}[{index}]" for index in range(len(values) - len(labels)))]
        labels.append(parameter.name)
    return labels


def record(run: Run, node: ast.AST, op: str, clash: Clash, operands: tuple[Operand, ...]) -> None:
    """Records one clash, where the user's own code stands."""
    if clash.kind is Refusal.ARGUMENT and any(operand.value == NONE for operand in operands):
        return  # nothing of ours: the program forgot an argument
    frame = run.frame
    layer = ""
    at: ast.AST | None = node if hasattr(node, "lineno") else frame.node
    entered = len(run.state.path)
    while frame.library and frame.caller is not None:
        layer = _layer(run, frame) or layer
        entered = frame.entered
        at, frame = frame.call, frame.caller
        if at is None or not hasattr(at, "lineno"):
            at = frame.node
    if guards.expects(run, frame, clash.text):
        return
    when = (*run.state.path[entered:], *clash.when)
    if any(not key.named for key, _ in run.state.path[entered:]):
        return  # library code that may not be reached
    conditions = (*run.state.path, *clash.when)
    if any(_tested(run, conditions, operand.value) for operand in operands):
        return
    likely = True
    if frame.contract and _doubtful(run, frame, clash, operands):
        if clash.kind is not Refusal.TO_NUMPY_DEVICE:
            return
        likely = False
    if at is None or frame.source is not run.source or not hasattr(at, "lineno"):
        return
    fact = Refused(
        frame.source,
        at,
        clash.kind,
        op,
        operands,
        clash.text,
        when,
        clash.certain,
        frame.function.node if frame.function is not None else None,
        _stack(frame),
        layer,
        frame.contract,
        run.machine,
        likely,
    )
    run.record(fact, clash.kind)


def _doubtful(run: Run, frame: Frame, clash: Clash, operands: tuple[Operand, ...]) -> bool:
    """What a promise about callers can't carry.

    Annotations lie about numbers, branches about sizes; and a tensor that was moved to the CPU on purpose meets
    what its caller keeps there too.
    """
    match clash.kind:
        case Refusal.ARGUMENT:
            return True
        case Refusal.SHAPE:
            return bool(run.state.path)
        case Refusal.TO_NUMPY_DEVICE:
            return not clash.certain and not any(_promised(operand.value) for operand in operands)
        case Refusal.DEVICE | Refusal.INDEX_DEVICE:
            if not clash.certain and any(_of_a_network(operand.value, frame) for operand in operands):
                return True
            called = frame.function is not None and run.asked("called", frame.function.node)
            if called and any(_put_on_the_host(operand.value) for operand in operands):
                return True
            if not any(_promised(operand.value) for operand in operands) and _on_the_host(frame):
                return True
            return not clash.certain and not any(_promised(o.value) or _by_default(o.value) for o in operands)
    return False


def _tested(run: Run, conditions: Path, value: Value) -> bool:
    """Whether the program has made sure that a device is the CPU: it is asked for that, or is not the accelerator."""
    value = restricted(value, conditions)
    known = restricted(value.device, conditions) if isinstance(value, Tensor | DeviceValue) else value
    name = known.id if isinstance(known, SymDevice) else getattr(known, "symbol", "")
    if not name:
        return False
    for key, taken in conditions:
        sides = set(key.id.split("=="))
        if taken and sides & {"cpu", "'cpu'"} and sides & {name, f"{name}.type"}:
            return True
        if not taken and sides == {f"'{run.machine}'", f"{name}.type"}:
            return True
    return False


def _promised(value: Value) -> bool:
    """Whether a tensor is where a network is."""
    return isinstance(value, Tensor) and isinstance(value.device, SymDevice) and value.device.id.startswith("self#")


def _put_on_the_host(value: Value) -> bool:
    """Whether the program says itself that a tensor is on the CPU: where it is called in sight, that was meant."""
    origin = value.device_from if isinstance(value, Tensor) and value.device == CPU else None
    return origin is not None and origin.how in (How.MOVED, How.GIVEN)


def _of_a_network(value: Value, frame: Frame) -> bool:
    """Whether a tensor on the CPU is a parameter, or made of one: its network may be moved before it is used.

    Not so a layer that the function itself has just made.
    """
    if not isinstance(value, Tensor) or value.device != CPU or not (value.parameter or value.requires_grad is True):
        return False
    place = value.device_from.place if value.device_from is not None else None
    inside = frame.function.node if frame.function is not None else None
    return place is None or inside is None or not _within(place.node, inside)


def _on_the_host(frame: Frame) -> bool:
    """Whether a function gives tensors to numpy as they are: its callers keep them on the CPU."""
    node = frame.function.node if frame.function is not None else None
    return isinstance(node, ast.FunctionDef) and used_as(node).host


def _within(node: ast.AST, outer: ast.AST) -> bool:
    line = getattr(node, "lineno", 0)
    return getattr(outer, "lineno", 0) <= line <= (getattr(outer, "end_lineno", 0) or 0)


def _by_default(value: Value) -> bool:
    """Whether a tensor is on the CPU because nobody said where."""
    origin = value.device_from if isinstance(value, Tensor) else None
    return origin is not None and origin.how in (How.DEFAULT, How.NUMPY)


def _layer(run: Run, frame: Frame) -> str:
    found = run.object(frame.receiver) if isinstance(frame.receiver, Ref) else None
    if isinstance(found, Instance):
        cls = run.state.heap.find(found.cls)
        if isinstance(cls, ClassObject) and cls.library:
            return f"{cls.module}.{cls.name}"
    return ""


def _stack(frame: Frame) -> tuple[Place, ...]:
    places: list[Place] = []
    while frame.caller is not None:
        if frame.call is not None and hasattr(frame.call, "lineno") and not frame.caller.library:
            places.insert(0, Place(frame.caller.source, frame.call))
        frame = frame.caller
    return tuple(places)


def _operand(run: Run, name: str, given: dict[str, Value], nodes: dict[str, ast.expr | None]) -> Operand:
    base, _, rest = name.partition("[")
    value, node = given.get(name), nodes.get(name)
    if value is None and rest:
        value, node = given.get(base), nodes.get(base)
        index = int(rest[:-1]) if rest[:-1].isdigit() else 0
        value = _item(value, index)
        elements = node.elts if isinstance(node, ast.Tuple | ast.List) else []
        node = elements[index] if index < len(elements) else None
    text, user_node = words_for(run, run.frame, node, value)
    return Operand(name, text, value if value is not None else Tuple(()), user_node)


def _under(operand: Operand, when: Path) -> Operand:
    """An operand as it is when the clash happens."""
    if when and isinstance(operand.value, Tensor):
        return replace(operand, value=restricted_tensor(operand.value, when))
    return operand


def _item(value: Value | None, index: int) -> Value | None:
    if isinstance(value, Tuple) and index < len(value.items):
        return value.items[index]
    return value.item if isinstance(value, Many) else value


def words_for(run: Run, frame: Frame, node: ast.expr | None, value: Value | None) -> tuple[str, ast.expr | None]:
    """The user's words and expression for an argument given somewhere inside library code."""
    while frame.library and frame.caller is not None:
        node = frame.arguments.get(node.id) if isinstance(node, ast.Name) else None
        frame = frame.caller
        if node is None:
            return _by_slot(run, value), None
    if node is None:
        return _by_slot(run, value), None
    return text_of(node, frame.source), node


def _by_slot(run: Run, value: Value | None) -> str:
    """`model.fc.weight` for a tensor that was read from a layer of the network that the user called."""
    if not isinstance(value, Tensor) or value.slot is None:
        return ""
    frame = run.frame
    while frame.caller is not None and frame.caller.library:
        frame = frame.caller
    receiver = frame.receiver
    call = frame.call
    if isinstance(receiver, Ref) and isinstance(call, ast.Call) and frame.caller is not None:
        path = _path(run, receiver, value.slot.owner, 0)
        if path is not None:
            return ".".join([text_of(call.func, frame.caller.source), *path, value.slot.attribute])
    return f"{value.slot.class_name}.{value.slot.attribute}"


def _path(run: Run, start: Ref, owner: int, depth: int) -> list[str] | None:
    if start.address == owner:
        return []
    found = run.object(start)
    if not isinstance(found, Instance) or depth > 4:
        return None
    for name, child in found.attributes.items():
        if found.kept.get(name) is Kept.CHILD and isinstance(child, Ref):
            rest = _path(run, child, owner, depth + 1)
            if rest is not None:
                return [name, *rest]
    return None


def dropped(run: Run, node: ast.Expr, value: Value) -> None:
    """A statement that is only `x.to(device)`: the moved tensor is lost."""
    call = node.value
    if run.frame.library or not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
        return
    if call.func.attr not in _MOVES or not isinstance(value, Tensor) or run.frame.source is not run.source:
        return
    receiver = (
        expressions.evaluate(run, call.func.value) if isinstance(call.func.value, ast.Name | ast.Attribute) else None
    )
    if not isinstance(receiver, Tensor) or not _changed(receiver, value):
        return
    operand = Operand("input", text_of(call.func.value, run.frame.source), receiver, call.func.value)
    run.record(Dropped(run.frame.source, node, operand, call.func.attr))


def _changed(before: Tensor, after: Tensor) -> bool:
    """Whether a move or cast gives another tensor, as far as it is known; one that may is thrown away too."""
    if isinstance(after.device, Unknown) and isinstance(after.dtype, Unknown):
        return False
    return after.device != before.device or after.dtype != before.dtype


def contradicted(run: Run, frame: Frame, annotation: ast.expr | None, value: Value, node: ast.AST | None) -> None:
    """A tensor that surely does not have the sizes stated for it; `node` is the expression of it in `frame`."""
    if not isinstance(value, Tensor) or value.shape is None or node is None:
        return
    said = stated.stated(annotation)
    if said is None or said.shape is None or not stated.differ(value.shape, said.shape):
        return
    if not frame.library and not (frame.contract and run.state.path):  # branches may be about sizes
        note(run, Contradicted(frame.source, node, text_of(node, frame.source), value.shape, said.shape))


def defined(run: Run, node: ast.AST, value: Value) -> None:
    """A function was defined: remembered, so that those nobody calls are run too."""
    if run.frame.source is run.source and not run.frame.library and isinstance(value, Ref):
        run.defined.setdefault(node, value.address)


def note(run: Run, fact: Fact) -> None:
    if fact.source is run.source:
        run.record(fact)


def is_container(run: Run, value: Value) -> bool:
    """Whether a value is a plain list, tuple or dict, that may come to hold what should be registered."""
    found = run.object(value) if isinstance(value, Ref) else None
    return isinstance(value, Tuple) or isinstance(found, ListObject | DictObject)


def lost_parameter(run: Run, base: Ref, name: str, value: Value, place: Place, node: ast.AST | None) -> None:
    """A parameter that was moved as it was made: the attribute gets the result of an operation."""
    instance = run.object(base)
    if not isinstance(value, Tensor) or value.leaf is not False or not isinstance(instance, Instance):
        return
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=made), attr=method)) if _last(made) == "Parameter":
            slot = Slot(base.address, classes.class_of(run, instance).name, name, Kept.PLAIN, True, place)
            note(run, LostParameter(place.source, node, slot, method))


def _last(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
