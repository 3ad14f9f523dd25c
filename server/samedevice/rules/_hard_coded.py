"""Devices that are written out beside a variable that chooses one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from samedevice.findings import Fix
from samedevice.interpret.analysis import Analysis
from samedevice.rules import _edits as edits
from samedevice.rules._offers import offer
from samedevice.rules._outline import Outline, outline
from samedevice.rules._scope import device_of, visible
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown
from samedevice.values.value import Scalar, Value


def hard_coded(analysis: Analysis) -> Iterator[tuple[ast.Call, ast.expr | None, str]]:
    """Calls that write out CUDA where a variable that chooses between devices is in scope, and that is what to use.

    A file that names a second GPU means what it writes. What stands under any condition is left alone: it may be the
    check for CUDA.
    """
    text = analysis.source.text
    if "cuda" not in text or "is_available" not in text or "cuda:1" in text:
        return
    tree = outline(analysis.tree)
    if not _choices(analysis.tree):
        return
    for node in sorted((n for n in tree.nodes if isinstance(n, ast.Call)), key=lambda n: (n.lineno, n.col_offset)):
        found, given = _written(node)
        if found and not _conditional(tree, node):
            variable = device_variable(analysis, node)
            if variable:
                yield node, given, variable


def by_variable(analysis: Analysis, call: ast.Call, given: ast.expr | None, variable: str) -> Iterator[Fix]:
    """Use the variable in place of what is written out."""
    title = f"Use `{variable}`"
    if given is not None:
        yield from offer(title, edits.replace, analysis.source, given, variable)
    elif isinstance(call.func, ast.Attribute):
        text = f"{edits.receiver(analysis.source, call.func.value)}.to({variable})"
        yield from offer(title, edits.replace, analysis.source, call, text)


def device_variable(analysis: Analysis, node: ast.AST) -> str:
    """A name in scope at a node that was chosen by whether CUDA is available; "" if there is none."""
    tree = outline(analysis.tree)
    for statement, name in _choices(analysis.tree):
        here = tree.statement(node)
        if here is not statement and _reaches(tree, statement, node) and _holds_device(analysis, name, node):
            return name
    return ""


@lru_cache(maxsize=16)
def _choices(tree: ast.Module) -> tuple[tuple[ast.Assign, str], ...]:
    """The assignments of a file that choose by what is available, a device or not, with the names they bind."""
    found = []
    for statement in outline(tree).nodes:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _chosen(value):
                found.append((statement, name))
    return tuple(found)


def _holds_device(analysis: Analysis, name: str, node: ast.AST) -> bool:
    """Whether a name is surely a device where a node runs, not what was made on one."""
    held = visible(analysis, node).get(name, [])
    return bool(held) and all(_is_device(binding.value) for binding in held)


def _is_device(value: Value) -> bool:
    """Whether a value can be given as a device; of a choice, one side may be unknown."""
    match value:
        case Choice(yes=yes, no=no):
            return any(map(_is_device, (yes, no))) and all(_is_device(v) or isinstance(v, Unknown) for v in (yes, no))
        case Scalar(type="str", symbol=symbol):
            return symbol.startswith("cuda:")
    return device_of(value) is not None


def _reaches(tree: Outline, statement: ast.stmt, node: ast.AST) -> bool:
    return tree.function(statement) in (None, tree.function(node))


def _chosen(value: ast.expr) -> bool:
    """Whether an expression picks a device by what is available."""
    if isinstance(value, ast.Constant | ast.Name):
        return False
    text = ast.unparse(value)
    return "is_available()" in text and "cpu" in text and "cuda" in text


def _written(call: ast.Call) -> tuple[bool, ast.expr | None]:
    """Whether a call writes out CUDA, and the argument that does, if it is one."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name == "cuda" and not call.args and not call.keywords:
        return True, None
    given = [one.value for one in call.keywords if one.arg == "device"]
    given += call.args[:1] if name == "to" else []
    for one in given:
        if isinstance(one, ast.Constant) and one.value in ("cuda", "cuda:0"):
            return True, one
    return False, None


def _conditional(tree: Outline, node: ast.AST) -> bool:
    return any(isinstance(outer, ast.If | ast.IfExp | ast.Try | ast.Match | ast.BoolOp) for outer in tree.above(node))
