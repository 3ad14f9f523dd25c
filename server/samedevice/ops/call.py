"""One call of an op: its bound arguments, read in the ways words need them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from samedevice.dataclass import dataclass, field
from samedevice.ops.outcome import Clash, Context, Refusal
from samedevice.ops.signature import Signature
from samedevice.values.device import AnyDevice, Device, Same, compare
from samedevice.values.dtype import AnyDType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    NONE,
    Array,
    Const,
    DeviceValue,
    Dim,
    DTypeValue,
    How,
    Library,
    Many,
    Method,
    Origin,
    Scalar,
    Shape,
    Slice,
    Tensor,
    Tuple,
    Value,
    size_name,
)

DeviceFacet = tuple[AnyDevice, "Origin | None"]
DTypeFacet = tuple[AnyDType, "Origin | None"]
CLASHED = Unknown(Why.CLASH)


class NotUnderstood(Exception):
    """The arguments are of a kind that the word does not follow; the outcome is unknown."""


class Given(NamedTuple):
    """A tensor argument, or one that may be a tensor: `tensor` is None where it is not known."""

    label: str
    tensor: Tensor | None

    @property
    def device(self) -> AnyDevice:
        return self.tensor.device if self.tensor else Unknown(Why.NOT_MODELLED)

    @property
    def dtype(self) -> AnyDType:
        return self.tensor.dtype if self.tensor else Unknown(Why.NOT_MODELLED)

    @property
    def zero_dim(self) -> bool | None:
        return zero_dim(self.tensor) if self.tensor else None


def zero_dim(tensor: Tensor) -> bool | None:
    """Whether a tensor has no dimensions; None where its rank is not known."""
    return None if tensor.shape is None else not tensor.shape


@dataclass(slots=True, eq=False)
class Call:
    """The arguments of a call by the names of the signature, and what was found to clash."""

    name: str
    signature: Signature
    arguments: dict[str, Value]
    given: frozenset[str]
    context: Context
    inplace: bool = False
    clashes: list[Clash] = field(default_factory=list)
    autocast_dtype: bool = False
    """Whether autocast decided the dtype of operands."""

    @property
    def short(self) -> str:
        """The last part of the op's name, as PyTorch's argument messages use it."""
        return self.name.rpartition(".")[2]

    def since(self, *version: int) -> bool:
        """Whether the assumed PyTorch is of this version or later."""
        return self.context.torch >= version

    def value(self, name: str) -> Value:
        """An argument, None where the signature has no such parameter."""
        return self.arguments.get(name, NONE)

    def absent(self, name: str) -> bool:
        """Whether an argument is None, given or by default."""
        return self.value(name) == NONE

    def tensor(self, name: str) -> Tensor | None:
        """An argument that is surely a tensor."""
        value = self.value(name)
        return value if isinstance(value, Tensor) else None

    def required(self, name: str) -> Tensor:
        """A tensor argument without which the word says nothing."""
        value = self.value(name)
        if not isinstance(value, Tensor):
            raise NotUnderstood(name)
        return value

    def shape(self, name: str) -> Shape | None:
        """The shape of a tensor argument, as far as known."""
        value = self.value(name)
        return value.shape if isinstance(value, Tensor | Array) else None

    def constant(self, name: str) -> Any:
        """The Python value of a constant argument; raises where it is not one."""
        value = self.value(name)
        if isinstance(value, Const):
            return value.value
        raise NotUnderstood(name)

    def integer(self, name: str) -> int | None:
        """An argument that is a known integer."""
        value = self.value(name)
        return integer_of(value)

    def flag(self, name: str) -> bool | None:
        """An argument that is a known bool."""
        value = self.value(name)
        return bool(value.value) if isinstance(value, Const) and value.value is not None else None

    def text(self, name: str) -> str | None:
        """An argument that is a known string."""
        value = self.value(name)
        return value.value if isinstance(value, Const) and isinstance(value.value, str) else None

    def dims(self, name: str) -> tuple[int, ...] | None:
        """One or several dimensions; None where not known."""
        return integers_of(self.value(name))

    def sizes(self, name: str) -> Shape | None:
        """A size argument as a shape; None where its length is not known."""
        value = self.value(name)
        if isinstance(value, Tuple) and len(value.items) == 1 and isinstance(value.items[0], Unknown):
            return None  # it may as well be a whole shape
        return shape_of(value)

    def tensors(self, names: Iterable[str]) -> list[Given]:
        """The arguments among `names` that are or may be tensors, items of sequences one by one."""
        return [given for name in names for given in _flattened(name, self.value(name))]

    def clash(
        self, kind: Refusal, arguments: Iterable[str], text: str, *, certain: bool = True, error: str = "RuntimeError"
    ) -> None:
        """Note that PyTorch refuses the call."""
        order = list(self.arguments)
        arguments = sorted(arguments, key=lambda label: _rank(order, label))
        self.clashes.append(Clash(kind, tuple(arguments), f"{error}: {text}", certain=certain))

    def devices_clash(
        self,
        first: Given,
        second: Given,
        text: Callable[[], str],
        kind: Refusal = Refusal.DEVICE,
    ) -> bool:
        """Note a clash if the two are on different devices, and say whether they are."""
        same = compare(first.device, second.device)
        if same is Same.NO or same is Same.UNLESS_CPU:
            self.clash(kind, (first.label, second.label), text(), certain=same is Same.NO)
            return True
        return False


def _rank(order: list[str], label: str) -> int:
    name = label.partition("[")[0]
    return order.index(name) if name in order else len(order)


def _flattened(name: str, value: Value) -> list[Given]:
    match value:
        case Tensor():
            return [Given(name, value)]
        case Tuple(items=items):
            return [given for index, item in enumerate(items) for given in _flattened(f"{name}[{index}]", item)]
        case Many(item=item):
            return _flattened(f"{name}[0]", item)
        case Unknown() | Array():
            return [Given(name, None)]
    return []


def integer_of(value: Value) -> int | None:
    """A value that is a known integer."""
    if isinstance(value, Const) and isinstance(value.value, int):
        return int(value.value)
    if isinstance(value, Tensor) and isinstance(value.data, int):
        return int(value.data)
    return None


def integers_of(value: Value) -> tuple[int, ...] | None:
    """One known integer or a sequence of them."""
    if isinstance(value, Tuple):
        found = [integer_of(item) for item in value.items]
        return tuple(item for item in found if item is not None) if None not in found else None
    single = integer_of(value)
    return None if single is None else (single,)


def dim_of(value: Value) -> Dim:
    """A size given as a value."""
    known = integer_of(value)
    if known is not None:
        return known
    if isinstance(value, Scalar | Unknown) and value.symbol:
        return value.symbol
    return None


def shape_of(value: Value) -> Shape | None:
    """A size argument as a shape."""
    match value:
        case Tuple(items=items):
            return tuple(dim_of(item) for item in items)
        case Const(value=int()) | Scalar(type="int"):
            return (dim_of(value),)
        case Tensor(shape=()):
            return (dim_of(value),)
    return None


def value_of(dim: Dim) -> Value:
    """A size as a Python value."""
    if isinstance(dim, int):
        return Const(dim)
    return Scalar("int", dim or "", size_name(dim or ""))


def ints(values: Iterable[int]) -> Tuple:
    """A tuple of Python integers."""
    return Tuple(tuple(Const(value) for value in values))


def decided(how: How, words: str) -> Origin:
    """An origin whose place the interpreter fills in."""
    return Origin(how, words)


def type_name(value: Value) -> str | None:
    """The Python type of a value that is surely no tensor, as messages print it; None where it may be one."""
    match value:
        case Const(value=inner):
            return type(inner).__name__
        case Scalar(type=name) if name:
            return name
        case Tuple(type=name) | Many(type=name):
            return name
        case Array(scalar=False):
            return "numpy.ndarray"
        case DeviceValue():
            return "torch.device"
        case DTypeValue():
            return "torch.dtype"
        case Method():
            return "builtin_function_or_method"
        case Slice():
            return "slice"
        case Library(name=name):
            return "builtin_function_or_method" if name.startswith("torch.") else None
    return None


def plain(device: AnyDevice) -> Device | None:
    """A device that is known by name."""
    return device if isinstance(device, Device) else None
