"""Builders of edits: small changes of text that keep the rest of the line as it is."""

from __future__ import annotations

import ast

from samedevice.findings import Edit
from samedevice.syntax.source import SourceFile, Span

_BARE = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp)
"""Expressions that take `.method()` as they are (a tuple stands in brackets or is refused)."""


class Uneditable(Exception):
    """The text does not have the shape that an edit needs; the fix is not offered."""


def receiver(source: SourceFile, node: ast.expr) -> str:
    """The text of an expression, in brackets where a method call on it needs them."""
    text = source.text_of(node)
    return text if _takes_dot(source, node) else f"({text})"


def append(source: SourceFile, node: ast.expr, call: str) -> tuple[Edit, ...]:
    """Put a method call behind an expression: `x + y` becomes `(x + y).to(device)`."""
    _check(source, node)
    span = source.span(node)
    end = Edit(source, _at(span.end_line, span.end_column), call)
    if _takes_dot(source, node):
        return (end,)
    start = Edit(source, _at(span.line, span.column), "(")
    return (start, Edit(source, end.span, ")" + call))


def wrap(source: SourceFile, node: ast.expr, before: str, after: str) -> tuple[Edit, ...]:
    """Put text on both sides of an expression: `[a, b]` becomes `nn.ModuleList([a, b])`."""
    _check(source, node)
    span = source.span(node)
    return (
        Edit(source, _at(span.line, span.column), before),
        Edit(source, _at(span.end_line, span.end_column), after),
    )


def replace(source: SourceFile, node: ast.AST, text: str) -> tuple[Edit, ...]:
    """Put other text in place of a node."""
    _check(source, node)
    return (Edit(source, source.span(node), text),)


def keyword(source: SourceFile, call: ast.Call, name: str, value: str) -> tuple[Edit, ...]:
    """Give a call a keyword argument, or another value for one that it has."""
    _check(source, call)
    for given in call.keywords:
        if given.arg == name:
            return replace(source, given.value, value)
    arguments = [*call.args, *(given.value for given in call.keywords)]
    if not arguments:
        span = source.span(call)
        return (Edit(source, _at(span.end_line, span.end_column - 1), f"{name}={value}"),)
    if len(arguments) == 1 and isinstance(arguments[0], ast.GeneratorExp):
        raise Uneditable("a lone generator expression takes no further argument")
    return (Edit(source, _after_last(source, call, arguments), f", {name}={value}"),)


def drop_argument(source: SourceFile, call: ast.Call, given: ast.keyword) -> tuple[Edit, ...]:
    """Take a keyword argument out of a call, with the comma before it."""
    arguments = [*call.args, *(other.value for other in call.keywords if other is not given)]
    before = [node for node in arguments if _start(node) < _start(given.value)]
    span = source.span(given)
    if not before:
        return (Edit(source, span, ""),)
    last = source.span(max(before, key=_start))
    return (Edit(source, Span(last.end_line, last.end_column, span.end_line, span.end_column), ""),)


def before(source: SourceFile, statement: ast.stmt, text: str) -> tuple[Edit, ...]:
    """Put a statement on a line of its own before another."""
    span = source.span(statement)
    line = _first_line(statement)
    indent = _indent(source, line)
    if line == span.line and source.line(line)[: span.column - 1].strip():
        raise Uneditable("the statement does not begin its line")
    return (Edit(source, _at(line, len(indent) + 1), _indented(text, indent) + "\n" + indent),)


def after(source: SourceFile, statement: ast.stmt, text: str) -> tuple[Edit, ...]:
    """Put a statement on a line of its own after another."""
    span = source.span(statement)
    indent = _indent(source, span.line)
    rest = source.line(span.end_line)[span.end_column - 1 :].strip()
    if source.line(span.line)[: span.column - 1].strip() or (rest and not rest.startswith("#")):
        raise Uneditable("the statement does not stand alone on its line")
    end = len(source.line(span.end_line)) + 1
    return (Edit(source, _at(span.end_line, end), f"\n{indent}{_indented(text, indent)}"),)


def remove(source: SourceFile, statement: ast.stmt) -> tuple[Edit, ...]:
    """Take away a statement with its line."""
    span = source.span(statement)
    alone = not source.line(span.line)[: span.column - 1].strip()
    rest = source.line(span.end_line)[span.end_column - 1 :].strip()
    if not alone or (rest and not rest.startswith("#")):
        raise Uneditable("the statement shares its line")
    if span.end_line < len(source.lines):
        return (Edit(source, Span(span.line, 1, span.end_line + 1, 1), ""),)
    previous = len(source.line(span.line - 1)) + 1
    end = len(source.line(span.end_line)) + 1
    return (Edit(source, Span(span.line - 1, previous, span.end_line, end), ""),)


def move_before(source: SourceFile, statement: ast.stmt, other: ast.stmt) -> tuple[Edit, ...]:
    """Take a statement from its place and put it before an earlier one."""
    return (*before(source, other, _moved(source, statement)), *remove(source, statement))


def move_after(source: SourceFile, statement: ast.stmt, other: ast.stmt) -> tuple[Edit, ...]:
    """Take a statement from its place and put it after an earlier one."""
    return (*after(source, other, _moved(source, statement)), *remove(source, statement))


def first_statement(body: list[ast.stmt]) -> ast.stmt:
    """The statement of a body before which code may be put: the first after the docstring."""
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), second, *_]:
            return second
    return body[0]


def add_import(source: SourceFile, tree: ast.Module, text: str) -> tuple[Edit, ...]:
    """Add an import after the last one at the top of the file."""
    top: ast.stmt | None = None
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            top = statement
        elif top is not None:
            break
    if top is not None:
        return after(source, top, text)
    return before(source, first_statement(tree.body), text)


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    """A text after edits of one file that do not overlap."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + column - 1

    ordered = sorted(
        enumerate(edits), key=lambda pair: ((pair[1].span.line, pair[1].span.column), pair[0]), reverse=True
    )
    for _, edit in ordered:
        start = offset(edit.span.line, edit.span.column)
        end = offset(edit.span.end_line, edit.span.end_column)
        text = text[:start] + edit.text + text[end:]
    return text


def _check(source: SourceFile, node: ast.AST) -> None:
    """Refuse nodes whose text is not where `ast` says, as inside f-strings of older Pythons."""
    if isinstance(node, ast.Starred | ast.GeneratorExp):
        raise Uneditable("not an expression of its own")
    if not isinstance(node, ast.expr):
        return
    try:
        read = ast.parse(f"({source.text_of(node)}\n)", mode="eval").body
    except SyntaxError:
        raise Uneditable("the text is not where the tree says") from None
    if ast.dump(read) != ast.dump(node) and not isinstance(getattr(node, "ctx", None), ast.Store):
        raise Uneditable("the text is not what the tree says")


def _takes_dot(source: SourceFile, node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return source.text_of(node).startswith("(")
    return isinstance(node, _BARE) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _after_last(source: SourceFile, call: ast.Call, arguments: list[ast.expr]) -> Span:
    """Where the last argument of a call ends, past brackets around it."""
    span = source.span(call)
    last = source.span(max(arguments, key=lambda node: (node.end_lineno or 0, node.end_col_offset or 0)))
    rest = source.text_at(Span(last.end_line, last.end_column, span.end_line, span.end_column))
    closed = []
    for row, line in enumerate(rest.split("\n")):
        # Only brackets, commas and comments can stand between the last argument and the end of the call.
        column = last.end_column if row == 0 else 1
        closed += [(last.end_line + row, column + at + 1) for at, char in enumerate(line.split("#")[0]) if char == ")"]
    return _at(*closed[-2]) if len(closed) > 1 else _at(last.end_line, last.end_column)


def _indented(text: str, indent: str) -> str:
    """Further lines of a statement, at an indentation."""
    first, *others = text.split("\n")
    return "\n".join([first, *(indent + line if line else line for line in others)])


def _moved(source: SourceFile, statement: ast.stmt) -> str:
    """The text of a statement, its further lines without the indentation of the first."""
    indent = _indent(source, statement.lineno)
    first, *others = source.text_of(statement).split("\n")
    if any(line and not line.startswith(indent) for line in others):
        raise Uneditable("the statement has lines of another indentation")
    return "\n".join([first, *(line[len(indent) :] for line in others)])


def _indent(source: SourceFile, line: int) -> str:
    text = source.line(line)
    return text[: len(text) - len(text.lstrip())]


def _first_line(statement: ast.stmt) -> int:
    """The first line of a statement with its decorators."""
    decorators = getattr(statement, "decorator_list", [])
    lines: list[int] = [statement.lineno, *(node.lineno for node in decorators)]
    return min(lines)


def _start(node: ast.AST) -> tuple[int, int]:
    return (node.lineno, node.col_offset)  # type: ignore[attr-defined]  # callers pass located nodes


def _at(line: int, column: int) -> Span:
    return Span(line, column, line, column)
