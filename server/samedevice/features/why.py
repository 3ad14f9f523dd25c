"""Where a value comes from: what decided its device and dtype, and what that was made of, back to the beginning."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from samedevice.dataclass import dataclass
from samedevice.features import show
from samedevice.features.known import Found, Known
from samedevice.interpret.analysis import Binding
from samedevice.syntax.source import SourceFile, Span
from samedevice.values.condition import Choice
from samedevice.values.unknown import Unknown
from samedevice.values.value import Array, DeviceValue, Origin, Tensor, Value

_DEEPEST = 8
_MOST = 60
"""Steps of one tree."""


@dataclass(frozen=True, slots=True)
class Step:
    """A value or a reason, and what it follows from."""

    label: str
    description: str
    source: SourceFile | None
    span: Span | None
    children: tuple[Step, ...] = ()


def why(known: Known, line: int, column: int) -> Step | None:
    """The tree of the value at a place, counted from 1; None where nothing is said of it."""
    found = known.at(line, column)
    return None if found is None else _Tree(known).of_found(found)


class _Tree:
    """One answer: each binding is explained once."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._seen: set[ast.AST] = set()

    def of_found(self, found: Found) -> Step:
        """What was pointed at, explained by its bindings."""
        texts = dict.fromkeys(show.text(show.merged(one.value)) for one in found.bindings)
        children = tuple(child for one in found.bindings for child in self._reasons(one, 0))
        label = f"{found.name}: {' | '.join(texts)}"
        return Step(label, "", self._known.source, self._known.span(found.node), tuple(dict.fromkeys(children)))

    def _of_binding(self, name: str, binding: Binding, depth: int) -> Step:
        value = show.merged(binding.value)
        children = tuple(self._reasons(binding, depth))
        return Step(f"{name}: {show.text(value)}", "", self._known.source, self._known.span(binding.node), children)

    def _reasons(self, binding: Binding, depth: int) -> Iterator[Step]:
        """Why a binding has the value that it has."""
        if binding.node in self._seen or len(self._seen) > _MOST or depth > _DEEPEST:
            return
        self._seen.add(binding.node)
        yield from self._of_value(show.merged(binding.value), depth)

    def _of_value(self, value: Value, depth: int) -> Iterator[Step]:
        match value:
            case Tensor():
                yield self._facet("device", value.device, value.device_from, depth)
                yield self._facet("dtype", value.dtype, value.dtype_from, depth)
            case Array():
                yield self._facet("dtype", value.dtype, value.dtype_from, depth)
            case DeviceValue():
                yield self._facet("device", value.device, value.origin, depth)
            case Unknown():
                yield Step("not known", value.why.value, None, None)
            case Choice():
                for side, words in ((value.yes, "if"), (value.no, "unless")):
                    children = tuple(self._of_value(show.merged(side), depth + 1))
                    yield Step(f"{words} {value.key.text}: {show.text(side)}", "", None, None, children)

    def _facet(self, kind: str, facet: object, origin: Origin | None, depth: int) -> Step:
        """What decided a device or dtype."""
        if isinstance(facet, Unknown):
            return Step(f"{kind}: not known", facet.why.value, None, None)
        label = f"{kind}: {show.facet(facet)}"
        if origin is None:
            return Step(label, "", None, None)
        place = origin.place
        if place is None or not hasattr(place.node, "lineno"):
            return Step(label, origin.words, None, None)
        children = tuple(self._parts(place.node, depth)) if place.source is self._known.source else ()
        return Step(label, origin.words, place.source, place.source.span(place.node), children)

    def _parts(self, node: ast.AST, depth: int) -> Iterator[Step]:
        """The named values that an expression was made of."""
        for name, part in _names(self._known.source, node):
            for binding in self._known.of_name(name, part)[-1:]:
                if binding.node not in self._seen and _tells(binding.value):
                    yield self._of_binding(name, binding, depth + 1)


def _names(source: SourceFile, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The outermost names and attributes in an expression, as they are written."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Name | ast.Attribute):
            yield source.text_of(child), child
        if not isinstance(child, ast.Name):
            yield from _names(source, child)


def _tells(value: Value) -> bool:
    """Whether a value has anything that needs a reason."""
    return isinstance(show.merged(value), Tensor | Array | DeviceValue | Choice)
