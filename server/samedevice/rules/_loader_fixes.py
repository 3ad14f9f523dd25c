"""Fixes for single calls: loaders, torch.load, legacy constructors, methods that were not called."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from samedevice.findings import Fix
from samedevice.interpret.analysis import Analysis, Loaded, Refused
from samedevice.rules import _edits as edits
from samedevice.rules._factories import LEGACY
from samedevice.rules._hard_coded import device_variable
from samedevice.rules._offers import offer, offered
from samedevice.rules._outline import outline
from samedevice.rules._placing import at_use
from samedevice.rules._provenance import made_at, origin_node
from samedevice.rules._scope import device_of, visible
from samedevice.values.value import Method, Tensor


def mapped(analysis: Analysis, fact: Loaded) -> Iterator[Fix]:
    """Load to the device that is in scope, or to the CPU."""
    if not isinstance(fact.node, ast.Call) or fact.node not in outline(analysis.tree):
        return
    variable = device_variable(analysis, fact.node)
    names = [variable] if variable else []
    for name, bindings in visible(analysis, fact.node).items():
        if "device" in name and any(device_of(binding.value) is not None for binding in bindings):
            names.append(name)
    for name in [*dict.fromkeys(names), '"cpu"'][:2]:
        yield from offer(
            f"Load with `map_location={name}`", edits.keyword, analysis.source, fact.node, "map_location", name
        )


def out_of_worker(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Leave out the move, or load in the process itself."""

    def candidates() -> Iterator[Fix]:
        for operand in fact.operands:
            node = origin_node(fact, made_at(operand))
            if isinstance(node, ast.Call) and node in outline(analysis.tree):
                yield from _left_on_cpu(analysis, node)
        for loader in _loaders(analysis):
            title = "Load without workers"
            yield from offer(title, edits.keyword, analysis.source, loader, "num_workers", "0")

    return offered(candidates())


def _left_on_cpu(analysis: Analysis, node: ast.Call) -> Iterator[Fix]:
    title = "Leave it on the CPU"
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("to", "cuda"):
        text = analysis.source.text_of(node.func.value)
        yield from offer(title, edits.replace, analysis.source, node, text)
    given = next((one for one in node.keywords if one.arg == "device"), None)
    if given is not None:
        yield from offer(title, edits.drop_argument, analysis.source, node, given)


def _loaders(analysis: Analysis) -> list[ast.Call]:
    tree = outline(analysis.tree)
    calls = [n for n in tree.nodes if isinstance(n, ast.Call) and any(one.arg == "num_workers" for one in n.keywords)]
    return sorted(calls, key=lambda node: node.lineno)


def unpinned(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Do not pin what is on an accelerator already."""

    def candidates() -> Iterator[Fix]:
        tree = outline(analysis.tree)
        calls = [place.node for place in reversed(fact.stack) if place.source is analysis.source]
        loaders = [n for n in tree.nodes if isinstance(n, ast.Call) and _pins(n)]
        for call in [fact.node, *calls, *loaders]:
            if isinstance(call, ast.Call) and _pins(call):
                yield from offer(
                    "Load with `pin_memory=False`", edits.keyword, analysis.source, call, "pin_memory", "False"
                )
        for operand in fact.operands:
            yield from at_use(analysis, fact, operand, lambda _: [".cpu()"])

    return offered(candidates())


def _pins(call: ast.Call) -> bool:
    return any(one.arg == "pin_memory" for one in call.keywords)


def modern_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """`torch.FloatTensor(x, device=d)` becomes `torch.tensor(x, device=d, dtype=torch.float32)`."""

    def candidates() -> Iterator[Fix]:
        match fact.node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=torch), attr=name) as function, args=[data]):
                if name in LEGACY:
                    maker = "tensor" if isinstance(data, ast.List | ast.Tuple) else "as_tensor"
                    dtype = f"{torch}.{LEGACY[name]}"
                    change = (
                        *edits.replace(analysis.source, function, f"{torch}.{maker}"),
                        *edits.keyword(analysis.source, fact.node, "dtype", dtype),
                    )
                    yield Fix(f"Use `{torch}.{maker}`", change)

    return offered(candidates())


def called_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Call a method that was only named: `x.cuda` becomes `x.cuda()`."""
    source = analysis.source

    def candidates() -> Iterator[Fix]:
        tree = outline(analysis.tree)
        for operand in fact.operands:
            if not isinstance(operand.value, Method) or not isinstance(operand.value.receiver, Tensor):
                continue
            name = operand.value.name
            nodes = [
                n
                for n in tree.nodes
                if isinstance(n, ast.Attribute) and n.attr == name and not _is_called(tree.parent(n), n)
            ]
            for node in sorted(nodes, key=lambda one: one.lineno):
                yield from offer(f"Call it: `.{name}()`", edits.append, source, node, "()")

    return offered(candidates())


def _is_called(parent: ast.AST | None, node: ast.Attribute) -> bool:
    return (isinstance(parent, ast.Call) and parent.func is node) or isinstance(parent, ast.Attribute)
