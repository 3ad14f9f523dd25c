"""Asks the real torch what an op gives, and compares the answer with that of the table."""

from __future__ import annotations

import contextlib
import itertools
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy
import torch

from samedevice.dataclass import replace
from samedevice.ops import table
from samedevice.ops.outcome import Context, Outcome
from samedevice.values.device import CPU, Device
from samedevice.values.dtype import DType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import (
    Array,
    Const,
    DeviceValue,
    DTypeValue,
    Many,
    Scalar,
    Slice,
    Tensor,
    Tuple,
    Value,
)

DTYPES = (torch.float32, torch.int64, torch.float16, torch.bool, torch.complex64)
CASTS = (torch.float64, torch.float16, torch.int64)
SAMPLES = 4


def value_of(real: Any) -> Value:
    """A real argument as the table sees it."""
    match real:
        case torch.Tensor():
            dtype = DType(str(real.dtype).removeprefix("torch."))
            data = real.item() if real.dim() == 0 and dtype.name.startswith("int") else None
            return Tensor(CPU, dtype, tuple(real.shape), requires_grad=real.requires_grad, data=data)
        case numpy.ndarray():
            return Array(DType(str(real.dtype)), real.shape)
        case torch.dtype():
            return DTypeValue(DType(str(real).removeprefix("torch.")))
        case torch.device():
            return DeviceValue(CPU) if real.type == "cpu" else Unknown(Why.NOT_MODELLED)
        case slice():
            return Slice(value_of(real.start), value_of(real.stop), value_of(real.step))
        case bool() | int() | float() | complex() | str() | None:
            return Const(real)
        case list():
            return Tuple(tuple(value_of(item) for item in real), type="list")
        case tuple():
            return Tuple(tuple(value_of(item) for item in real))
    return Const(...) if real is ... else Unknown(Why.NOT_MODELLED)


def public_name(name: str) -> str | None:
    """The row's name for an op of torch's own list."""
    if name in _LIKE_METHODS:
        return _LIKE_METHODS[name]
    if name in _ELSEWHERE:
        return _ELSEWHERE[name]
    for prefix in ("torch.", "torch.Tensor.", "torch.Tensor.__"):
        full = f"{prefix}{name}"
        if table.known(full):
            return full
    return None


_LIKE_METHODS = {
    "where": "torch.Tensor.where",
    "polygamma": "torch.Tensor.polygamma",
    "special.polygamma": "torch.Tensor.polygamma",
}
"""Ops whose samples stand in the order of the method."""

_ELSEWHERE = {name: f"torch.Tensor.{name}_" for name in ("cauchy", "exponential", "geometric", "log_normal", "uniform")}


@dataclass
class Tally:
    """What came of the comparisons of one row."""

    dtype: Counter[str] = field(default_factory=Counter)
    shape: Counter[str] = field(default_factory=Counter)
    refusal: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """One call: of the real function, and of the row."""

    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    note: str = ""


def ask(question: Question, tally: Tally) -> None:
    """Compare the answer of torch with that of the table."""
    args = [value_of(one) for one in question.args]
    kwargs = {key: value_of(one) for key, one in question.kwargs.items()}
    outcome = table.call(question.name, args, kwargs, Context())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            real = question.function(*question.args, **question.kwargs)
    except Exception as error:
        _refused(question, outcome, error, tally)
        return
    certain = [clash for clash in outcome.clashes if clash.certain]
    if certain:
        tally.refusal["false alarm"] += 1
        tally.disagreements.append(f"{described(question)}: torch accepts, the row says {certain[0].text}")
        return
    tally.refusal["accepted"] += 1
    compare(real, outcome.value, described(question), tally)


def _refused(question: Question, outcome: Outcome, error: Exception, tally: Tally) -> None:
    if not outcome.clashes:
        tally.refusal["missed"] += 1
        MISSED[f"{question.name}: {question.note}: {type(error).__name__}: {str(error)[:110]}"] += 1
        return
    said = outcome.clashes[0].text
    same = said.replace("RuntimeError: ", "").partition(": ")[2] in str(error) or said.partition(": ")[2] in str(error)
    tally.refusal["refused" if same else "refused otherwise"] += 1
    if not same:
        TEXTS[
            f"{question.name}: {question.note}: row: {said[:120]} || torch: {type(error).__name__}: {str(error)[:120]}"
        ] += 1


MISSED: Counter[str] = Counter()
TEXTS: Counter[str] = Counter()


def described(question: Question) -> str:
    """A call in a line."""
    shown = [_shown(one) for one in question.args]
    shown += [f"{key}={_shown(one)}" for key, one in question.kwargs.items()]
    return f"{question.name}({', '.join(shown)})"


def _shown(real: Any) -> str:
    if isinstance(real, torch.Tensor):
        return f"{str(real.dtype).removeprefix('torch.')}{list(real.shape)}"
    if isinstance(real, list | tuple):
        return "[" + ", ".join(_shown(one) for one in real[:8]) + "]"
    return repr(real)[:40]


def compare(real: Any, value: Value, where: str, tally: Tally) -> None:
    """Compare one result."""
    match real:
        case torch.Tensor():
            _compare_tensor(real, value, where, tally)
        case list() | tuple() if not isinstance(real, torch.Size):
            if isinstance(value, Many):
                for one in real:
                    compare(one, value.item, where, tally)
            elif isinstance(value, Tuple):
                if len(value.items) != len(real):
                    tally.shape["wrong"] += 1
                    tally.disagreements.append(f"{where}: {len(real)} results, the row has {len(value.items)}")
                    return
                for one, other in zip(real, value.items, strict=True):
                    compare(one, other, where, tally)
            elif not isinstance(value, Unknown):
                tally.disagreements.append(f"{where}: a sequence, the row has {value}")
        case bool() | int() | float():
            if isinstance(value, Const) and value.value != real:
                tally.disagreements.append(f"{where}: {real}, the row has {value.value}")
            elif isinstance(value, Scalar) and value.type not in ("", type(real).__name__):
                tally.disagreements.append(f"{where}: a {type(real).__name__}, the row has {value.type}")


def _compare_tensor(real: torch.Tensor, value: Value, where: str, tally: Tally) -> None:
    if isinstance(value, Unknown | Scalar):
        tally.dtype["unknown"] += 1
        tally.shape["unknown"] += 1
        return
    if not isinstance(value, Tensor):
        tally.disagreements.append(f"{where}: a tensor, the row has {value}")
        return
    name = str(real.dtype).removeprefix("torch.")
    if not isinstance(value.dtype, DType):
        tally.dtype["unknown"] += 1
    elif value.dtype.name == name:
        tally.dtype["agreed"] += 1
    else:
        tally.dtype["wrong"] += 1
        tally.disagreements.append(f"{where}: {name}, the row says {value.dtype}")
    if value.device != CPU and not isinstance(value.device, Unknown):
        tally.disagreements.append(f"{where}: on cpu, the row says {value.device}")
    if value.shape is None:
        tally.shape["unknown"] += 1
    elif len(value.shape) != real.dim() or any(
        dim is not None and dim != size for dim, size in zip(value.shape, real.shape, strict=True)
    ):
        tally.shape["wrong"] += 1
        tally.disagreements.append(f"{where}: of shape {list(real.shape)}, the row says {list(value.shape)}")
    else:
        tally.shape["agreed" if None not in value.shape else "in part"] += 1


def samples(
    info: Any, dtype: torch.dtype, count: int = SAMPLES, among: int = 24
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """A few of torch's own sample inputs of an op, spread over the first that it has."""
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        listed = list(itertools.islice(info.sample_inputs("cpu", dtype, requires_grad=False), among))
        step = max(1, len(listed) // count)
        for sample in listed[::step][: count + 1]:
            args = (sample.input, *sample.args)
            if sample.input is None:
                continue
            yield args, dict(sample.kwargs)


def casts(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """The same call with one floating tensor of another dtype, the first and the second in turn."""
    places = [i for i, one in enumerate(args) if isinstance(one, torch.Tensor) and one.is_floating_point()]
    named = [key for key, one in kwargs.items() if isinstance(one, torch.Tensor) and one.is_floating_point()]
    if len(places) + len(named) < 2:
        named = []
    for dtype in CASTS:
        for place in places[:3]:
            yield f"arg {place} {dtype}", (*args[:place], args[place].to(dtype), *args[place + 1 :]), kwargs
        for key in named[:3]:
            yield f"{key} {dtype}", args, kwargs | {key: kwargs[key].to(dtype)}


def arranged(info: Any, args: tuple[Any, ...]) -> tuple[Callable[..., Any], tuple[Any, ...]] | None:
    """The function and arguments in the public order; None for samples of another function than the row's."""
    if info.name in ("nn.functional.embedding", "nn.functional.embedding_bag"):
        function = getattr(torch.nn.functional, info.name.rpartition(".")[2])
        return function, (args[1], args[0], *args[2:])
    if info.name == "einsum":
        return torch.einsum, (args[1], args[0])
    if info.name in ("svd_lowrank", "pca_lowrank"):
        return getattr(torch, info.name), (args[0] @ args[1].mT,)
    if info.name == "linalg.lstsq":
        return torch.linalg.lstsq, args
    if info.name == "linalg.pinv" and info.variant_test_name == "singular":
        return None
    if info.name == "normal" and not isinstance(args[1], torch.Tensor):
        return None
    return info.op, args


def prove(info: Any, dtypes: tuple[torch.dtype, ...] = DTYPES) -> Tally | None:
    """Ask about one op over its samples; None where it has no row."""
    name = public_name(info.name)
    if name is None:
        return None
    tally = Tally()
    claimed = info.supported_dtypes("cpu")
    for dtype in dtypes:
        if dtype not in claimed:
            continue
        torch.manual_seed(0)
        for given, kwargs in samples(info, dtype, SAMPLES if dtype is torch.float32 else 2):
            found = arranged(info, given)
            if found is None:
                continue
            function, args = found
            ask(Question(name, function, args, kwargs, f"{dtype}"), tally)
            if dtype is torch.float32:
                for note, changed, more in casts(args, kwargs):
                    ask(Question(name, function, changed, more, note), tally)
    return tally


@dataclass(frozen=True)
class Placement:
    """A sample with one tensor on the CPU and all others on an accelerator, and what the CUDA build said of it."""

    info: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    operand: int
    text: str
    """Empty where it ran."""
    out: str


def placements(info: Any, recorded: list[list[Any]], texts: list[str]) -> Iterator[Placement]:
    """The recorded placements of an op whose sample is still the same."""
    torch.manual_seed(0)
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        listed = list(itertools.islice(info.sample_inputs("cpu", torch.float32, requires_grad=False), 15))
        step = max(1, len(listed) // 5)
        chosen = listed[::step][:5]
        for number, operand, shape, text, out in recorded:
            if number >= len(chosen):
                continue
            sample = chosen[number]
            args = (sample.input, *sample.args)
            kwargs = dict(sample.kwargs)
            tensors = [
                one for one in torch.utils._pytree.tree_flatten((args, kwargs))[0] if isinstance(one, torch.Tensor)
            ]
            if operand < len(tensors) and list(tensors[operand].shape) == shape:
                yield Placement(info, args, kwargs, operand, texts[text] if text >= 0 else "", out)


def placed_values(placement: Placement) -> tuple[list[Value], dict[str, Value]]:
    """The arguments of a placement as the table sees them."""
    counter = itertools.count()

    def convert(real: Any) -> Value:
        if isinstance(real, torch.Tensor):
            value = value_of(real)
            device = CPU if next(counter) == placement.operand else CUDA
            return replace(value, device=device) if isinstance(value, Tensor) else value
        if isinstance(real, list | tuple) and not isinstance(real, torch.Size):
            return Tuple(tuple(convert(one) for one in real), type="list" if isinstance(real, list) else "tuple")
        return DeviceValue(CUDA) if isinstance(real, torch.device) or real == "cpu" else value_of(real)

    args = [convert(one) for one in placement.args]
    return args, {key: convert(one) for key, one in placement.kwargs.items()}


CUDA = Device("cuda", 0)


def judge(placement: Placement, tally: Counter[str], wrong: list[str], missed: Counter[str]) -> None:
    """Compare the verdict of the CUDA build with that of the table."""
    name = public_name(placement.info.name)
    args, kwargs = placed_values(placement)
    if name is None:
        return
    if placement.info.name in ("nn.functional.embedding", "nn.functional.embedding_bag", "einsum"):
        args = [args[1], args[0], *args[2:]]
    outcome = table.call(name, args, kwargs, Context())
    where = f"{name}({', '.join(map(_brief, args))}; {', '.join(f'{k}={_brief(v)}' for k, v in kwargs.items())})"
    if not placement.text:
        if outcome.clashes:
            tally["false alarm"] += 1
            wrong.append(f"{where}: torch accepts, the row says {outcome.clashes[0].text}")
        else:
            tally["accepted"] += 1
            _judge_result(placement, outcome.value, where, tally, wrong)
    elif not outcome.clashes:
        tally["missed"] += 1
        missed[f"{name} operand {placement.operand}: {placement.text[:150]}"] += 1
    else:
        same = outcome.clashes[0].text[:190] == placement.text[:190]
        tally["refused" if same else "refused otherwise"] += 1
        if not same:
            missed[f"TEXT {name}: {outcome.clashes[0].text[:200]} || {placement.text[:200]}"] += 1


def _judge_result(placement: Placement, value: Value, where: str, tally: Counter[str], wrong: list[str]) -> None:
    if isinstance(value, Tuple):
        return
    if not isinstance(value, Tensor) or isinstance(value.device, Unknown) or not placement.out:
        return
    if str(value.device) != placement.out:
        wrong.append(f"{where}: on {placement.out}, the row says {value.device}")
    else:
        tally["device agreed"] += 1


def _brief(value: Value) -> str:
    match value:
        case Tensor(device=device, shape=shape):
            return f"{device}{list(shape or ())}"
        case Tuple(items=items):
            return "[" + ", ".join(_brief(item) for item in items[:4]) + "]"
        case Const(value=inner):
            return repr(inner)
    return type(value).__name__
