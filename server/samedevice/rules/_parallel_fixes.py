"""Fixes for networks that are wrapped for several GPUs, and for gradient scalers."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from samedevice.findings import Fix
from samedevice.interpret.analysis import Analysis, Refused
from samedevice.rules import _edits as edits
from samedevice.rules._factories import function_name
from samedevice.rules._network_fixes import network_moves
from samedevice.rules._offers import offer, offered
from samedevice.rules._outline import outline
from samedevice.rules._provenance import made_at, origin_node
from samedevice.rules._scope import device_names
from samedevice.values.device import AnyDevice, Device
from samedevice.values.value import Tensor

_FIRST: AnyDevice = Device("cuda", 0)


def parallel_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Move the network before or behind its wrapper."""
    return offered(_wrapped(analysis, fact))


def scaler_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Keep the weights in float32, or call `unscale_` once."""
    return offered((*_once(analysis, fact), *_not_cast(analysis, fact)))


def _wrapped(analysis: Analysis, fact: Refused) -> Iterator[Fix]:
    tree = outline(analysis.tree)
    wraps = [n for n in tree.nodes if isinstance(n, ast.Call) and function_name(n) in ("DataParallel", "data_parallel")]
    wraps.sort(key=lambda node: node.lineno)
    for call in wraps:
        if not call.args:
            continue
        names = device_names(analysis, call, _FIRST)[:2]
        for chain in [f".to({name})" for name in names] or [".cuda()"]:
            inner = call.args[0]
            yield from offer(f"Move it first: `{chain}`", edits.append, analysis.source, inner, chain)
            yield from offer(f"Add `{chain}`", edits.append, analysis.source, call, chain)
    for operand in fact.operands:
        yield from network_moves(analysis, origin_node(fact, made_at(operand)), _FIRST, None)


def _once(analysis: Analysis, fact: Refused) -> Iterator[Fix]:
    """Leave out a second `unscale_`."""
    statement = outline(analysis.tree).statement(fact.node)
    if "already been called" not in fact.text or not isinstance(statement, ast.Expr):
        return
    if len(outline(analysis.tree).block(statement)) > 1:
        yield from offer("Leave this call out", edits.remove, analysis.source, statement)


def _not_cast(analysis: Analysis, fact: Refused) -> Iterator[Fix]:
    """Leave out the cast that made the weights float16."""
    for operand in fact.operands:
        origin = operand.value.dtype_from if isinstance(operand.value, Tensor) else None
        node = origin_node(fact, origin)
        match node:
            case ast.Call(func=ast.Attribute(value=receiver, attr="half")):
                text = analysis.source.text_of(receiver)
                yield from offer("Keep the weights in float32", edits.replace, analysis.source, node, text)
            case ast.Call(func=ast.Attribute(value=receiver, attr="to"), args=args, keywords=keywords):
                given = next((one for one in keywords if one.arg == "dtype"), None)
                if given is not None and (args or len(keywords) > 1):
                    yield from offer("Keep the weights in float32", edits.drop_argument, analysis.source, node, given)
                elif len(args) + len(keywords) == 1:
                    text = analysis.source.text_of(receiver)
                    yield from offer("Keep the weights in float32", edits.replace, analysis.source, node, text)
