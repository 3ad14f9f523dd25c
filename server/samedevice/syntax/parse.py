"""Text to tree. It never raises: broken statements are left out, and all others stay."""

from __future__ import annotations

import ast
import warnings

from samedevice.dataclass import dataclass
from samedevice.syntax.source import SourceFile, Span

BOM = "\ufeff"


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
    clean = readable(text[1:] if marked else text)
    tree = _read(clean)
    errors: list[Problem] = []
    lines: list[str] | None = None
    if isinstance(tree, Broken):
        from samedevice.syntax import broken  # loaded for the first broken text

        tree, lines = broken.mended(source, clean, tree, errors)
    if marked:
        _shift_first_line(tree)
    if "\0" in text:
        errors.insert(0, _null_byte(source))
    return Parsed(tree, tuple(sorted(errors, key=lambda error: error.span)), lines)


def parse_lines(lines: list[str], above: int) -> ast.Module | Broken:
    """The tree of whole statements that stand below so many other lines, or what is wrong with them."""
    return _read("\n" * above + "\n".join(lines))


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a text has no tree."""

    message: str
    line: int | None
    column: int = 1
    end_line: int | None = None
    end_column: int | None = None
    indentation: bool = False


def readable(text: str) -> str:
    """The text without what no parser takes, every other character in its place."""
    if "\0" in text:
        text = text.replace("\0", " ")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def _read(text: str) -> ast.Module | Broken:
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
