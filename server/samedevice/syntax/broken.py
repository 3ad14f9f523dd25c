"""The tree of a text that Python does not read: as much of it as can be mended."""

from __future__ import annotations

import ast

from samedevice.syntax import mend
from samedevice.syntax.lexer import Logical
from samedevice.syntax.parse import Broken, Problem, parse_lines
from samedevice.syntax.source import SourceFile, Span

_MOST_ROUNDS = 40
_MOST_LINES = 60_000
"""Repairs stop when this many lines were parsed again: a repair parses the text anew."""


def mended(source: SourceFile, text: str, broken: Broken, errors: list[Problem]) -> tuple[ast.Module, list[str]]:
    """The tree of a broken text, and the text mended."""
    lines = mend.split(text)
    body, lines = mended_pieces(source, lines, mend.pieces(lines), errors)
    if not errors:
        errors.append(_problem(source, broken))
    return ast.Module(body=body, type_ignores=[]), lines


def mended_pieces(
    source: SourceFile, lines: list[str], pieces: list[tuple[int, int]], errors: list[Problem]
) -> tuple[list[ast.stmt], list[str]]:
    """The statements of some pieces of a file, each mended by itself, and their text."""
    body: list[ast.stmt] = []
    text: list[str] = []
    for start, end in pieces:
        piece = lines[start:end]
        tree = parse_lines(piece, start)
        if isinstance(tree, Broken):
            patient = mend.Patient(piece, start)
            mended = _rounds(source, patient, tree, errors)
            tree, piece = (ast.Module([], []), [""] * len(piece)) if mended is None else (mended, patient.lines)
        body += tree.body
        text += piece
    return body, text


def _rounds(source: SourceFile, patient: mend.Patient, broken: Broken, errors: list[Problem]) -> ast.Module | None:
    """Mend and parse until the text has a tree, a few times."""
    for number in range(max(4, min(_MOST_ROUNDS, _MOST_LINES // len(patient.lines)))):
        # What is wrong next to a repair may come of the repair.
        telling = number == 0 or not (broken.line is None or broken.indentation or patient.near(broken.line))
        mended = patient.mend(broken.line, broken.message)
        if telling:
            errors.append(_problem(source, _blamed(broken, mended)))
        if mended is None:
            return None
        tree = parse_lines(patient.lines, patient.above)
        if isinstance(tree, ast.Module):
            return tree
        broken = tree
    return None


def _blamed(broken: Broken, mended: Logical | None) -> Broken:
    """An error at the statement that was mended for it."""
    if mended is None or not mended.cut or broken.line is None or broken.line <= mended.end:
        return broken
    return Broken("a bracket was never closed", mended.start + 1, 1)


def _problem(source: SourceFile, broken: Broken) -> Problem:
    """A syntax error as a place of the file."""
    last = len(source.lines)
    line = min(max(broken.line or 1, 1), last)
    column = min(max(broken.column, 1), len(source.line(line)) + 1)
    end_line = min(max(broken.end_line or line, line), last)
    end_column = min(max(broken.end_column or 0, 1), len(source.line(end_line)) + 1)
    if (end_line, end_column) <= (line, column):
        end_line, end_column = line, column + 1
    return Problem(Span(line, column, end_line, end_column), broken.message.split(" (<unknown>")[0])
