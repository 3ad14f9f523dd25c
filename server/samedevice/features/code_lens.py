"""The networks of a file, and where it builds them: there "Probe model on CUDA" stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from samedevice.dataclass import dataclass
from samedevice.interpret.analysis import Analysis
from samedevice.syntax.source import SourceFile, Span

_WHOLE = ("Sequential", "Transformer", "TransformerEncoder", "TransformerDecoder")
"""Classes of torch.nn that make a network of their own; the others are layers."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network: a class, or the name that holds one."""

    name: str
    span: Span


def networks(analysis: Analysis) -> Iterator[Network]:
    """The networks of a file, in its order: classes that are an nn.Module, and names that are given a new one."""
    source, tree = analysis.source, analysis.tree
    if "torch" not in source.text:
        return
    yield from sorted([*_classes(source, tree), *_built(analysis)], key=lambda network: network.span)


def _classes(source: SourceFile, tree: ast.Module) -> Iterator[Network]:
    """The classes at the top level with a `forward`, or those that say so by their base."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.bases and _is_network(node):
            column = source.line(node.lineno).find(node.name, node.col_offset) + 1
            yield Network(node.name, Span(node.lineno, column, node.lineno, column + len(node.name)))


def _built(analysis: Analysis) -> Iterator[Network]:
    """The names outside of networks that are given a new network, each once."""
    made = dict(_assignments(analysis.tree))
    seen = set()
    for binding in analysis.bindings:
        value = made.get(binding.node)
        if binding.object_kind != "network" or value is None or binding.name in seen or not _makes(value):
            continue
        seen.add(binding.name)
        yield Network(binding.name, analysis.source.span(binding.node))


def _assignments(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr]]:
    """What is assigned outside of networks, with what is assigned to it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef) and _is_network(child) and "Lightning" not in ast.unparse(child.bases[0]):
            continue
        if isinstance(child, ast.Assign) and len(child.targets) == 1:
            yield child.targets[0], child.value
        yield from _assignments(child)


def _makes(value: ast.expr) -> bool:
    """Whether an expression makes a network, rather than moving, wrapping or taking out one."""
    while (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in ("to", "cuda", "eval")
    ):
        value = value.func.value
    if not isinstance(value, ast.Call):
        return False
    called = ast.unparse(value.func)
    last = called.rpartition(".")[2]
    return last in _WHOLE if called.startswith(("nn.", "torch.nn.")) else last != "compile"


def _is_network(node: ast.ClassDef) -> bool:
    names = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
    if any(name.endswith("Function") for name in names):
        return False
    forward = any(isinstance(item, ast.FunctionDef) and item.name == "forward" for item in node.body)
    return bool(names) and (forward or any(name in ("Module", "LightningModule") for name in names))
