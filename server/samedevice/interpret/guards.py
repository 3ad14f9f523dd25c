"""Where a program expects an exception: nothing is told of one that it catches on purpose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from samedevice.interpret.context import Frame, Run
from samedevice.syntax.nodes import inside, remembered

ANY = "*"
_BROAD = frozenset({"Exception", "BaseException", ANY})
_EXPECTS = frozenset({"raises", "assertRaises", "assertRaisesRegex", "suppress"})
"""`pytest.raises`, those of unittest, `contextlib.suppress`."""


_FAILS = frozenset({"xfail", "expectedFailure"})
"""Marks of pytest and unittest."""


@contextmanager
def handlers(run: Run, node: ast.Try) -> Iterator[None]:
    """The body of a `try`. Who catches everything means what stands in the body, not all that it calls."""
    names = remembered(node, "catches", _catches)
    before = len(run.guards)
    if names - _BROAD:
        run.guards.append((names - _BROAD, None))
    if names & _BROAD:
        run.guards.append((frozenset({ANY}), run.frame))
    yield
    del run.guards[before:]


@contextmanager
def failing(run: Run, node: ast.AST) -> Iterator[None]:
    """A test that is marked as one that fails."""
    before = len(run.guards)
    marks = (part for mark in getattr(node, "decorator_list", []) for part in inside(mark))
    if any(getattr(part, "attr", "") in _FAILS for part in marks):
        run.guards.append((frozenset({ANY}), None))
    yield
    del run.guards[before:]


@contextmanager
def expected(run: Run, node: ast.With | ast.AsyncWith) -> Iterator[None]:
    """The body of a `with` that says that it raises."""
    before = len(run.guards)
    if any(_expects(item.context_expr) for item in node.items):
        run.guards.append((frozenset({ANY}), None))
    yield
    del run.guards[before:]


def expects(run: Run, frame: Frame, text: str) -> bool:
    """Whether an exception is expected; `text` begins with its class, `frame` is where it comes up."""
    name = text.partition(":")[0]
    names = {ANY, name, "RuntimeError"} if name == "NotImplementedError" else {ANY, name}
    return any(names & known and only in (None, frame) for known, only in run.guards)


def _catches(node: ast.Try) -> frozenset[str]:
    """The exceptions after which a program does something else instead; who only prints them does not expect them."""
    found: set[str] = set()
    for handler in node.handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        names = {ANY if kind is None else ast.unparse(kind).rpartition(".")[2] for kind in kinds}
        parts = [part for statement in handler.body for part in inside(statement)]
        if any(isinstance(part, ast.Raise) for part in parts):
            continue
        found |= names if any(_replaces(part, handler.name) for part in parts) else names & {"AttributeError"}
    return frozenset(found)


def _replaces(node: ast.AST, exception: str | None) -> bool:
    """Whether a statement goes on with something that has nothing to do with the exception."""
    if isinstance(node, ast.Continue):
        return True
    if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return) or node.value is None:
        return False
    return not any(isinstance(part, ast.Name) and part.id == exception for part in inside(node.value))


def _expects(node: ast.expr) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _EXPECTS
