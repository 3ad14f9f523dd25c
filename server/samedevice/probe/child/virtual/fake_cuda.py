"""`torch.cuda` of a machine with one GPU that does nothing."""

from __future__ import annotations

import contextlib
import types
from typing import Any

import torch

MEMORY = 80 * 1024**3
NAME = "virtual CUDA"


class Stream:
    """Work that was done at once is done already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.device = torch.device("cuda", 0)
        self.cuda_stream = 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: True if name == "query" else None

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *exc: Any) -> None:
        pass


class Event(Stream):
    """A moment that has passed."""

    def elapsed_time(self, other: Any) -> float:
        return 0.0


def install() -> None:
    """Answers as one GPU would, without looking for a driver."""
    cuda: Any = torch.cuda
    for name, value in {
        "is_available": True,
        "is_initialized": True,
        "is_current_stream_capturing": False,
        "device_count": 1,
        "current_device": 0,
        "get_device_name": NAME,
        "get_device_capability": (9, 0),
        "get_device_properties": types.SimpleNamespace(
            name=NAME, major=9, minor=0, total_memory=MEMORY, multi_processor_count=132
        ),
        "is_bf16_supported": True,
        "get_arch_list": ["sm_90"],
        "mem_get_info": (MEMORY, MEMORY),
        "memory_stats": {},
        "memory_summary": "",
        "init": None,
        "_lazy_init": None,
        "synchronize": None,
        "empty_cache": None,
        "ipc_collect": None,
        "reset_peak_memory_stats": None,
        "reset_max_memory_allocated": None,
        "set_device": None,
        "set_per_process_memory_fraction": None,
        "manual_seed": None,
        "manual_seed_all": None,
        "seed": None,
        "seed_all": None,
        "initial_seed": 0,
    }.items():
        setattr(cuda, name, _answers(value))
    for name in ("memory_allocated", "max_memory_allocated", "memory_reserved", "max_memory_reserved"):
        setattr(cuda, name, _answers(0))
    cuda.get_rng_state = lambda device=None: torch.get_rng_state()
    cuda.set_rng_state = lambda state, device=None: None
    cuda.get_rng_state_all = lambda: [torch.get_rng_state()]
    cuda.set_rng_state_all = lambda states: None
    cuda.Stream, cuda.Event = Stream, Event
    _of_torch()
    cuda.current_stream = cuda.default_stream = lambda device=None: Stream()
    cuda.stream = lambda stream: contextlib.nullcontext()
    cuda.device = _Device
    cuda.device_of = lambda tensor: contextlib.nullcontext()
    torch.backends.cuda.is_built = _answers(True)
    torch.version.cuda = torch.version.cuda or "12.8"
    torch._C._cuda_isInBadFork = lambda: False
    accelerator: Any = getattr(torch, "accelerator", None)
    if accelerator is not None:
        accelerator.is_available = _answers(True)
        accelerator.device_count = _answers(1)
        accelerator.current_accelerator = _answers(torch.device("cuda"))
        accelerator.synchronize = _answers(None)
        accelerator.current_stream = lambda device=None: Stream()
        for name in ("current_device_index", "current_device_idx"):
            setattr(accelerator, name, _answers(0))


def _of_torch() -> None:
    """Older torch wants streams and events to be of classes of its own, as soon as its compiler is imported."""
    with contextlib.suppress(ImportError, AttributeError):
        from torch import _streambase as base

        base._StreamBase.register(Stream)
        base._EventBase.register(Event)


class _Device:
    """`with torch.cuda.device(0):`."""

    def __init__(self, device: Any = None) -> None:
        pass

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: Any) -> None:
        pass


def _answers(value: Any) -> Any:
    return lambda *args, **kwargs: value
