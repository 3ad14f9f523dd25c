"""What to run: the statements that build a network, and the inputs to try, as plain data."""

from __future__ import annotations

from collections.abc import Mapping

from samedevice.dataclass import dataclass, field
from samedevice.syntax.source import SourceFile

Hint = Mapping[str, object]
"""What is known of one input: `shape` (a list with None for what is not known), `dtype`, `code`."""


class NoPlan(Exception):
    """There is no network here that could be built; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Code that builds a part of the network, and the line of the file it stands on."""

    code: str
    line: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value that the program does not give."""

    name: str
    """The parameter: `hidden`, or `cfg.hidden` for an attribute of one."""
    code: str
    why: str
    """In a few words: `its annotation`, `its name`, `nothing is known of it`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to call the network; with `hints`, the sizes come from the layers of the network once it is built."""

    source: str
    args: tuple[str, ...] = ()
    kwargs: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, Hint] | None = None
    build: tuple[Statement, ...] = ()
    """Statements of the program that make what it passes; then `call` gives the arguments."""
    call: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the child needs to know of a network."""

    source: SourceFile
    name: str
    """As the user would call it: `Net`, `model`."""
    line: int
    """Where it is built; of a class, where it is defined."""
    build: tuple[Statement, ...]
    network: str
    inputs: tuple[Candidate, ...]
    chosen: tuple[Chosen, ...] = ()
    """Constructor arguments that were worked out."""
    missing: tuple[Chosen, ...] = ()
    """Those that only the user knows, each with a proposal that the build uses as it is."""
    package: str | None = None
    path: tuple[str, ...] = ()
    """Folders that come first on `sys.path`."""
    cwd: str = "."
    move: str = "network"
    """`network`: the probe moves it; `program`: it is where the program puts it."""
    casts: bool = True
    """Whether the program changes dtypes outside of its networks."""
    loss: str | None = None
    body: tuple[int, ...] = ()
    """The first and last line of the network's class, where the file has it."""
    on_several: tuple[int, ...] = ()
    """The lines where the network is handed to what calls it on several GPUs."""
    left_out: tuple[int, ...] = ()
    """The lines of the program's calls that could not be cut out, and so are not run."""
