"""The network once through in one dtype: moved, watched, timed, and compared with the first run."""

from __future__ import annotations

import contextlib
import statistics
import time
from typing import Any, Callable, Dict, Iterator, NamedTuple

import torch

from .answers import Answers
from .counting import Counter
from .failures import failure
from .inputs import Input
from .layers import Clock, Recorder
from .places import Memory, Place
from .program import Program, seed
from .shown import mapped, shown, tensors
from .values import Tracer

Json = Dict[str, Any]
_LONG = 1.0
"""Seconds after which a measurement is not repeated any more."""


class Plan(NamedTuple):
    """What one run is to do."""

    request: Json
    program: Program
    place: Place
    dtype: str
    batch: int | None


class Runner:
    """One run."""

    def __init__(
        self, plan: Plan, answers: Answers, network: torch.nn.Module, given: Input, first: Runner | None
    ) -> None:
        self.plan, self.answers, self.network, self.given, self.first = plan, answers, network, given, first
        self.dtype: torch.dtype = getattr(torch, plan.dtype)
        self.own = plan.request.get("move") == "program"
        self.memory = Memory(plan.place.device) if plan.place.cuda else None
        self.stage = ""
        self.recorder: Recorder | None = None
        self.output: Any = None
        self.record: Json = {
            "dtype": plan.dtype,
            "autocast": plan.request.get("autocast"),
            "batch": plan.batch,
            "verdict": "clean",
            "failure": None,
            "difference": None,
            "notes": [],
            "layers": [],
            "values": [],
            "memory": [],
            "ran": {},
        }

    def run(self) -> Json:
        """Everything, up to the first failure."""
        try:
            self._enter("move")
            self._move()
            self._enter("forward")
            self._watch()
            if self.plan.request.get("backward"):
                self._enter("backward")
                self._backward()
            if not self.plan.place.virtual:
                self._enter("measure")
                self._measure()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            self._failed(error)
        self._finish()
        return self.record

    def _enter(self, stage: str) -> None:
        self.stage = stage
        self.answers.stage(stage, self.plan.dtype)

    def _move(self) -> None:
        """The network and its inputs to the device and the dtype, as a training loop would."""
        self.network.train(bool(self.plan.request.get("train")))
        if self.plan.request.get("backward"):  # cuDNN has no backward for recurrent layers in evaluation
            for one in self.network.modules():
                if isinstance(one, torch.nn.RNNBase):
                    one.train()
        args, kwargs = self.given.args, self.given.kwargs
        if self.plan.batch is not None:
            args, kwargs = _with_batch(args, kwargs, self.plan.batch)
        if not self.own:
            self.network.to(self.plan.place.device)
            args, kwargs = mapped(self._to_device, args), mapped(self._to_device, kwargs)
        if self.dtype != torch.float32:
            self.network.to(self.dtype)
            args, kwargs = mapped(self._to_dtype, args), mapped(self._to_dtype, kwargs)
        self.args, self.kwargs = args, kwargs

    def _to_device(self, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.to(self.plan.place.device)

    def _to_dtype(self, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.to(self.dtype) if tensor.dtype == torch.float32 else tensor

    def _call(self) -> Any:
        seed(self.plan.request.get("seed"))
        grad = torch.enable_grad() if self.plan.request.get("backward") else torch.no_grad()
        with grad, self._autocast():
            return self.network(*self.args, **self.kwargs)

    def _autocast(self) -> Any:
        name = self.plan.request.get("autocast")
        if not name:
            return contextlib.nullcontext()
        return torch.autocast(self.plan.place.device.type, dtype=getattr(torch, name))

    def _watch(self) -> None:
        """The run that is looked at and not timed; it warms up as well."""
        self.recorder = recorder = Recorder(self.network, self.memory)
        tracer = Tracer()
        try:
            with _operations(self.plan.place, recorder.operation), recorder, tracer:
                self.output = self._call()
        finally:
            self.record.update(values=tracer.records(), ran=tracer.ran())
        self.record["output"] = shown(self.output)
        if self.memory is not None:
            torch.cuda.synchronize()  # a kernel may fail only now
            self.memory.peak()
        if self.first is not None and self.first.plan.batch == self.plan.batch and self.first.output is not None:
            self.record["difference"] = _difference(self.first.output, self.output)

    def _backward(self) -> None:
        ends = self._ends()
        if not ends:
            self.record["notes"].append("nothing in the output needs a gradient, so there was no backward")
            return
        started = self._now()
        torch.autograd.backward([(torch.view_as_real(one) if one.is_complex() else one).sum() for one in ends])
        if not self.plan.place.virtual:
            self.record["backward_ms"] = (self._now() - started) * 1000

    def _ends(self) -> list[torch.Tensor]:
        """What backward starts from: the loss, or all that comes out."""
        loss = self.plan.request.get("loss")
        if loss:
            names = dict(self.kwargs, output=self.output, args=self.args, kwargs=self.kwargs)
            with self._autocast():
                found = self.plan.program.value(loss, **names)
            return [found.sum()]
        return [one for one in tensors(self.output) if one.requires_grad and one.grad_fn is not None]

    def _measure(self) -> None:
        """Times: of the whole without hooks, then of each layer."""
        request = self.plan.request
        repeats = max(1, int(request.get("repeats") or 3))
        assert self.recorder is not None
        self.output = self._kept(self.output)
        for _ in range(max(0, int(request.get("warmup", 1)) - 1)):  # the watched run was the first
            self._call()
        times: list[float] = []
        for _ in _passes(repeats):
            started = self._now()
            self._call()
            times.append((self._now() - started) * 1000)
        self.record["ms"] = statistics.median(times)
        with Clock(self.recorder.layers, self.plan.place.cuda) as clock:
            for _ in _passes(repeats):
                self._call()
                clock.end_pass()

    def _kept(self, output: Any) -> Any:
        """The output without its graph; on the CPU, to be compared with that of other dtypes."""
        return mapped(lambda one: one.detach().cpu(), output)

    def _now(self) -> float:
        """The time, when the device has done its work."""
        kind = self.plan.place.device.type
        if not self.plan.place.virtual and kind in ("cuda", "mps", "xpu"):
            getattr(torch, kind).synchronize()
        return time.perf_counter()

    def _failed(self, error: BaseException) -> None:
        layer = self.recorder.stopped_in() if self.recorder is not None and self.stage == "forward" else None
        found = stopped(error, self.stage, self.plan.place, layer)
        self.record.update(verdict=verdict_of(found), failure=found)

    def _finish(self) -> None:
        recorder = self.recorder
        if recorder is not None:
            if self.record["failure"] is None:  # those whose failure was caught ran all the same
                for layer in recorder.layers:
                    layer.status = "ok" if layer.status == "failed" else layer.status
            self.record["layers"] = [layer.record() for layer in recorder.layers]
            self.record.update(flops=recorder.flops or None, mult_adds=recorder.mult_adds or None)
            self.record["memory"] = recorder.timeline
        if self.memory is not None:
            self.record["peak_bytes"] = self.memory.highest
        if self.plan.place.virtual and self.record["failure"] is None and uncertain():
            self.record.update(verdict="uncertain")
            self.record["notes"][:0] = uncertain()
        self.network = self.args = self.kwargs = None  # type: ignore[assignment]


def stopped(error: BaseException, stage: str, place: Place, layer: str | None = None) -> Json:
    """The failure that an exception is, with what the virtual device knows of it."""
    found = failure(error, stage, layer)
    if place.virtual:
        found["note"] = "virtual CUDA: there was no GPU, its rules were applied"
        found["operands"] = _operands(found)
        reasons = uncertain()
        if reasons:
            found.update(certain=False, note=f"virtual CUDA: {reasons[0]}")
    return found


def verdict_of(found: Json) -> str:
    """The verdict that a failure means."""
    if not found["certain"]:
        return "uncertain"
    return "mismatch" if found["kind"] in ("device", "dtype") else "error"


def _operands(found: Json) -> list[Json]:
    """The tensors of the line; where they do not show two devices, those of the operation that was refused."""
    from .virtual import devices

    named: list[Json] = found["operands"]
    if found["kind"] != "device" or len({one["device"] for one in named}) > 1:
        return named
    refused = [dict(shown(tensor), name=name) for name, tensor in devices.refused]
    return refused if len({one["device"] for one in refused}) > 1 else named


def uncertain() -> list[str]:
    """Why the virtual device's verdict is not sure."""
    from .virtual import devices

    return list(dict.fromkeys(devices.uncertain))


@contextlib.contextmanager
def _operations(place: Place, listener: Callable[..., None]) -> Iterator[None]:
    """Hears of each operation of torch."""
    if not place.virtual:
        with Counter(listener):
            yield
        return
    from .virtual.mode import watchers

    watchers.append(listener)
    try:
        yield
    finally:
        watchers.remove(listener)


def _passes(repeats: int) -> Iterator[int]:
    """Fewer of them where they take long."""
    end = time.perf_counter() + _LONG
    for number in range(repeats):
        yield number
        if time.perf_counter() > end:
            return


def _with_batch(args: Any, kwargs: Any, batch: int) -> Any:
    """Arguments with another first dimension, where they share one."""
    found = [one.shape[0] for one in tensors([args, kwargs]) if one.dim()]
    own = found[0] if found else None

    def resized(one: torch.Tensor) -> torch.Tensor:
        if not one.dim() or one.shape[0] != own or not own:
            return one
        return one[torch.arange(batch, device=one.device) % own]

    return mapped(resized, args), mapped(resized, kwargs)


def _difference(first: Any, second: Any) -> dict[str, float] | None:
    """How far two outputs are apart."""
    highest, apart, whole = 0.0, 0.0, 0.0
    for one, other in zip(tensors(first), tensors(second)):
        if one.dtype.is_floating_point and one.shape == other.shape and one.numel():
            a, b = one.detach().cpu().double(), other.detach().cpu().double()
            highest = max(highest, float((a - b).abs().max()))
            apart += float(((a - b) ** 2).sum())
            whole += float((a**2).sum())
    if not whole or highest != highest or highest == float("inf"):
        return None
    return {"max_abs": highest, "relative": (apart / whole) ** 0.5}
