"""The tree of a file that is being edited: what an edit does not touch keeps its nodes, and so all that is known of it.

A statement keeps its node while its text stays the same, wherever it moves. A function whose body alone has changed
keeps its own node too; the new body is put into it, and its `revision` tells the two texts apart.
"""

from __future__ import annotations

import ast
from itertools import count, pairwise

from samedevice.dataclass import dataclass, field, replace
from samedevice.syntax.nodes import called_names, is_generator
from samedevice.syntax.parse import BOM, Parsed, Problem, parse, parse_lines, readable
from samedevice.syntax.source import SourceFile

Definition = ast.FunctionDef | ast.AsyncFunctionDef
_GAP = 1 << 44
"""Between the numbers of two statements at first."""
_ROOM = 1 << 24
"""What one statement may use of them."""
_BODIES = 4
"""Bodies that a function remembers: of an edit that is undone the old body comes back."""
_REPLACED = 32
"""Statements that are remembered after an edit took them away."""


@dataclass
class _Body:
    """A body that a function has or had."""

    texts: list[str]
    body: list[ast.stmt]
    revision: int
    remembered: dict[str, object] = field(default_factory=dict)


class Living:
    """One file from edit to edit."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.order: dict[ast.stmt, int] = {}
        """A number for each top-level statement, growing from the first to the last."""
        self._lines: list[str] = []
        """The lines that the tree was made of: of a broken text, as they were mended."""
        self._body: list[ast.stmt] = []
        self._replaced: dict[str, ast.stmt] = {}
        self._revisions = count(1)
        self._take(parse(source))

    @property
    def tree(self) -> ast.Module:
        return parse(self.source).tree

    def become(self, text: str) -> None:
        """Takes in another text of the file."""
        if text == self.source.text:
            return
        marked = self.source.text.startswith(BOM)
        # The mark counts in the columns of the first line: what was there before is elsewhere now.
        elsewhere = marked is not text.startswith(BOM)
        if elsewhere:
            self._replaced.clear()
        self.source.become(text)
        parsed = self._edited() if self._body and not marked else None
        if parsed is None:
            parsed = parse(self.source)
            body = self._kept(parsed.tree.body, _made_of(self.source, parsed), [] if elsewhere else self._body)
            parsed = replace(parsed, tree=ast.Module(body=body, type_ignores=[]))
        self.source.keep("_parsed", parsed)
        self._take(parsed)

    def _take(self, parsed: Parsed) -> None:
        """Goes on from a tree."""
        self._lines, self._body = _made_of(self.source, parsed), parsed.tree.body
        self._number()

    def rest(self) -> None:
        """Forgets what is not in the text any more."""
        self._replaced.clear()
        for node in self._body:
            for one in (node, *(node.body if isinstance(node, ast.ClassDef) else ())):
                vars(one).pop("bodies", None)

    def called_names(self) -> frozenset[str]:
        """The names that the file calls."""
        return frozenset().union(*map(called_names, self._body))

    def _edited(self) -> Parsed | None:
        """The text after an edit, of which only what is around it is parsed; None where that can't be done."""
        old, new = self._lines, self.source.lines
        text = self.source.text
        if readable(text) is not text or text.startswith(BOM) or not _apart(self._body):
            return None
        above = _common(old, new)
        below = min(_common(old[::-1], new[::-1]), len(old) - above, len(new) - above)
        first = next((at for at, node in enumerate(self._body) if _end(node) > above), len(self._body))
        last = next((at for at, node in enumerate(self._body) if _begin(node) > len(old) - below), len(self._body))
        moved = len(new) - len(old)
        for begin in (first, max(first - 1, 0)):
            start = _end(self._body[begin - 1]) if begin else 0
            end = (_begin(self._body[last]) - 1 if last < len(self._body) else len(old)) + moved
            tree = parse_lines(new[start:end], start)
            if isinstance(tree, ast.Module):
                return Parsed(self._spliced(tree.body, new, begin, last, moved))
            if not _goes_on(new[start:end]):
                break  # nothing of it belongs to the statement above
        return self._mended(first, last, above, moved)

    def _mended(self, first: int, last: int, above: int, moved: int) -> Parsed | None:
        """The text after an edit that broke some statements: only the pieces that they stand in are mended."""
        from samedevice.syntax import broken, mend

        old, new, body = self._lines, self.source.lines, self._body
        if first == len(body) or _begin(body[first]) > above:
            first -= 1  # where the next piece begins may have changed
        while first >= 0 and not mend.begins_piece(old[_begin(body[first]) - 1]):
            first -= 1
        while last < len(body) and not mend.begins_piece(old[_begin(body[last]) - 1]):
            last += 1
        start = _begin(body[first]) - 1 if first >= 0 else 0
        end = (_begin(body[last]) - 1 if last < len(body) else len(old)) + moved
        pieces = mend.pieces_within(new, start, end)
        if pieces is None:
            return None
        errors: list[Problem] = []
        fresh, text = broken.mended_pieces(self.source, new, pieces, errors)
        if not errors:
            return None  # what is wrong is not in one piece
        made = [*new[:start], *text, *new[end:]]
        tree = self._spliced(fresh, made, max(first, 0), last, moved)
        return Parsed(tree, tuple(sorted(errors, key=lambda error: error.span)), made)

    def _spliced(self, fresh: list[ast.stmt], lines: list[str], first: int, last: int, moved: int) -> ast.Module:
        """The tree with other statements in the place of some; `lines` is the text that it is made of."""
        middle = self._kept(fresh, lines, self._body[first:last])
        below = self._body[last:]
        if moved:
            for node in below:
                _shift(node, moved)
        return ast.Module(body=[*self._body[:first], *middle, *below], type_ignores=[])

    def _kept(self, fresh: list[ast.stmt], lines: list[str], old: list[ast.stmt]) -> list[ast.stmt]:
        """New statements, with the old node in the place of each that was there before."""
        waiting: dict[str, list[ast.stmt]] = {}
        named: dict[tuple[type, str], list[ast.stmt]] = {}
        alone = _alone(fresh)
        for node in old:
            waiting.setdefault(_text(node, self._lines), []).append(node)
            if isinstance(node, Definition | ast.ClassDef):
                named.setdefault((type(node), node.name), []).append(node)
        place = {node: at for at, node in enumerate(old)}
        found: list[ast.stmt | None] = [None] * len(fresh)
        taken: set[ast.stmt] = set()
        reached = -1
        for at, node in enumerate(fresh):
            same = waiting.get(_text(node, lines), []) if node in alone else []
            known = next((one for one in same if place[one] > reached and one not in taken), None)
            if known is not None:
                reached = place[known]
                taken.add(known)
                found[at] = _moved_to(known, node)
        for at, node in enumerate(fresh):
            if found[at] is None:
                found[at] = self._grafted(node, lines, named, taken) if node in alone else node
        for node in old:
            if node not in taken:
                self._remember(node)
        return [node for node in found if node is not None]

    def _grafted(
        self, fresh: ast.stmt, lines: list[str], named: dict[tuple[type, str], list[ast.stmt]], taken: set[ast.stmt]
    ) -> ast.stmt:
        """The old node of a definition with what is new in it; the new node where that is not the same definition."""
        back = self._replaced.pop(_text(fresh, lines), None)
        if back is not None:
            return _moved_to(back, fresh)
        if isinstance(fresh, Definition | ast.ClassDef):
            for known in named.get((type(fresh), fresh.name), []):
                if known not in taken and self._graft(known, fresh, lines):
                    taken.add(known)
                    return known
        return fresh

    def _graft(self, known: ast.stmt, fresh: ast.stmt, lines: list[str]) -> bool:
        """Puts what is new into an old definition, if only bodies of functions differ."""
        if isinstance(known, ast.ClassDef) and isinstance(fresh, ast.ClassDef):
            return self._graft_class(known, fresh, lines)
        if not isinstance(known, Definition) or not isinstance(fresh, Definition):
            return False
        if not self._same_outside(known, fresh, lines):
            return False
        self._put_body(known, fresh, lines)
        return True

    def _graft_class(self, known: ast.ClassDef, fresh: ast.ClassDef, lines: list[str]) -> bool:
        if len(known.body) != len(fresh.body) or _header(known, self._lines) != _header(fresh, lines):
            return False
        if not _apart(known.body) or not _apart(fresh.body):
            return False
        pairs = list(zip(known.body, fresh.body, strict=True))
        differ = [_text(one, self._lines) != _text(other, lines) for one, other in pairs]
        for (one, other), differs in zip(pairs, differ, strict=True):
            if differs and not self._same_outside(one, other, lines):
                return False
        for (one, other), differs in zip(pairs, differ, strict=True):
            if differs:
                self._graft(one, other, lines)
            else:
                _moved_to(one, other)
        _move_header(known, fresh)
        return True

    def _same_outside(self, known: ast.stmt, fresh: ast.stmt, lines: list[str]) -> bool:
        """Whether two functions look the same to who does not look into them."""
        if not isinstance(known, Definition) or not isinstance(fresh, Definition) or type(known) is not type(fresh):
            return False
        return _header(known, self._lines) == _header(fresh, lines) and is_generator(known) == is_generator(fresh)

    def _put_body(self, known: Definition, fresh: Definition, lines: list[str]) -> None:
        """Gives a function another body; one that it had before comes back with its revision."""
        bodies: dict[str, _Body] = vars(known).setdefault("bodies", {})
        was = _text(known, self._lines)
        now = _Body([_text(one, self._lines) for one in known.body], known.body, vars(known).get("revision", 0))
        now.remembered = vars(known).pop("remembered", {})
        bodies.pop(was, None)
        bodies[was] = now
        while len(bodies) > _BODIES:
            del bodies[next(iter(bodies))]
        back = bodies.pop(_text(fresh, lines), None)
        if back is not None:
            known.body = [_moved_to(one, other) for one, other in zip(back.body, fresh.body, strict=True)]
            vars(known)["remembered"] = back.remembered
        else:
            known.body = _with_known(fresh.body, lines, now)
        vars(known)["revision"] = back.revision if back is not None else next(self._revisions)
        _move_header(known, fresh)

    def _remember(self, node: ast.stmt) -> None:
        self._replaced[_text(node, self._lines)] = node
        while len(self._replaced) > _REPLACED:
            del self._replaced[next(iter(self._replaced))]

    def _number(self) -> None:
        """Gives new statements numbers between those of their neighbours."""
        before = 0
        order: dict[ast.stmt, int] = {}
        run: list[ast.stmt] = []
        for node in self._body:
            known = self.order.get(node)
            if known is None or known <= before:
                run.append(node)
                continue
            if not _fill(order, run, before, known):
                break
            order[node] = before = known
            run = []
        else:
            _fill(order, run, before, before + _GAP * (len(run) + 1))
        if len(order) < len(self._body):
            order = {node: _GAP * (at + 1) for at, node in enumerate(self._body)}
        self.order = order


def _made_of(source: SourceFile, parsed: Parsed) -> list[str]:
    """The lines that a tree was made of."""
    return source.lines if parsed.lines is None else parsed.lines


def _goes_on(lines: list[str]) -> bool:
    """Whether the first code of some lines may belong to the statement above them."""
    first = next((line for line in lines if line and not line.isspace() and not line.startswith("#")), "")
    return first[:1] in (" ", "\t", "\f") or first.startswith(("else", "elif", "except", "finally"))


def _with_known(fresh: list[ast.stmt], lines: list[str], old: _Body) -> list[ast.stmt]:
    """A new body with the old nodes of the statements that it begins and ends with alike."""
    if not _apart(fresh) or not _apart(old.body):
        return fresh
    texts = [_text(node, lines) for node in fresh]
    above = _common(texts, old.texts)
    below = min(_common(texts[::-1], old.texts[::-1]), len(texts) - above, len(old.texts) - above)
    last = len(fresh) - below
    kept = old.body[len(old.body) - below :]
    return [
        *map(_moved_to, old.body[:above], fresh),
        *fresh[above:last],
        *map(_moved_to, kept, fresh[last:]),
    ]


def _fill(order: dict[ast.stmt, int], nodes: list[ast.stmt], low: int, high: int) -> bool:
    """Numbers for some statements between two others; whether there is room for them."""
    step = (high - low) // (len(nodes) + 1)
    if nodes and step < _ROOM:
        return False
    for at, node in enumerate(nodes, 1):
        order[node] = low + at * step
    return True


def _common(one: list[str], other: list[str]) -> int:
    """How many lines two texts begin with alike."""
    for at, (first, second) in enumerate(zip(one, other, strict=False)):
        if first != second:
            return at
    return min(len(one), len(other))


def _begin(node: ast.stmt) -> int:
    """The first line of a statement, its decorators included."""
    decorators = getattr(node, "decorator_list", None)
    line: int = min(node.lineno, *(one.lineno for one in decorators)) if decorators else node.lineno
    return line


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _text(node: ast.stmt, lines: list[str]) -> str:
    """The lines of a statement."""
    return "\n".join(lines[_begin(node) - 1 : _end(node)])


def _header(node: Definition | ast.ClassDef, lines: list[str]) -> str | None:
    """What stands above the body of a definition; None where they share a line, equal to nothing."""
    first = _begin(node.body[0]) - 1
    return "\n".join(lines[_begin(node) - 1 : first]).rstrip() if first >= node.lineno else str(id(node))


def _alone(body: list[ast.stmt]) -> set[ast.stmt]:
    """The statements that share no line with another."""
    shared = {node for one, other in pairwise(body) if _begin(other) <= _end(one) for node in (one, other)}
    return set(body) - shared


def _apart(body: list[ast.stmt]) -> bool:
    """Whether no line holds two statements."""
    return all(_begin(other) > _end(one) for one, other in pairwise(body))


def _move_header(known: Definition | ast.ClassDef, fresh: ast.stmt) -> None:
    """Moves a definition to the place of a new one, all but the statements of its body."""
    moved = fresh.lineno - known.lineno
    body = set(map(id, known.body))
    for child in ast.iter_child_nodes(known):
        if id(child) not in body:
            _shift(child, moved)
    _shift_one(known, moved)
    known.end_lineno, known.end_col_offset = fresh.end_lineno, fresh.end_col_offset


def _moved_to(known: ast.stmt, fresh: ast.stmt) -> ast.stmt:
    """An old node at the place of a new one with the same text."""
    _shift(known, fresh.lineno - known.lineno)
    return known


def _shift(node: ast.AST, lines: int) -> None:
    """Moves a node and all below it."""
    if lines:
        for inner in ast.walk(node):
            _shift_one(inner, lines)


def _shift_one(node: ast.AST, lines: int) -> None:
    known = vars(node)
    if "lineno" in known:
        known["lineno"] += lines
        known["end_lineno"] += lines
