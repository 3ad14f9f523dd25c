"""What torch.nn.Module does by itself: registration, moves, traversal, calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from samedevice.dataclass import replace
from samedevice.interpret import calls, classes, cloning, functions, hooks, moves, refusals, tensors
from samedevice.interpret.analysis import Operand
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import Cell, FunctionObject, Instance
from samedevice.ops.outcome import Clash, Refusal
from samedevice.values.condition import Choice
from samedevice.values.dtype import DType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import NONE, Const, Kept, Place, Ref, Slot, Tensor, Tuple, Value


def call(run: Run, node: ast.AST, ref: Ref, arguments: Arguments) -> Value:
    """`network(x)`: its forward, between its hooks."""
    instance = run.object(ref)
    assert isinstance(instance, Instance)
    custom = classes.lookup(run, instance.cls, "__call__")
    if isinstance(custom, Ref):
        return functions.enter(run, node, custom.address, arguments, receiver=ref)
    hooks.before(run, node, ref, arguments)
    own = instance.attributes.get("forward")
    if own is not None:
        return calls.apply(run, node, run.fresh(own), arguments)
    forward = classes.lookup(run, instance.cls, "forward")
    if not isinstance(forward, Ref) or not isinstance(run.object(forward), FunctionObject):
        calls.forget(run, node, arguments, "print")
        return Unknown(Why.OUTSIDE)
    if classes.rewrites_inputs(run, instance.cls):
        arguments = replace(arguments, positional=[_of_any_shape(one) for one in arguments.positional])
    result = functions.enter(run, node, forward.address, arguments, receiver=ref)
    return hooks.after(run, node, ref, arguments, result)


def _of_any_shape(value: Value) -> Value:
    return replace(value, shape=None) if isinstance(value, Tensor) else value


def put(run: Run, base: Ref, name: str, value: Value, place: Place | None, node: ast.AST | None) -> None:
    """`network.name = value`, as nn.Module.__setattr__ registers it."""
    instance = run.state.writable(base.address)
    kept = _kept(run, instance, name, value)
    if kept is None and run.frame.library:
        kept = Kept.PARAMETER  # functional_call and its kin put other tensors in their place for a while
    if kept is None:
        clash = Clash(
            Refusal.ARGUMENT,
            (),
            f"TypeError: cannot assign a tensor as parameter '{name}' (torch.nn.Parameter or None expected)",
        )
        refusals.record(run, node or ast.Pass(), "torch.nn.Module.__setattr__", clash, ())
        return
    if isinstance(value, Tensor) and kept is Kept.BUFFER:
        value = replace(value, slot=None)
    instance.attributes[name] = value
    instance.maybe -= {name}
    instance.kept[name] = kept
    if place is not None:
        instance.places[name] = place
    if kept is Kept.PLAIN and not run.frame.library and place is not None:
        if node is not None and refusals.is_container(run, value):
            run.containers.append((base, name, value, place, node))
        refusals.lost_parameter(run, base, name, value, place, node)


def _kept(run: Run, instance: Instance, name: str, value: Value) -> Kept | None:
    """How a value is kept; None where torch refuses it."""
    before = instance.kept.get(name)
    if isinstance(value, Tensor):
        if value.parameter:
            return Kept.PARAMETER
        if before is Kept.PARAMETER and isinstance(instance.attributes.get(name), Tensor):
            return None
        made = value.slot is not None and value.slot.owner == 0
        return Kept.BUFFER if before is Kept.BUFFER or made else Kept.PLAIN
    if isinstance(value, Ref):
        found = run.object(value)
        if isinstance(found, Instance) and classes.is_network(run, found):
            return Kept.CHILD
    if isinstance(value, Choice):
        sides = [_kept(run, instance, name, side) for side in (value.yes, value.no)]
        for kept in (Kept.CHILD, Kept.PARAMETER):
            if kept in sides:
                return kept
    if value == NONE and before is not None:
        return before
    return Kept.PLAIN


def children(run: Run, ref: Ref) -> Iterator[tuple[str, Ref]]:
    """The registered children, in order."""
    instance = run.object(ref)
    if not isinstance(instance, Instance):
        return
    for name, kept in instance.kept.items():
        if kept is Kept.CHILD:
            for value in _sides(run.fresh(instance.attributes.get(name, NONE))):
                if isinstance(value, Ref) and isinstance(run.object(value), Instance):
                    yield name, value


def _sides(value: Value) -> list[Value]:
    return [*_sides(value.yes), *_sides(value.no)] if isinstance(value, Choice) else [value]


def tree(run: Run, ref: Ref) -> list[tuple[str, Ref]]:
    """The network and all networks below it, each once, with their paths."""
    found: list[tuple[str, Ref]] = []
    seen: set[int] = set()

    def visit(path: str, module: Ref) -> None:
        if module.address in seen:
            return
        seen.add(module.address)
        found.append((path, module))
        for name, child in children(run, module):
            visit(f"{path}.{name}" if path else name, child)

    visit("", ref)
    return found


def own_tensors(run: Run, ref: Ref, kinds: tuple[Kept, ...]) -> list[tuple[str, Tensor]]:
    """A network's own parameters or buffers."""
    instance = run.object(ref)
    if not isinstance(instance, Instance):
        return []
    cls = classes.class_of(run, instance)
    found = []
    for name, kept in instance.kept.items():
        if kept in kinds:
            for value in _sides(run.fresh(instance.attributes.get(name, NONE))):
                if isinstance(value, Tensor):
                    slot = Slot(ref.address, cls.name, name, kept, True, instance.places.get(name))
                    found.append((name, tensors.with_slot(value, slot)))
    return found


def all_tensors(run: Run, ref: Ref, kinds: tuple[Kept, ...]) -> list[tuple[str, Tensor]]:
    """Parameters or buffers of the whole tree, by path."""
    found = []
    seen: set[int] = set()
    for path, module in tree(run, ref):
        for name, tensor in own_tensors(run, module, kinds):
            if tensor.cell is not None and tensor.cell in seen:
                continue
            if tensor.cell is not None:
                seen.add(tensor.cell)
            found.append((f"{path}.{name}" if path else name, tensor))
    return found


def standing_for(run: Run, blocks: list[Ref]) -> Value:
    """One of several objects of a class for all of them: of networks whose sizes differ, one without sizes."""
    first = blocks[0]
    kinds = (Kept.PARAMETER, Kept.BUFFER)
    own = all_tensors(run, first, kinds)
    alike = True
    for other in blocks[1:]:
        found = [] if other == first else all_tensors(run, other, kinds)
        for (path, one), (name, two) in zip(own, found, strict=False):
            if path != name or one.device != two.device or one.dtype != two.dtype:
                return Unknown(Why.DISAGREE)
            alike = alike and one.shape == two.shape
        if found and len(found) != len(own):
            return Unknown(Why.DISAGREE)
    return first if alike else _of_any_size(run, first)


def _of_any_size(run: Run, block: Ref) -> Value:
    """A copy of a network that may have other sizes."""
    made = cloning.clone(run, block, deep=True)
    assert isinstance(made, Ref)
    moves.apply_natively(run, made, lambda tensor: replace(tensor, shape=None))
    for _, module in tree(run, made):
        instance = run.state.writable(module.address)
        for name, kept in instance.kept.items():
            if kept is Kept.PLAIN and isinstance(instance.attributes.get(name), Const | Tuple | Tensor):
                instance.attributes[name] = Unknown(Why.DISAGREE)
    return made


def items(run: Run, ref: Ref) -> tuple[list[Value], bool]:
    """Iterating over a network that is no container."""
    return [Unknown(Why.NOT_MODELLED)], False


def item(run: Run, ref: Ref, index: Value) -> Value:
    """`network[index]` of a network that is no container."""
    return Unknown(Why.NOT_MODELLED)


def put_item(run: Run, ref: Ref, index: Value, value: Value) -> None:
    """`network[index] = value` of a network that is no container."""


def make_parameter(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """`torch.nn.Parameter(data, requires_grad)`."""
    data = arguments.get(0, "data")
    grad = arguments.get(1, "requires_grad")
    if data is None:
        data = Tensor(run.modes.default_device, run.modes.default_dtype, (0,))
    if isinstance(data, Choice):
        data = next((side for side in _sides(data) if isinstance(side, Tensor)), data)
    if not isinstance(data, Tensor):
        unknown = Unknown(Why.NOT_MODELLED)
        data = Tensor(unknown, unknown)
    wanted = grad.value if isinstance(grad, Const) else True if grad is None else None
    if wanted and isinstance(data.dtype, DType) and not moves.floating(data):
        text = "RuntimeError: Only Tensors of floating point and complex dtype can require gradients"
        first = arguments.nodes[0] if arguments.nodes else None
        operand = Operand("data", refusals.words_for(run, run.frame, first, data)[0], data, first)
        refusals.record(run, node, "torch.nn.Parameter", Clash(Refusal.GRAD_DTYPE, ("data",), text), (operand,))
    cell = run.new(Cell(data))
    made = replace(data, parameter=True, requires_grad=wanted, leaf=True, cell=cell.address, slot=None, data=None)
    run.state.writable(cell.address).tensor = made
    return made
