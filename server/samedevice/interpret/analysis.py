"""All that is known of one file: facts, bindings and notes, without prose."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from samedevice.dataclass import dataclass, field
from samedevice.ops.outcome import Refusal
from samedevice.syntax.source import SourceFile
from samedevice.values.condition import Path
from samedevice.values.value import Place, Shape, Slot, Value

F = TypeVar("F", bound="Fact")

MOST_VALUES = 24
"""Values of one target that are told apart."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A value that took part in something, as the user wrote it."""

    name: str
    """The parameter of the op it was given as: `input`, `weight`."""
    text: str
    """The user's own words for it: `x`, `self.conv.weight`; "" where it has none."""
    value: Value
    node: ast.expr | None = None
    """The user's expression, in the file of the fact; None where it has none there."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the interpreter noticed, at a node of a file."""

    source: SourceFile
    node: ast.AST


@dataclass(frozen=True, slots=True)
class Refused(Fact):
    """PyTorch refuses the call at `node` (the innermost one in the user's files)."""

    kind: Refusal
    op: str
    """The public name: `torch.add`, `torch.nn.functional.linear`."""
    operands: tuple[Operand, ...]
    """Those that clash, in the order of the row; usually two."""
    text: str
    when: Path
    certain: bool
    function: ast.AST | None = None
    """The user's function it happened in, None at module level."""
    stack: tuple[Place, ...] = ()
    """The user's calls that led here, innermost last, without `node` itself."""
    layer: str = ""
    """The library class whose code was running (`torch.nn.Linear`), "" if the user called the op."""
    contract: bool = False
    """Whether the function was run on what callers promise rather than on what they pass."""
    machine: str = "cuda"
    likely: bool = True
    """False where it happens only if callers keep on an accelerator what they may as well keep on the CPU."""


@dataclass(frozen=True, slots=True)
class Dropped(Fact):
    """A statement moves or casts a tensor and throws the result away: `x.to(device)`."""

    receiver: Operand
    method: str


@dataclass(frozen=True, slots=True)
class NotRegistered(Fact):
    """Layers or parameters in a plain list, tuple or dict of a network; `node` is the assigned expression."""

    slot: Slot
    container: str
    """list, tuple, dict."""
    holds: str
    """networks, parameters."""
    statement: ast.stmt | None = None


@dataclass(frozen=True, slots=True)
class Loaded(Fact):
    """torch.load without map_location."""


@dataclass(frozen=True, slots=True)
class LostParameter(Fact):
    """A network attribute gets `Parameter(...).to(...)`, a plain tensor now; `node` is the call that made it one."""

    slot: Slot
    method: str
    """to, cuda, half, double, ..."""


@dataclass(frozen=True, slots=True)
class Contradicted(Fact):
    """A tensor surely does not have the sizes that an annotation states for it; `node` is its expression."""

    text: str
    """The user's own words for it."""
    shape: Shape
    stated: Shape


@dataclass(frozen=True, slots=True)
class Raises(Fact):
    """Python itself raises at `node`: nothing has bound the name yet, or None or a number has no such attribute."""

    text: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A value that a target, parameter or return got."""

    node: ast.AST
    name: str
    kind: str
    """assign, for, with, parameter, return."""
    value: Value
    object_kind: str = ""
    """What a heap object is: network, optimizer, list, dict, function, class, object; "" for plain values."""
    object_text: str = ""
    """Its class, as the user calls it."""


@dataclass(slots=True)
class Records:
    """What one run noticed, each thing once."""

    facts: dict[tuple[Any, ...], Fact] = field(default_factory=dict)
    bindings: dict[tuple[ast.AST, str], list[Binding]] = field(default_factory=dict)
    """The different values of each target, by its node and kind."""
    notes: dict[str, None] = field(default_factory=dict)

    def bind(self, node: ast.AST, kind: str, value: Value, make: Callable[[], Binding]) -> None:
        """Adds a value of a target."""
        known = self.bindings.setdefault((node, kind), [])
        if len(known) < MOST_VALUES and not any(value is old.value or value == old.value for old in known):
            known.append(make())


@dataclass(eq=False)
class Analysis:
    """What running one file on abstract values found. It never changes, but ends when its file is analysed anew."""

    source: SourceFile
    tree: ast.Module
    main: Records = field(default_factory=Records)
    """What the file's main part noticed, ..."""
    parts: list[Records] = field(default_factory=list)
    """... and each function that was run on what callers promise."""
    notes: list[str] = field(default_factory=list)
    """What was cut short and why, for the user to see."""
    torch: str | None = None
    """The version of PyTorch that was assumed; None for the newest known."""

    @cached_property
    def facts(self) -> list[Fact]:
        """Each thing that was noticed, once."""
        found = dict(self.main.facts)
        for part in self.parts:
            for key, fact in part.facts.items():
                found.setdefault(key, fact)
        return list(found.values())

    @cached_property
    def bindings(self) -> list[Binding]:
        """The values of each target; what callers pass tells more than what they promise."""
        merged = Records()
        for part in self.parts:
            for (node, kind), bindings in part.bindings.items():
                if (node, kind) not in self.main.bindings:
                    for binding in bindings:
                        merged.bind(node, kind, binding.value, lambda binding=binding: binding)  # type: ignore[misc]  # bound now
        found = (*self.main.bindings.values(), *merged.bindings.values())
        return [binding for bindings in found for binding in bindings]

    def all(self, kind: type[F]) -> list[F]:
        """The facts of a kind, in the order of the source."""
        found = [fact for fact in self.facts if isinstance(fact, kind)]
        return sorted(found, key=lambda fact: (fact.node.lineno, fact.node.col_offset))  # type: ignore[attr-defined]  # facts stand at located nodes


@dataclass(frozen=True, slots=True)
class Revealed(Fact):
    """`reveal_type(value)`."""

    value: Value
