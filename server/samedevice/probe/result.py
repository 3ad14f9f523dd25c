"""What a probe found, as plain records, and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from samedevice.dataclass import asdict, dataclass, field, field_names

SCHEMA = 1

CLEAN, MISMATCH, ERROR, UNCERTAIN, NOT_RUN = VERDICTS = ("clean", "mismatch", "error", "uncertain", "not run")

Shown = Mapping[str, Any]
"""A tensor as `{"shape": [2, 3], "dtype": "float32", "device": "cuda:0"}`; a `list` or a `dict` has a `type` and
`items`, any other value only a `type`."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of a traceback."""

    file: str
    line: int
    function: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """What stopped a run, and where."""

    kind: str
    """device, dtype, shape, memory, crash, timeout, cancelled, import, exit, interpreter or other."""
    message: str
    error: str = ""
    stage: str = ""
    file: str | None = None
    """The innermost line of the user's own code; None where no line of it is to blame."""
    line: int | None = None
    text: str = ""
    layer: str | None = None
    operands: tuple[Shown, ...] = ()
    traceback: tuple[Frame, ...] = ()
    certain: bool = True
    note: str = ""
    remedy: str = ""
    """What to do, where reading the code explains it."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A submodule and what went through it."""

    path: str
    name: str
    """The class, as `Conv2d`."""
    depth: int = 0
    calls: int = 0
    order: int | None = None
    """When it was first called, counted from 0."""
    file: str | None = None
    line: int | None = None
    input: tuple[Shown, ...] = ()
    output: Shown | None = None
    parameters: int = 0
    own_parameters: int = 0
    trainable: int = 0
    parameter_dtype: str | None = None
    parameter_device: str | None = None
    flops: int | None = None
    mult_adds: int | None = None
    ms: float | None = None
    bytes: int | None = None
    status: str = "not reached"


@dataclass(frozen=True, slots=True)
class Value:
    """What an assignment in the user's own code gave when it first ran."""

    file: str
    line: int
    name: str
    device: str
    dtype: str
    shape: tuple[int, ...]
    kind: str = "assignment"
    """`argument` for a parameter of a function."""
    changes: bool = False
    """Whether it was something else when the line ran again."""


@dataclass(frozen=True, slots=True)
class Run:
    """The network once through, in one dtype."""

    dtype: str
    verdict: str
    autocast: str | None = None
    failure: Failure | None = None
    ms: float | None = None
    backward_ms: float | None = None
    peak_bytes: int | None = None
    flops: int | None = None
    mult_adds: int | None = None
    output: Shown | None = None
    difference: Mapping[str, float] | None = None
    """From the first run: `max_abs` and `relative`."""
    layers: tuple[Layer, ...] = ()
    values: tuple[Value, ...] = ()
    memory: tuple[Mapping[str, Any], ...] = ()
    """`{"layer": path, "allocated": bytes}` in the order of the calls, on a GPU."""
    notes: tuple[str, ...] = ()
    batch: int | None = None
    """The size of the first dimension, in a sweep."""
    ran: Mapping[str, Any] = field(default_factory=dict)
    """The lines of the user's files whose statements ran to their end in the forward pass."""


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of one probe."""

    verdict: str
    why: str
    environment: Mapping[str, Any] = field(default_factory=dict)
    network: Mapping[str, Any] = field(default_factory=dict)
    input: Mapping[str, Any] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    captured: Mapping[str, str] = field(default_factory=dict)
    failure: Failure | None = None
    """What went wrong before or around the runs: no torch, no such network, a crash."""
    left_out: tuple[int, ...] = ()
    """The lines of the program's calls of the network that were not run."""
    program: Run | None = None
    """The program itself, where it was run to settle a doubt."""
    schema: int = SCHEMA

    def first_failure(self) -> Failure | None:
        """The failure to show on top."""
        return self.failure or next((run.failure for run in self.runs if run.failure), None)


def to_json(result: Result) -> dict[str, Any]:
    """The answer as JSON knows it; a layer's `name` is called `class` there."""
    data: dict[str, Any] = asdict(result)
    for run in (*data["runs"], *filter(None, [data["program"]])):
        for layer in run["layers"]:
            layer["class"] = layer.pop("name")
    return data


def from_json(data: Mapping[str, Any]) -> Result:
    """The answer that `to_json`, or the child, wrote; what is not known here is left out."""
    return _made(Result, data)


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _made(kind: type[T], data: Mapping[str, Any]) -> T:
    """A record of its fields in JSON."""
    hints = _hints(kind)  # type: ignore[arg-type]  # a class can be hashed
    given = dict(data)
    if kind is Layer and "class" in given:
        given["name"] = given.pop("class")
    names = field_names(kind)
    return kind(**{name: _value(hints[name], given[name]) for name in names if name in given})


def _value(hint: Any, value: Any) -> Any:
    """A field's value: records and tuples of them are made again, anything else is as it is in JSON."""
    inner = next((one for one in (hint, *get_args(hint)) if isinstance(one, type) and field_names(one)), None)
    if isinstance(value, (list, tuple)) and tuple in (hint, getattr(hint, "__origin__", None)):
        return tuple(_made(inner, item) if isinstance(inner, type) else item for item in value)
    if isinstance(value, Mapping) and isinstance(inner, type):
        return _made(inner, value)
    return value
