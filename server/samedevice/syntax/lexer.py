"""Where statements begin and end in a text that may be broken; a rough lexer that always answers."""

from __future__ import annotations

import re

from samedevice.dataclass import dataclass

_TOKEN = re.compile(r"""(?P<quote>\"{3}|'{3}|"|')|(?P<comment>\#)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<slash>\\$)""")
_STRING_REST = {
    '"': re.compile(r'(?:[^"\\]|\\.)*"'),
    "'": re.compile(r"(?:[^'\\]|\\.)*'"),
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*"""', re.DOTALL),
    "'''": re.compile(r"(?:[^'\\]|\\.|'(?!''))*'''", re.DOTALL),
}
_NO_EXPRESSION = re.compile(
    r"\s*(?:(?:def|class|return|import|while|with|raise|assert|del|global|nonlocal|async\s+def|async\s+with)\s+\w"
    r"|(?:pass|break|continue|return|raise)\s*(?:#.*)?$|(?:try|finally|else)\s*:)"
)
"""Begins a statement and can't stand inside an expression."""
_HEADER = re.compile(r"\s*(?:async\s+)?(?:def|class|if|elif|for|while|with|except|match|case)\b")
_COLON_AT_END = re.compile(r":\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Logical:
    """A logical line: its physical lines, from 0, the end exclusive."""

    start: int
    end: int
    cut: bool = False
    """Whether it was cut off before a line that can't belong to it: a bracket was forgotten."""


@dataclass(slots=True)
class _State:
    """What is open at the end of a physical line."""

    depth: int = 0
    quote: str = ""
    """The triple quotes of an open string."""
    continued: bool = False


def indent_of(line: str) -> int:
    """The width of a line's indentation, tabs counted as Python does."""
    return len(line[: len(line) - len(line.lstrip(" \t\f"))].replace("\f", "").expandtabs(8))


def blank(line: str) -> bool:
    """Whether a line has no code: it is empty or a comment."""
    stripped = line.lstrip(" \t\f")
    return not stripped or stripped.startswith("#")


def logical_lines(lines: list[str]) -> list[Logical]:
    """The statements and headers of a text; blank lines belong to none, unless they stand inside one."""
    found: list[Logical] = []
    state, start = _State(), -1
    for number, line in enumerate(lines):
        if start >= 0 and _must_be_new(line, lines[start], state):
            found.append(Logical(start, number, cut=True))
            state, start = _State(), -1
        if start < 0:
            if blank(line):
                continue
            start = number
        _advance(state, line)
        if not (state.depth or state.quote or state.continued):
            found.append(Logical(start, number + 1))
            start = -1
    if start >= 0:
        found.append(Logical(start, len(lines)))
    return found


def open_string(lines: list[str], before: str = "") -> str:
    """The triple quotes of the string that is open at the end of some lines, or before them; "" where none is."""
    state = _State(quote=before)
    for line in lines:
        _advance(state, line)
    return state.quote


def _must_be_new(line: str, first: str, state: _State) -> bool:
    """Whether brackets are open at a line only because they were forgotten, so that a statement begins there."""
    if not state.depth or state.quote or state.continued or blank(line):
        return False
    if _NO_EXPRESSION.match(line) or (_HEADER.match(first) and _COLON_AT_END.search(first)):
        return True
    return indent_of(line) <= indent_of(first) and line.lstrip(" \t\f")[0] not in ")]}\"'"


def _advance(state: _State, line: str) -> None:
    """Reads one physical line."""
    state.continued = False
    place = 0
    while place <= len(line):
        if state.quote:
            rest = _STRING_REST[state.quote].match(line, place)
            if rest is None:
                return
            place, state.quote = rest.end(), ""
        token = _TOKEN.search(line, place)
        if token is None or token["comment"]:
            return
        place = token.end()
        if token["open"]:
            state.depth += 1
        elif token["close"]:
            state.depth = max(0, state.depth - 1)
        elif token["slash"]:
            state.continued = True
        elif quote := token["quote"]:
            place = _after_quote(state, line, place, quote)


def _after_quote(state: _State, line: str, place: int, quote: str) -> int:
    """The place behind a string that opened just before `place`; an open triple one is left in the state."""
    rest = _STRING_REST[quote].match(line, place)
    if rest is not None:
        return rest.end()
    if len(quote) == 3:
        state.quote = quote
        return place
    # A string in single quotes ends with its line, closed or not; a backslash at the end carries it on.
    state.continued = line.endswith("\\")
    return len(line) + 1
