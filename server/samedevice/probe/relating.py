"""Which static finding speaks of what happened."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence

from samedevice.findings import Finding
from samedevice.probe.report.advice import odd
from samedevice.probe.result import Failure, Result
from samedevice.syntax.parse import parse
from samedevice.syntax.source import SourceFile, Span

KINDS = ("device", "dtype", "shape")
_WORDS = {
    "device": ("device", "accelerator", "cuda", "parallel", "numpy", "registered", "generator", "layer"),
    "dtype": ("dtype", "integer", "cast", "bfloat16", "float64", "mixed"),
    "shape": ("shape",),
}
"""What the names of rules that speak of the same kind of error hold."""


def explaining(failure: Failure, source: SourceFile, static: Sequence[Finding]) -> Finding | None:
    """The finding on the line of a failure, else one that names the line, else the one on the layer that failed."""
    if failure.file is None or failure.line is None:
        return None
    line = failure.line
    alike = [one for one in static if _alike(one, failure)]
    here = alike if same_file(failure.file, source.path) else []
    on_it = (one for one in here if one.source.path == source.path and one.span.line <= line <= one.span.end_line)
    return (
        next(on_it, None)
        or next((one for one in here if _related_to(one, line, source)), None)
        or next(_of_the_layer(failure, source, alike), None)
    )


def _alike(finding: Finding, failure: Failure) -> bool:
    """Whether a static finding speaks of the kind of error that happened."""
    return finding.severity.fails and any(word in finding.rule for word in _WORDS.get(failure.kind, ()))


def _related_to(finding: Finding, line: int, source: SourceFile) -> bool:
    """Whether a finding elsewhere names a line among its reasons."""
    return any(one.source.path == source.path and one.span.line == line for one in finding.related)


def _of_the_layer(failure: Failure, source: SourceFile, alike: Sequence[Finding]) -> Iterator[Finding]:
    """Where a layer's weight was on the wrong side: findings on an attribute that a method on the way reads."""
    if not any(one.get("layer") and odd(failure, one) for one in failure.operands):
        return
    lines = [frame.line for frame in reversed(failure.traceback) if same_file(frame.file, source.path)]
    for line in lines:
        cls, method = _around(source, line)
        for finding in alike if cls is not None and method is not None else ():
            if finding.source.path == source.path and _around(source, finding.span.line)[0] is cls:
                where = statement_span(source, finding.span.line)
                named = {
                    name for node in _statements(source) if source.span(node) == where for name in _attributes(node)
                }
                if method is not None and named & _attributes(method):
                    yield finding


def _around(source: SourceFile, line: int) -> tuple[ast.AST | None, ast.AST | None]:
    """The innermost class and function around a line."""
    found: dict[bool, ast.AST] = {}
    for node in _statements(source):
        definition = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if definition and node.lineno <= line <= (node.end_lineno or node.lineno):
            found[isinstance(node, ast.ClassDef)] = node
    return found.get(True), found.get(False)


def _attributes(node: ast.AST) -> set[str]:
    """The attributes of self that code names."""
    return {ast.unparse(one) for one in ast.walk(node) if isinstance(one, ast.Attribute) and _of_self(one)}


def _of_self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def valid_on(finding: Finding, result: Result) -> bool:
    """Whether a finding speaks of the machine that a probe ran on: on the CPU there are no other devices."""
    if result.environment.get("on") != "cpu":
        return True
    return any(word in finding.rule for kind in ("dtype", "shape") for word in _WORDS[kind])


def same_file(one: str, other: str) -> bool:
    """Whether two paths name one file."""
    return os.path.abspath(one) == os.path.abspath(other)


def _statements(source: SourceFile) -> list[ast.stmt]:
    return [node for node in ast.walk(parse(source).tree) if isinstance(node, ast.stmt)]


def statement_span(source: SourceFile, line: int) -> Span:
    """The span of the innermost statement on a line, of a compound one its first line."""
    inside = [node for node in _statements(source) if node.lineno <= line <= (node.end_lineno or node.lineno)]
    text = source.line(line)
    if inside:
        node = max(inside, key=lambda one: (one.lineno, one.col_offset))
        if not hasattr(node, "body"):
            return source.span(node)
    first = len(text) - len(text.lstrip())
    return Span(line, first + 1, line, len(text.rstrip()) + 1)
