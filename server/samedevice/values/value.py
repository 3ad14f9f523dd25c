"""The family of values. All are frozen; what changes lives on the heap and is named by an address."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Any

from samedevice.dataclass import dataclass, field
from samedevice.values.condition import Choice
from samedevice.values.device import AnyDevice
from samedevice.values.dtype import AnyDType
from samedevice.values.unknown import Unknown

if TYPE_CHECKING:
    import ast

    from samedevice.syntax.source import SourceFile

Dim = int | str | None
"""A size: known, a symbol in the user's words (`batch`), or not known."""
Shape = tuple[Dim, ...]
_MARKS = re.compile(r"\w+#\.|@\d+\.|#\d+(?=\.|$)")
"""What makes a symbol differ from others of the same name."""


def size_name(size: str) -> str:
    """A size that is a symbol, in the user's words."""
    return _MARKS.sub("", size)


def sizes_text(sizes: Shape) -> str:
    """A shape as a person reads it: `[2, n, ?]`."""
    return f"[{', '.join('?' if size is None else size_name(str(size)) for size in sizes)}]"


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of one file's syntax."""

    source: SourceFile
    node: ast.AST


class How(Enum):
    """How a facet of a tensor was decided."""

    DEFAULT = "default"  # a factory's default: torch.zeros(3)
    GIVEN = "given"  # device=..., dtype=...
    MOVED = "moved"  # .to(...), .cuda(), .half()
    FIXED = "fixed"  # the op always gives it: argmax gives int64
    NUMPY = "numpy"  # it came with a numpy array
    CONTRACT = "contract"  # what callers of a network promise
    LOADED = "loaded"  # torch.load
    PROMOTED = "promoted"  # two dtypes met
    AUTOCAST = "autocast"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and how a facet was decided; `words` complete "x is on cpu, ..."."""

    how: How
    words: str
    place: Place | None = None
    """None until the interpreter, which alone knows places, fills it in."""


class Kept(Enum):
    """How a network keeps a tensor or child."""

    PARAMETER = "parameter"
    BUFFER = "buffer"
    CHILD = "child"
    PLAIN = "plain attribute"


@dataclass(frozen=True, slots=True)
class Slot:
    """The attribute that a tensor was read from."""

    owner: int
    """Address of the instance."""
    class_name: str
    attribute: str
    kept: Kept
    network: bool
    """Whether the owner is an nn.Module."""
    place: Place | None
    """Where it was assigned."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor; operations make new ones, and only `cell` gives identity (Parameters move in place)."""

    device: AnyDevice
    dtype: AnyDType
    shape: Shape | None = None
    requires_grad: bool | None = False
    leaf: bool | None = True
    parameter: bool = False
    cell: int | None = None
    pinned: bool = False
    data: Any = None
    """The Python number of a 0-dim tensor where it is known, for `int(t)` and control flow; else None."""
    device_from: Origin | None = field(default=None, compare=False)
    dtype_from: Origin | None = field(default=None, compare=False)
    slot: Slot | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Array:
    """A numpy array (`scalar`: a numpy scalar such as np.float64)."""

    dtype: AnyDType
    shape: Shape | None = None
    scalar: bool = False
    dtype_from: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Const:
    """A Python constant: number, string, bytes, bool, None, Ellipsis."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Scalar:
    """A Python value of a known type (`int`, `float`, `bool`, `str`, ...) that is not known itself."""

    type: str
    symbol: str = ""
    """Names it where two readings surely agree: a size, a flag."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tuple:
    """A tuple of known length; `fields` where it has named members (torch.max(x, 1), namedtuple)."""

    items: tuple[Value, ...]
    fields: tuple[str, ...] = ()
    type: str = "tuple"


@dataclass(frozen=True, slots=True)
class Many:
    """A sequence of unknown length whose items are all like `item`."""

    item: Value
    type: str = "tuple"


@dataclass(frozen=True, slots=True)
class Slice:
    start: Value
    stop: Value
    step: Value


@dataclass(frozen=True, slots=True)
class DeviceValue:
    """A torch.device."""

    device: AnyDevice
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DTypeValue:
    """A torch.dtype or a numpy dtype."""

    dtype: AnyDType
    numpy: bool = False


@dataclass(frozen=True, slots=True)
class Library:
    """Something of a library, by its public dotted name: `torch.nn.functional.relu`, `numpy`, `math.sqrt`."""

    name: str


@dataclass(frozen=True, slots=True)
class Method:
    """A library method bound to a value: `x.add`."""

    receiver: Value
    name: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A heap object: list, dict, set, instance, scope, function, class, generator."""

    address: int


Value = (
    Tensor
    | Array
    | Const
    | Scalar
    | Tuple
    | Many
    | Slice
    | DeviceValue
    | DTypeValue
    | Library
    | Method
    | Ref
    | Unknown
    | Choice["Value"]
)

NONE = Const(None)
