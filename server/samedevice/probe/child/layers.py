"""Every submodule: what goes in and out, who called it, what it costs, and where the run stopped."""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any

import torch

from .counting import flops, mult_adds, parameters_of
from .failures import users_line
from .shown import device_name, dtype_name, shown


class Layer:
    """One submodule, while the network runs."""

    def __init__(self, path: str, module: torch.nn.Module) -> None:
        self.path, self.module = path, module
        self.leaf = not any(True for _ in module.children())
        self.calls, self.flops, self.mult_adds = 0, 0, 0
        self.order: int | None = None
        self.caller: Any = (None, None)
        self.input: list[Any] = []
        self.output: Any = None
        self.peak: int | None = None
        self.status = "not reached"
        self.times: list[float] = []

    def record(self) -> dict[str, Any]:
        """The layer in the answer."""
        counts, own = parameters_of(self.module), parameters_of(self.module, recurse=False)
        first = next(self.module.parameters(recurse=False), None)
        if first is None:
            first = next(self.module.parameters(), None)
        return {
            "path": self.path,
            "class": type(self.module).__name__,
            "depth": self.path.count(".") + 1 if self.path else 0,
            "calls": self.calls,
            "order": self.order,
            "file": self.caller[0],
            "line": self.caller[1],
            "input": self.input,
            "output": self.output,
            "parameters": counts["parameters"],
            "own_parameters": own["parameters"],
            "trainable": counts["trainable"],
            "parameter_dtype": None if first is None else dtype_name(first.dtype),
            "parameter_device": None if first is None else device_name(first.device),
            "flops": self.flops or None,
            "mult_adds": self.mult_adds if self.leaf and self.calls else None,
            "ms": statistics.median(self.times) if self.times else None,
            "bytes": self.peak,
            "status": self.status,
        }


class Recorder:
    """Watches one forward pass through all the layers of a network."""

    def __init__(self, network: torch.nn.Module, memory: Any = None) -> None:
        self.layers = [Layer(path, module) for path, module in network.named_modules()]
        self.stack: list[Layer] = []
        self.failed: Layer | None = None
        self.memory = memory
        self.timeline: list[dict[str, Any]] = []
        self.flops = 0
        self._starts: list[int] = []
        self._order = 0
        self._handles: list[Any] = []

    def __enter__(self) -> Recorder:
        for layer in self.layers:
            self._handles.append(
                layer.module.register_forward_pre_hook(self._before(layer), with_kwargs=True, prepend=True)
            )
            self._handles.append(
                layer.module.register_forward_hook(self._after(layer), with_kwargs=True, always_call=True)
            )
        return self

    def __exit__(self, *exc: Any) -> None:
        for handle in self._handles:
            handle.remove()

    def operation(self, func: Any, args: Any, kwargs: Any, out: Any) -> None:
        """An operation of torch ran in the layers that are open."""
        count = flops(func, args, kwargs, out)
        if count:
            self.flops += count
            for layer in {id(one): one for one in self.stack}.values():
                layer.flops += count

    @property
    def mult_adds(self) -> int:
        """Those of all leaf layers."""
        return sum(layer.mult_adds for layer in self.layers if layer.leaf)

    def stopped_in(self) -> str | None:
        """The innermost layer that an exception came out of."""
        return None if self.failed is None else self.failed.path

    def _before(self, layer: Layer) -> Any:
        def hook(module: Any, args: Any, kwargs: Any) -> None:
            self.failed = None  # an exception before this was caught by the user's code
            if layer.order is None:
                layer.order = self._order
                layer.caller = users_line(sys._getframe(1))
                layer.input = [shown(one) for one in (*args, *kwargs.values())]
            self._order += 1
            layer.calls += 1
            layer.status = "failed"  # until it has come back
            if self.memory is not None:
                self._peaks()
                self._starts.append(self.memory.allocated())
            self.stack.append(layer)

        return hook

    def _after(self, layer: Layer) -> Any:
        def hook(module: Any, args: Any, kwargs: Any, output: Any) -> None:
            if self.memory is not None:
                self._peaks()
                self._starts.pop()
                self.timeline.append({"layer": layer.path, "allocated": self.memory.allocated()})
            if self.stack and self.stack[-1] is layer:
                self.stack.pop()
            if output is None and sys.exc_info()[0] is not None:
                self.failed = self.failed or layer
                return
            layer.status = "ok"
            if layer.output is None:
                layer.output = shown(output)
            if layer.leaf:
                layer.mult_adds += mult_adds(module, output) or 0

        return hook

    def _peaks(self) -> None:
        """Tells the open layers how high the memory went since this was last asked."""
        peak = self.memory.peak()
        for layer, start in zip(self.stack, self._starts):
            layer.peak = max(layer.peak or 0, peak - start)


class Clock:
    """Times the layers of a network over several passes."""

    def __init__(self, layers: list[Layer], cuda: bool) -> None:
        self.layers, self.cuda = layers, cuda
        self._open: dict[int, list[Any]] = {}
        self._done: dict[int, list[Any]] = {}
        self._handles: list[Any] = []

    def __enter__(self) -> Clock:
        for layer in self.layers:
            self._handles.append(layer.module.register_forward_pre_hook(self._start(layer), prepend=True))
            self._handles.append(layer.module.register_forward_hook(self._stop(layer)))
        return self

    def __exit__(self, *exc: Any) -> None:
        for handle in self._handles:
            handle.remove()

    def end_pass(self) -> None:
        """Adds up the calls of one pass."""
        if self.cuda:
            torch.cuda.synchronize()
        for layer in self.layers:
            spans = self._done.get(id(layer))
            if spans:
                layer.times.append(
                    sum(first.elapsed_time(last) if self.cuda else (last - first) * 1000 for first, last in spans)
                )
        self._done.clear()

    def _now(self) -> Any:
        if not self.cuda:
            return time.perf_counter()
        event = torch.cuda.Event(enable_timing=True)
        event.record()
        return event

    def _start(self, layer: Layer) -> Any:
        def hook(module: Any, args: Any) -> None:
            self._open.setdefault(id(layer), []).append(self._now())

        return hook

    def _stop(self, layer: Layer) -> Any:
        def hook(module: Any, args: Any, output: Any) -> None:
            started = self._open.get(id(layer))
            if started:
                self._done.setdefault(id(layer), []).append((started.pop(), self._now()))

        return hook
