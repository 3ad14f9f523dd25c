"""The networks of a file: where "Probe model on CUDA" stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from samedevice.syntax.source import SourceFile, Span


@dataclass(frozen=True, slots=True)
class Network:
    """A class that is an nn.Module, as far as its text says."""

    name: str
    span: Span


def networks(source: SourceFile, tree: ast.Module) -> Iterator[Network]:
    """The networks at the top level of a file: classes with a `forward`, or those that say so by their base."""
    if "torch" not in source.text:
        return
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.bases and _is_network(node):
            column = source.line(node.lineno).find(node.name, node.col_offset) + 1
            yield Network(node.name, Span(node.lineno, column, node.lineno, column + len(node.name)))


def _is_network(node: ast.ClassDef) -> bool:
    names = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
    if any(name.endswith("Function") for name in names):
        return False
    forward = any(isinstance(item, ast.FunctionDef) and item.name == "forward" for item in node.body)
    return forward or any(name in ("Module", "LightningModule") for name in names)
