"""Devices in the table: symbols, undecided conditions, exemptions, generators, numpy and autocast."""

from __future__ import annotations

from typing import Any

import pytest

from samedevice.dataclass import replace
from samedevice.ops import table
from samedevice.ops.outcome import Context, Outcome, Refusal
from samedevice.values.condition import Choice, Key
from samedevice.values.device import CPU, Device, SymDevice
from samedevice.values.dtype import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, INT64, SymDType
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, DeviceValue, DTypeValue, Many, Tensor, Tuple, Value

CUDA = Device("cuda", 0)
OTHER = Device("cuda", 1)
SYMBOL = SymDevice("device", "device")
FLAG = Key("flag", "args.cuda", named=True)
ONCE = Key("once", "n > 3", named=False)
UNKNOWN = Unknown(Why.CALLER)
CONTEXT = Context()


def tensor(device: Any = CPU, dtype: Any = FLOAT32, shape: Any = (3,), **more: Any) -> Tensor:
    return Tensor(device, dtype, shape, **more)


def ask(name: str, *args: Value, context: Context = CONTEXT, **kwargs: Value) -> Outcome:
    return table.call(name, args, kwargs, context)


def kinds(outcome: Outcome) -> list[Refusal]:
    return [clash.kind for clash in outcome.clashes]


@pytest.mark.parametrize(
    ("first", "second", "certain"),
    [(CUDA, CPU, True), (CPU, CUDA, True), (CUDA, OTHER, True), (SYMBOL, CPU, False)],
)
def test_different_devices_clash(first: Any, second: Any, certain: bool) -> None:
    outcome = ask("torch.add", tensor(first), tensor(second))
    assert kinds(outcome) == [Refusal.DEVICE]
    assert outcome.clashes[0].certain is certain
    assert outcome.clashes[0].arguments == ("input", "other")
    assert outcome.value.device == Unknown(Why.CLASH)  # type: ignore[union-attr]  # a tensor, or the test fails


@pytest.mark.parametrize(("first", "second"), [(CUDA, SYMBOL), (SYMBOL, SymDevice("other", "other")), (UNKNOWN, CPU)])
def test_not_known_is_silent(first: Any, second: Any) -> None:
    assert not ask("torch.add", tensor(first), tensor(second)).clashes


def test_zero_dim_cpu_is_exempt() -> None:
    assert not ask("torch.mul", tensor(CUDA), tensor(CPU, shape=())).clashes
    assert ask("torch.mul", tensor(CUDA, shape=()), tensor(CPU)).clashes
    assert ask("torch.Tensor.mul_", tensor(CPU, shape=()), tensor(CUDA, shape=())).clashes
    assert not ask("torch.mul", tensor(CUDA), tensor(CPU, shape=None)).clashes
    assert ask("torch.nn.functional.mse_loss", tensor(CUDA), tensor(CPU, shape=())).clashes


def test_a_flag_that_moves_one_operand() -> None:
    moved = tensor(Choice(FLAG, CUDA, CPU))
    clash = ask("torch.add", moved, tensor(CPU)).clashes[0]
    assert clash.when == ((FLAG, True),)
    assert not ask("torch.add", moved, tensor(CUDA)).clashes
    assert not ask("torch.add", moved, moved).clashes
    assert not ask("torch.add", tensor(Choice(ONCE, CUDA, CPU)), tensor(CPU)).clashes


def test_every_case_clashes() -> None:
    outcome = ask("torch.add", tensor(Choice(ONCE, CUDA, OTHER)), tensor(CPU))
    assert outcome.clashes[0].when == ()


def test_facets_follow_the_condition() -> None:
    value = ask("torch.relu", tensor(Choice(FLAG, CUDA, CPU))).value
    assert isinstance(value, Tensor)
    assert value.device == Choice(FLAG, CUDA, CPU)
    under = replace(CONTEXT, path=((FLAG, True),))
    decided = ask("torch.relu", tensor(Choice(FLAG, CUDA, CPU)), context=under).value
    assert isinstance(decided, Tensor)
    assert decided.device == CUDA


def test_indices() -> None:
    index = tensor(CUDA, INT64)
    assert kinds(ask("torch.Tensor.__getitem__", tensor(CPU), index)) == [Refusal.INDEX_DEVICE]
    assert not ask("torch.Tensor.__getitem__", tensor(CUDA), tensor(CPU, INT64)).clashes
    assert not ask("torch.Tensor.__getitem__", tensor(CPU), tensor(CUDA, INT64, ())).clashes
    assert not ask("torch.Tensor.__setitem__", tensor(CUDA), Const(0), tensor(CPU, shape=())).clashes
    assert kinds(ask("torch.Tensor.__setitem__", tensor(CUDA), index, tensor(CPU))) == [Refusal.DEVICE]
    assert kinds(ask("torch.nn.functional.embedding", index, tensor(CPU, shape=(9, 4)))) == [Refusal.DEVICE]


def test_to_keeps_what_it_does_not_change() -> None:
    parameter = tensor(CUDA, requires_grad=True, parameter=True, cell=7)
    assert ask("torch.Tensor.to", parameter, DeviceValue(CUDA)).value is parameter
    assert ask("torch.Tensor.to", parameter, DTypeValue(FLOAT32)).value is parameter
    moved = ask("torch.Tensor.to", parameter, DeviceValue(CPU)).value
    assert isinstance(moved, Tensor)
    assert (moved.leaf, moved.parameter, moved.cell) == (False, False, None)
    maybe = ask("torch.Tensor.to", parameter, DeviceValue(SYMBOL)).value
    assert isinstance(maybe, Tensor)
    assert (maybe.device, maybe.leaf) == (SYMBOL, None)


def test_cuda_without_an_index_is_the_first() -> None:
    assert not ask(
        "torch.add", ask("torch.zeros", Const(3), device=DeviceValue(Device("cuda"))).value, tensor(CUDA)
    ).clashes
    assert not ask("torch.add", ask("torch.zeros", Const(3), device=Const("cuda")).value, tensor(CUDA)).clashes


def test_generators() -> None:
    found = ask("torch.randn", Const(3), generator=DeviceValue(CPU), device=DeviceValue(CUDA))
    assert kinds(found) == [Refusal.GENERATOR]
    assert not ask("torch.randn", Const(3), generator=DeviceValue(CPU)).clashes


def test_numpy_reads_cpu_memory() -> None:
    assert kinds(ask("torch.Tensor.numpy", tensor(CUDA))) == [Refusal.TO_NUMPY_DEVICE]
    assert kinds(ask("numpy.asarray", tensor(CUDA))) == [Refusal.TO_NUMPY_DEVICE]
    assert kinds(ask("numpy.array", Tuple((tensor(CUDA),), type="list"))) == [Refusal.TO_NUMPY_DEVICE]
    assert kinds(ask("torch.Tensor.numpy", tensor(requires_grad=True))) == [Refusal.TO_NUMPY_GRAD]
    assert kinds(ask("torch.Tensor.pin_memory", tensor(CUDA))) == [Refusal.PIN]
    assert kinds(ask("torch.from_numpy", tensor())) == [Refusal.ARGUMENT]


def test_autocast() -> None:
    context = replace(CONTEXT, autocast=FLOAT16)
    weight = tensor(CUDA, shape=(4, 3))
    result = ask("torch.nn.functional.linear", tensor(CUDA, shape=(2, 3)), weight, context=context)
    assert not result.clashes
    assert isinstance(result.value, Tensor)
    assert result.value.dtype == FLOAT16
    assert ask("torch.nn.functional.linear", tensor(CUDA, FLOAT64, (2, 3)), weight, context=context).clashes
    soft = ask("torch.softmax", tensor(CUDA, FLOAT16), Const(0), context=context).value
    assert isinstance(soft, Tensor)
    assert soft.dtype == FLOAT32
    on_cpu = ask("torch.matmul", tensor(shape=(2, 3)), tensor(shape=(3, 2)), context=context).value
    assert isinstance(on_cpu, Tensor)
    assert on_cpu.dtype == FLOAT32
    loss = ask("torch.nn.functional.binary_cross_entropy", tensor(CUDA), tensor(CUDA), context=context)
    assert "unsafe to autocast" in loss.clashes[0].text


def test_mps_has_no_float64() -> None:
    context = replace(CONTEXT, machine="mps")
    assert kinds(ask("torch.Tensor.to", tensor(dtype=FLOAT64), Const("mps"), context=context)) == [Refusal.MPS_FLOAT64]
    assert not ask("torch.Tensor.to", tensor(), Const("mps"), context=context).clashes


def test_what_cannot_be_a_tensor() -> None:
    assert kinds(ask("torch.nn.functional.linear", Const(None), tensor(shape=(4, 3)))) == [Refusal.ARGUMENT]
    assert not ask("torch.nn.functional.linear", UNKNOWN, tensor(shape=(4, 3))).clashes


def test_symbols_of_dtypes() -> None:
    own = SymDType("self", "dtype of self", floating=True)
    weight = tensor(SYMBOL, own, (4, 3))
    assert not ask("torch.nn.functional.linear", tensor(SYMBOL, FLOAT32, (2, 3)), weight).clashes
    assert kinds(ask("torch.nn.functional.linear", tensor(SYMBOL, INT64, (2, 3)), weight)) == [Refusal.DTYPE]


def test_wrong_calls_are_unknown() -> None:
    assert isinstance(ask("torch.zeros_like").value, Unknown)
    assert isinstance(ask("torch.add", tensor(), tensor(), nonsense=Const(1)).value, Unknown)
    assert isinstance(ask("torch.no_such_function", tensor()).value, Unknown)


def test_sequences_of_unknown_length() -> None:
    joined = ask("torch.cat", Many(tensor(CUDA, BFLOAT16, (2, 3)), "list")).value
    assert isinstance(joined, Tensor)
    assert (joined.device, joined.dtype, joined.shape) == (CUDA, BFLOAT16, (None, 3))
    stacked = ask("torch.stack", Many(tensor(CUDA, shape=(3,)), "list")).value
    assert isinstance(stacked, Tensor)
    assert stacked.shape == (None, 3)
