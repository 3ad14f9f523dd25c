"""Text to tree. It never raises: broken statements are left out, and all others stay."""

from __future__ import annotations

import ast
import warnings

from samedevice.dataclass import dataclass
from samedevice.syntax import mend
from samedevice.syntax.lexer import Logical, ends_in_string
from samedevice.syntax.source import SourceFile, Span

BOM = "\ufeff"
_MOST_ROUNDS = 40
_MOST_LINES = 60_000
"""Repairs stop when this many lines were parsed again: a repair parses the text anew."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A syntax error."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree of everything that could be read, and what could not."""

    tree: ast.Module
    errors: tuple[Problem, ...] = ()
    lines: list[str] | None = None
    """The lines that the tree was made of, where the text had to be mended for it."""


def parse(source: SourceFile) -> Parsed:
    """The tree of a file; parsed once for each `SourceFile`, so it must not be changed."""
    known: Parsed | None = vars(source).get("_parsed")
    if known is None:
        known = _parse(source)
        vars(source)["_parsed"] = known
    return known


def _parse(source: SourceFile) -> Parsed:
    """Parse, and mend the text where that fails."""
    text = source.text
    marked = text.startswith(BOM)
    clean = _readable(text[1:] if marked else text)
    tree = _tree(clean)
    errors: list[Problem] = []
    lines: list[str] | None = None
    if isinstance(tree, Broken):
        tree, lines = _mended(source, clean, tree, errors)
    if marked:
        _shift_first_line(tree)
    if "\0" in text:
        errors.insert(0, _null_byte(source))
    return Parsed(tree, tuple(sorted(errors, key=lambda error: error.span)), lines)


def parse_lines(lines: list[str], above: int) -> ast.Module | None:
    """The tree of whole statements that stand below so many other lines; None where they have none."""
    tree = _tree("\n" * above + "\n".join(lines))
    return tree if isinstance(tree, ast.Module) else None


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a text has no tree."""

    message: str
    line: int | None
    column: int = 1
    end_line: int | None = None
    end_column: int | None = None
    indentation: bool = False


def _readable(text: str) -> str:
    """The text without what no parser takes, every other character in its place."""
    if "\0" in text:
        text = text.replace("\0", " ")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def _tree(text: str) -> ast.Module | Broken:
    """The tree of a text, or what is wrong with it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            return Broken(
                error.msg or "invalid syntax",
                error.lineno,
                error.offset or 1,
                error.end_lineno,
                error.end_offset,
                isinstance(error, IndentationError),
            )
        except (RecursionError, MemoryError):
            return Broken("too deeply nested to be read", None)
        except (ValueError, OverflowError, SystemError) as error:
            return Broken(str(error) or "invalid syntax", None)


def _mended(source: SourceFile, text: str, broken: Broken, errors: list[Problem]) -> tuple[ast.Module, list[str]]:
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
    whole = _tree("\n".join(pieces))
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
        tree = _tree(patient.text())
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
    tree = _tree("\n".join(lines))
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


def _null_byte(source: SourceFile) -> Problem:
    """The problem of the first null byte."""
    for number, line in enumerate(source.lines, 1):
        if "\0" in line:
            column = line.index("\0") + 1
            return Problem(Span(number, column, number, column + 1), "the file contains null bytes")
    raise AssertionError("called only for a text with a null byte")


def _shift_first_line(tree: ast.Module) -> None:
    """Columns of the first line as they are with the byte order mark, which is three bytes long."""
    for node in ast.walk(tree):
        if getattr(node, "lineno", 0) == 1:
            node.col_offset += 3  # type: ignore[attr-defined]  # nodes with a line have a column
        if getattr(node, "end_lineno", 0) == 1:
            node.end_col_offset += 3  # type: ignore[attr-defined]  # as above
