"""What a row answers when it is asked about a call."""

from __future__ import annotations

from enum import Enum

from samedevice.dataclass import dataclass
from samedevice.values.condition import Path
from samedevice.values.device import CPU, AnyDevice
from samedevice.values.dtype import AnyDType, DType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Value

Version = tuple[int, int]
NEWEST: Version = (2, 13)
"""The version of PyTorch that the table is written for."""


class Refusal(Enum):
    """Why PyTorch refuses a call. One kind, one family of rules."""

    DEVICE = "operands on different devices"
    INDEX_DEVICE = "an index on an accelerator into a CPU tensor"
    GENERATOR = "a generator on another device"
    LENGTHS = "lengths of a packed sequence off the CPU"
    TO_NUMPY_DEVICE = "numpy wants CPU memory"
    TO_NUMPY_GRAD = "numpy does not take a tensor that requires grad"
    TO_NUMPY_DTYPE = "numpy has no such dtype"
    PIN = "only CPU tensors can be pinned"
    LEGACY_CONSTRUCTOR = "torch.FloatTensor and its kin take no such device"
    DTYPE = "operands of different dtypes where nothing promotes"
    TARGET_DTYPE = "a loss target of a dtype that the loss does not take"
    INDEX_DTYPE = "an index or mask of a dtype that does not index"
    MASK_DTYPE = "a mask that is not bool"
    FLOAT_NEEDED = "an integer or bool tensor where a floating one is needed"
    INPLACE = "an in-place result that can't be cast"
    NO_KERNEL = "the op has no kernel for the dtype"
    GRAD_DTYPE = "only floating and complex tensors require grad"
    MPS_FLOAT64 = "MPS has no float64"
    SHAPE = "sizes that do not fit"
    ARGUMENT = "an argument of a kind the op does not take"


@dataclass(frozen=True, slots=True)
class Clash:
    """A refusal: the arguments it concerns (names of its signature, `tensors[1]` for items) and PyTorch's text."""

    kind: Refusal
    arguments: tuple[str, ...]
    text: str
    """What PyTorch prints, with its class: "RuntimeError: Expected ..."."""
    when: Path = ()
    """The undecided conditions under which it happens, beyond those of the place."""
    certain: bool = True
    """False where it is refused only unless a symbol happens to be cpu."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an operation and what PyTorch would refuse about it."""

    value: Value
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What the result of an op depends on besides its arguments."""

    path: Path = ()
    default_device: AnyDevice = CPU
    """torch.set_default_device, `with torch.device(...)`."""
    default_dtype: AnyDType = DType("float32")
    autocast: AnyDType | None = None
    """The dtype of the autocast region, if in one; Unknown when it may or may not be one."""
    autocast_device: str = "cuda"
    grad: bool | None = True
    """False under no_grad and inference_mode."""
    machine: str = "cuda"
    """The assumed machine: cuda, cpu or mps."""
    devices: int = 2
    """How many accelerators the assumed machine has."""
    torch: Version = NEWEST
    """The version of PyTorch that is assumed."""
    plain_device: AnyDevice = CPU
    """torch.set_default_tensor_type: where `torch.Tensor(...)` is made."""


def unknown(why: Why = Why.NO_ROW) -> Outcome:
    return Outcome(Unknown(why))
