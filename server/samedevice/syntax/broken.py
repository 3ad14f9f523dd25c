"""The tree of a text that Python does not read: as much of it as can be mended."""

from __future__ import annotations

import ast

from samedevice.syntax import mend
from samedevice.syntax.lexer import Logical, ends_in_string
from samedevice.syntax.parse import Broken, Problem, read
from samedevice.syntax.source import SourceFile, Span

_MOST_ROUNDS = 40
_MOST_LINES = 60_000
"""Repairs stop when this many lines were parsed again: a repair parses the text anew."""


def mended(source: SourceFile, text: str, broken: Broken, errors: list[Problem]) -> tuple[ast.Module, list[str]]:
    """The tree of a broken text, and the text mended: statement by statement, else piece by piece, else empty."""
    lines = mend.split(text)
    # An open string at the end means that strings and code have changed places from somewhere on: go by pieces.
    if not ends_in_string(lines):
        patient = mend.Patient(lines)
        tree = _rounds(source, patient, broken, errors)
        if tree is not None:
            return tree, patient.lines
        errors.clear()
    pieces: list[str] = []
    for start, end in mend.pieces(lines):
        pieces += _piece(source, lines[start:end], start, errors)
    if not errors:
        errors.append(_problem(source, broken))
    whole = read("\n".join(pieces))
    return (whole, pieces) if isinstance(whole, ast.Module) else (ast.Module(body=[], type_ignores=[]), [])


def _rounds(
    source: SourceFile, patient: mend.Patient, broken: Broken, errors: list[Problem], offset: int = 0
) -> ast.Module | None:
    """Mend and parse until the text has a tree, a few times."""
    for number in range(max(4, min(_MOST_ROUNDS, _MOST_LINES // len(patient.lines)))):
        # What is wrong next to a repair may come of the repair.
        telling = number == 0 or not (broken.line is None or broken.indentation or patient.near(broken.line))
        mended = patient.mend(broken.line, broken.message)
        if telling:
            errors.append(_problem(source, _blamed(broken, mended), offset))
        if mended is None:
            return None
        tree = read(patient.text())
        if isinstance(tree, ast.Module):
            return tree
        broken = tree
    return None


def _blamed(broken: Broken, mended: Logical | None) -> Broken:
    """An error at the statement that was mended for it."""
    if mended is None or not mended.cut or broken.line is None or broken.line <= mended.end:
        return broken
    return Broken("a bracket was never closed", mended.start + 1, 1)


def _piece(source: SourceFile, lines: list[str], start: int, errors: list[Problem]) -> list[str]:
    """The lines of one top-level piece, mended, or as many empty ones."""
    tree = read("\n".join(lines))
    if isinstance(tree, ast.Module):
        return lines
    patient = mend.Patient(lines)
    mended = _rounds(source, patient, tree, errors, start)
    return [""] * len(lines) if mended is None else patient.lines


def _problem(source: SourceFile, broken: Broken, offset: int = 0) -> Problem:
    """A syntax error as a place of the file."""
    last = len(source.lines)
    line = min(max((broken.line or 1) + offset, 1), last)
    column = min(max(broken.column, 1), len(source.line(line)) + 1)
    end_line = min(max((broken.end_line or line - offset) + offset, line), last)
    end_column = min(max(broken.end_column or 0, 1), len(source.line(end_line)) + 1)
    if (end_line, end_column) <= (line, column):
        end_line, end_column = line, column + 1
    return Problem(Span(line, column, end_line, end_column), broken.message.split(" (<unknown>")[0])
