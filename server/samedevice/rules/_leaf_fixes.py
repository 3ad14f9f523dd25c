"""Fixes for parameters that are not leaves: move first, make the parameter last."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from samedevice.findings import Edit, Fix
from samedevice.interpret.analysis import Analysis, Refused
from samedevice.rules import _edits as edits
from samedevice.rules._factories import FACTORIES, function_name
from samedevice.rules._offers import offer, offered, together
from samedevice.rules._outline import outline
from samedevice.rules._scope import written_device
from samedevice.syntax.source import Span
from samedevice.values.value import How, Origin, Place, Tensor


def leaf_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Ways to make the tensors that an optimizer is given leaves."""

    def candidates() -> Iterator[Fix]:
        for operand in fact.operands:
            if isinstance(operand.value, Tensor):
                for origin in (operand.value.device_from, operand.value.dtype_from):
                    if origin is not None and origin.place is not None and origin.place.source is analysis.source:
                        yield from parameter_last(analysis, origin.place.node)

    return offered(candidates())


def parameter_last(analysis: Analysis, node: ast.AST) -> Iterator[Fix]:
    """Put the move of a parameter inside: `Parameter(x).to(d)` becomes `Parameter(x.to(d))`."""
    source = analysis.source
    if node not in outline(analysis.tree):
        return
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call(args=[data, *_]) as made)) if (
            function_name(made) == "Parameter"
        ):
            moved = edits.receiver(source, data) + _tail(analysis, node, made)
            text = source.text_of(made)
            start = len(source.text_of(made.func))
            whole = text[:start] + text[start:].replace(source.text_of(data), moved, 1)
            yield from offer("Move first, then make the parameter", edits.replace, source, node, whole)
        case ast.Call(func=ast.Attribute(value=ast.Call() as made)) if function_name(made) in FACTORIES:
            device = written_device(analysis, Origin(How.MOVED, "", Place(source, node)))
            if device is not None and len(node.args) + len(node.keywords) == 1:
                text = source.text_of(device)
                yield from offer(f"Create it with `device={text}`", _on_device, analysis, node, made, text)
            if any(one.arg == "requires_grad" for one in made.keywords):
                yield from offer("Ask for gradients last", _grad_last, analysis, node, made)


def _tail(analysis: Analysis, node: ast.expr, made: ast.expr) -> str:
    """The text behind the inner call: `.to(device)`."""
    return analysis.source.text_of(node)[len(analysis.source.text_of(made)) :]


def _on_device(analysis: Analysis, node: ast.Call, made: ast.Call, device: str) -> tuple[Edit, ...]:
    whole, inner = analysis.source.span(node), analysis.source.span(made)
    cut = Span(inner.end_line, inner.end_column, whole.end_line, whole.end_column)
    return together(edits.keyword(analysis.source, made, "device", device), (Edit(analysis.source, cut, ""),))


def _grad_last(analysis: Analysis, node: ast.Call, made: ast.Call) -> tuple[Edit, ...]:
    given = next(one for one in made.keywords if one.arg == "requires_grad")
    return together(
        edits.drop_argument(analysis.source, made, given), edits.append(analysis.source, node, ".requires_grad_()")
    )
