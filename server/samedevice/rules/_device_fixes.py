"""Fixes for tensors that meet on different devices, the maintainer's choice first."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from samedevice.findings import Fix
from samedevice.interpret.analysis import Analysis, Dropped, Operand, Refused
from samedevice.ops.outcome import Refusal
from samedevice.rules import _edits as edits
from samedevice.rules._factories import FACTORIES, function_name, makes_tensor
from samedevice.rules._given import movable
from samedevice.rules._network_fixes import buffers, moved_together, network_moves, reordered, threaded
from samedevice.rules._offers import offer, offered, together
from samedevice.rules._outline import is_path, outline, root
from samedevice.rules._placing import at_callers, at_use, carried, moved_batch, written_to
from samedevice.rules._provenance import device, is_weight, made_at, origin_node, plain_attribute, registered_at, stray
from samedevice.rules._scope import defined, device_names, near
from samedevice.values.device import CPU, AnyDevice, Device
from samedevice.values.value import Tensor

_NAMES = 2
"""How many ways to name the device are tried at one place."""


def device_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Ways to bring the operands of a refused operation to one device."""
    sides = stray(fact)
    if sides is None:
        return ()
    return offered(_candidates(analysis, fact, *sides))


def _candidates(analysis: Analysis, fact: Refused, odd: Operand, other: Operand) -> Iterator[Fix]:
    move = Move(analysis, fact, odd, other)
    yield from result_kept(analysis, odd)
    yield from move.whole_batch()
    if (statement := plain_attribute(analysis, odd, fact)) is not None:
        yield from buffers(analysis, fact.node, statement)
        for call in move.chain_at_use(fact.node)[:1]:
            yield from moved_together(analysis, fact.node, call)
    if "torch.optim" in f"{fact.layer} {fact.op}":
        yield from reordered(analysis, origin_node(fact, made_at(other)))
    made = origin_node(fact, made_at(odd))
    if is_weight(odd) or (isinstance(made, ast.Call) and _builds_layer(analysis, made)):
        yield from network_moves(analysis, made, move.wanted, made_at(other))
    yield from move.at_source(same_function=True)
    yield from move.hard_coded()
    inside = outline(analysis.tree).is_network(outline(analysis.tree).class_of(fact.node))
    if not inside and _made_beside_device(analysis, fact, move):
        yield from move.at_source(same_function=False)
    if inside:
        if _made_in_network(analysis, fact, odd):
            yield from move.at_source(same_function=False)
        yield from at_callers(analysis, fact, odd, made_at(odd), move.chain_at_caller)
    kept = odd.text.startswith("self.")
    if fact.kind is Refusal.INDEX_DEVICE and not inside and not kept:
        yield from at_use(analysis, fact, other, lambda _: [".cpu()"])
    yield from at_use(analysis, fact, odd, move.chain_at_use)
    yield from move.other_way()
    yield from move.at_source(same_function=False)
    yield from at_callers(analysis, fact, odd, made_at(odd), move.chain_at_caller)
    yield from reordered(analysis, origin_node(fact, made_at(other)))
    yield from move.without_cpu()
    yield from threaded(analysis, origin_node(fact, made_at(odd)), move.wanted, made_at(other))
    yield from move.where_available()


def _builds_layer(analysis: Analysis, call: ast.Call) -> bool:
    """Whether a call makes a layer or a parameter, so that what was calculated with it follows the network."""
    if call in outline(analysis.tree) and registered_at(analysis, call):
        return True
    return function_name(call)[:1].isupper() and not makes_tensor(call)


def _made_beside_device(analysis: Analysis, fact: Refused, move: Move) -> bool:
    """Whether the stray is made by the constructor of the same object, which knows the device."""
    tree = outline(analysis.tree)
    node = origin_node(fact, made_at(move.odd))
    if node is None or node not in tree:
        return False
    method = tree.method(node)
    if method is None or method.name != "__init__" or tree.class_of(node) is not tree.class_of(fact.node):
        return False
    return bool(near(analysis, node, move.names(node)))


def _made_in_network(analysis: Analysis, fact: Refused, odd: Operand) -> bool:
    tree = outline(analysis.tree)
    node = origin_node(fact, made_at(odd))
    return node is not None and node in tree and tree.is_network(tree.class_of(node))


class Move:
    """A stray operand, and the device it should be on."""

    def __init__(self, analysis: Analysis, fact: Refused, odd: Operand, other: Operand) -> None:
        self.analysis, self.fact, self.odd, self.other = analysis, fact, odd, other
        self.wanted: AnyDevice = device(other, fact) or CPU

    def names(self, node: ast.AST) -> list[str]:
        """Ways to write the wanted device at a node."""
        found = device_names(self.analysis, node, self.wanted, made_at(self.other))
        return [name for name in found if name != f"{self.odd.text}.device"][:_NAMES]

    def chain(self, node: ast.AST) -> list[str]:
        """Calls that move there, at a node."""
        found = [f".to({name})" for name in self.names(node)]
        return found or self._bare_cuda()

    def chain_at_caller(self, node: ast.AST) -> list[str]:
        """Calls that move there in a caller, which may know no better name for a GPU than `.cuda()`."""
        accelerated = isinstance(self.wanted, Device) and self.wanted.kind == "cuda"
        return self.chain(node) or ([".cuda()"] if accelerated else [])

    def chain_at_use(self, node: ast.AST) -> list[str]:
        """Calls that move there, where the other operand can be named too."""
        peer = peer_text(self.analysis, self.other, node)
        names = self.names(node)
        if not peer:
            return self.chain(node)
        own = [name for name in near(self.analysis, node, names) if "." not in name]
        return [f".to({name})" for name in dict.fromkeys([*own, f"{peer}.device", *names])][: _NAMES + 1]

    def _bare_cuda(self) -> list[str]:
        node = origin_node(self.fact, made_at(self.other))
        bare = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "cuda"
        return [".cuda()"] if bare and isinstance(node, ast.Call) and not node.args else []

    def at_source(self, *, same_function: bool) -> Iterator[Fix]:
        """Make the tensor on the wanted device in the first place."""
        tree = outline(self.analysis.tree)
        node = origin_node(self.fact, made_at(self.odd))
        if not isinstance(node, ast.Call) or node not in tree or _moves(node):
            return
        if (tree.function(node) is tree.function(self.fact.node)) is not same_function:
            return
        for name in self._names_at_source(node):
            yield from all_made_on(self.analysis, node, name)
            yield from made_on(self.analysis, node, name)

    def _names_at_source(self, node: ast.Call) -> list[str]:
        tree = outline(self.analysis.tree)
        names = self.names(node)
        peer = peer_text(self.analysis, self.other, node)
        if peer and tree.function(node) is tree.function(self.fact.node) and "." not in "".join(names[:1]):
            names = [*names, f"{peer}.device"]
        elif peer and tree.function(node) is tree.function(self.fact.node):
            names = [*names[:1], f"{peer}.device"]
        return names

    def hard_coded(self) -> Iterator[Fix]:
        """Follow the other operand instead of a device that is written out."""
        node = origin_node(self.fact, made_at(self.odd))
        if not isinstance(node, ast.Call) or not _moves(node) or _to_cpu(node):
            return
        names = [name for name in self.chain_at_use(node) if name != ".cuda()"]
        assert isinstance(node.func, ast.Attribute)
        receiver = edits.receiver(self.analysis.source, node.func.value)
        for call in names:
            text = self.analysis.source.text_of(node)
            if call not in text and len(node.args) + len(node.keywords) <= 1:
                yield from offer(f"Use `{call[1:]}` here", edits.replace, self.analysis.source, node, receiver + call)

    def other_way(self) -> Iterator[Fix]:
        """Bring the other operand to the stray's device, where that is what is written to or indexed."""
        peer = peer_text(self.analysis, self.odd, self.fact.node) or self._written_name()
        if written_to(self.fact, self.odd) and peer:
            yield from at_use(self.analysis, self.fact, self.other, lambda _: [f".to({peer}.device)"])
        if self.fact.kind is Refusal.INDEX_DEVICE:
            yield from at_use(self.analysis, self.fact, self.other, lambda _: [".cpu()"])

    def where_available(self) -> Iterator[Fix]:
        """Make a constant of the module, where no device has a name yet, on the GPU if there is one."""
        node = origin_node(self.fact, made_at(self.odd))
        tree = outline(self.analysis.tree)
        if not isinstance(node, ast.Call) or node not in tree or tree.function(node) is not None or self.names(node):
            return
        if self.wanted == Device("cuda", 0) and defined(self.analysis, "torch", node):
            name = '"cuda" if torch.cuda.is_available() else "cpu"'
            yield from all_made_on(self.analysis, node, name)
            yield from made_on(self.analysis, node, name)

    def _written_name(self) -> str:
        """What a chain of in-place calls writes to: `self.total` of `self.total.mul_(2)`."""
        node: ast.AST | None = self.odd.node
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr.endswith("_"):
            node = node.func.value
        return self.analysis.source.text_of(node) if node is not None and is_path(node) else ""

    def whole_batch(self) -> Iterator[Fix]:
        """Move all that was unpacked from one batch."""
        if isinstance(self.odd.node, ast.Name):
            for call in self.chain(self.odd.node)[:1]:
                yield from moved_batch(self.analysis, self.odd.node, call)

    def without_cpu(self) -> Iterator[Fix]:
        """Leave out the `.cpu()` that took the stray away."""
        node = origin_node(self.fact, made_at(self.odd))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _to_cpu(node):
            text = self.analysis.source.text_of(node.func.value)
            yield from offer("Leave it on its device", edits.replace, self.analysis.source, node, text)


def all_made_on(analysis: Analysis, call: ast.Call, name: str) -> Iterator[Fix]:
    """Give every factory call of a statement the device: `torch.zeros(n), torch.zeros(n)`."""
    tree = outline(analysis.tree)
    around = tree.statement(call)
    calls = [
        node
        for node in ast.walk(around or call)
        if isinstance(node, ast.Call)
        and function_name(node) in FACTORIES
        and not any(given.arg in ("device", "generator") for given in node.keywords)
        and isinstance(node.func, ast.Attribute | ast.Name)
        and ast.unparse(node.func).startswith(ast.unparse(call.func).rpartition(".")[0])
    ]
    if len(calls) > 1 and call in calls:
        builds = (edits.keyword(analysis.source, one, "device", name) for one in calls)
        yield from offer(f"Create them with `device={name}`", together, *builds)


def made_on(analysis: Analysis, call: ast.Call, name: str) -> Iterator[Fix]:
    """Give a factory call a device, or move what it gives where it takes none."""
    takes = function_name(call) in FACTORIES and not any(one.arg == "generator" for one in call.keywords)
    if takes:
        yield from offer(f"Create it with `device={name}`", edits.keyword, analysis.source, call, "device", name)
    elif movable(analysis, call):
        yield from offer(f"Move it with `.to({name})`", edits.append, analysis.source, call, f".to({name})")


def result_kept(analysis: Analysis, operand: Operand) -> Iterator[Fix]:
    """Keep the result of a move that was thrown away, if the operand is what should have moved."""
    if not isinstance(operand.value, Tensor):
        return
    for dropped in analysis.all(Dropped):
        if dropped.source is analysis.source and carried(dropped.receiver.value, operand.value.device_from):
            yield from kept(analysis, dropped)


def kept(analysis: Analysis, dropped: Dropped) -> Iterator[Fix]:
    """`x.to(device)` becomes `x = x.to(device)`."""
    statement = outline(analysis.tree).statement(dropped.node)
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=receiver)) as call) if is_path(receiver) or isinstance(
            receiver, ast.Subscript
        ):
            text = analysis.source.text_of(receiver)
            whole = f"{text} = {analysis.source.text_of(call)}"
            yield from offer(f"Keep the result: `{text} = …`", edits.replace, analysis.source, call, whole)


def peer_text(analysis: Analysis, operand: Operand, node: ast.AST) -> str:
    """How an operand of a fact can be named again at a node of the same function; "" where it can't."""
    if not operand.text or _only_named(operand):
        return ""
    text = re.sub(r"\.(\d+)\b", r"[\1]", operand.text)
    try:
        words = ast.parse(text, mode="eval").body
    except SyntaxError:
        return ""
    base = root(words)
    if not is_path(words) and not _layer_path(words):
        return ""
    if base is None or not (base.id == "self" or defined(analysis, base.id, node)):
        return ""
    return text


def _only_named(operand: Operand) -> bool:
    """Whether the words name a class of layers, not an object: `Linear.weight`."""
    slot = operand.value.slot if isinstance(operand.value, Tensor) else None
    return operand.node is None and slot is not None and operand.text == f"{slot.class_name}.{slot.attribute}"


def _layer_path(words: ast.expr) -> bool:
    """Whether words are attributes and constant subscripts only: `self.layers[0].weight`."""
    while isinstance(words, ast.Attribute | ast.Subscript):
        if isinstance(words, ast.Subscript) and not isinstance(words.slice, ast.Constant):
            return False
        words = words.value
    return isinstance(words, ast.Name)


def _moves(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("to", "cuda", "cpu")


def _to_cpu(call: ast.Call) -> bool:
    given = call.args[0] if call.args else None
    return function_name(call) == "cpu" or (
        function_name(call) == "to" and isinstance(given, ast.Constant) and given.value == "cpu"
    )
