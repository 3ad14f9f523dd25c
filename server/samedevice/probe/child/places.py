"""The device that a probe runs on."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch


class NotThere(Exception):
    """The device that was asked for is not there; the text says what to do."""


class Place(NamedTuple):
    """Where the network runs."""

    device: torch.device
    virtual: bool = False

    @property
    def cuda(self) -> bool:
        """Whether a real GPU can be timed and its memory asked."""
        return self.device.type == "cuda" and not self.virtual

    @property
    def name(self) -> str:
        """As the answer says it."""
        if self.virtual:
            return "virtual"
        return (
            f"{self.device.type}:{self.device.index or 0}" if self.device.type in ("cuda", "xpu") else str(self.device)
        )


def place(on: str) -> Place:
    """The device for a request, found or made; raises `NotThere`."""
    if on == "auto":
        on = next((name for name in ("cuda", "mps", "xpu") if _available(name)), "virtual")
    if on == "virtual":
        from .virtual import install

        install()
        return Place(torch.device("cuda", 0), virtual=True)
    device = torch.device(on)
    if device.type in ("cuda", "mps", "xpu") and not _available(device.type):
        raise NotThere(_why_not(device.type))
    if device.type == "cuda":
        count = torch.cuda.device_count()
        if device.index is not None and device.index >= count:
            raise NotThere(
                f"there is no {on}: this machine has {count} GPU{'s' if count > 1 else ''}, cuda:0 to cuda:{count - 1}"
            )
        device = torch.device("cuda", device.index or 0)
        torch.cuda.set_device(device)
    return Place(device)


def _available(kind: str) -> bool:
    module: Any = torch.backends.mps if kind == "mps" else getattr(torch, kind, None)
    try:
        return module is not None and bool(module.is_available())
    except Exception:
        return False


def _why_not(kind: str) -> str:
    instead = 'use "on": "virtual" (--on virtual) to check the rules of CUDA without one'
    if kind == "cuda":
        if not torch.backends.cuda.is_built():
            return f"torch {torch.__version__} is a build without CUDA; install one with CUDA, or {instead}"
        return f"torch {torch.__version__} finds no NVIDIA GPU or driver here (does nvidia-smi run?); {instead}"
    return f"torch {torch.__version__} finds no {kind.upper()} device here; {instead}"


class Memory:
    """The memory of a GPU, as torch's allocator counts it."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.highest = 0
        torch.cuda.reset_peak_memory_stats(device)

    def allocated(self) -> int:
        """Bytes in use now."""
        return int(torch.cuda.memory_allocated(self.device))

    def peak(self) -> int:
        """The most bytes since the last call."""
        found = int(torch.cuda.max_memory_allocated(self.device))
        self.highest = max(self.highest, found)
        torch.cuda.reset_peak_memory_stats(self.device)
        return found


def free(device: torch.device) -> str | None:
    """How much of the GPU is free, in words."""
    try:
        left, total = torch.cuda.mem_get_info(device)
        return f"{left / 2**30:.1f} of {total / 2**30:.1f} GiB of {device} are free"
    except Exception:
        return None


def environment(place: Place) -> dict[str, Any]:
    """What this ran in."""
    import platform

    virtual = place.virtual
    return {
        "torch": torch.__version__,
        "cuda_build": None
        if "+cpu" in torch.__version__ or (virtual and not torch._C._has_cuda)
        else torch.version.cuda,
        "python": platform.python_version(),
        "on": place.name,
        "gpu": torch.cuda.get_device_name(place.device) if place.cuda else None,
        "platform": platform.platform(),
    }
