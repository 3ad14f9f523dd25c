"""Values as the answer shows them."""

from __future__ import annotations

from typing import Any

import torch

_MOST = 64
"""Items of a list or a dict that are shown."""


def dtype_name(dtype: Any) -> str:
    """`float32`."""
    return str(dtype).replace("torch.", "")


def device_name(device: Any) -> str:
    """`cuda:0`, also where torch says `cuda`."""
    return f"{device.type}:{device.index or 0}" if device.type in ("cuda", "xpu") else str(device)


def shown(value: Any, depth: int = 0) -> dict[str, Any]:
    """A tensor with its shape, dtype and device; containers with what is in them; anything else as its type."""
    if isinstance(value, torch.Tensor):
        return {"shape": _shape(value), "dtype": dtype_name(value.dtype), "device": device_name(value.device)}
    if isinstance(value, (list, tuple)) and depth < 4:
        kind = "list" if isinstance(value, list) else "tuple"
        return {"type": kind, "items": [shown(one, depth + 1) for one in value[:_MOST]]}
    if isinstance(value, dict) and depth < 4:  # also the outputs of transformers
        return {"type": "dict", "items": {str(key): shown(one, depth + 1) for key, one in list(value.items())[:_MOST]}}
    return {"type": type(value).__name__}


def _shape(tensor: torch.Tensor) -> list[int]:
    try:
        return [int(size) for size in tensor.shape]
    except Exception:  # nested tensors have none
        return []


def tensors(value: Any, depth: int = 0) -> list[torch.Tensor]:
    """All tensors in a value."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    elif hasattr(value, "__dataclass_fields__"):
        value = list(vars(value).values())
    if isinstance(value, (list, tuple)) and depth < 8:
        return [found for one in value for found in tensors(one, depth + 1)]
    return []


def mapped(function: Any, value: Any) -> Any:
    """A value with its tensors changed; what is not a container of Python's own stays as it is."""
    if isinstance(value, torch.Tensor):
        return function(value)
    if type(value) in (list, tuple):
        return type(value)(mapped(function, one) for one in value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(mapped(function, one) for one in value))
    if isinstance(value, dict):
        changed = {key: mapped(function, one) for key, one in value.items()}
        return changed if type(value) is dict else _same_kind(value, changed)
    to = getattr(value, "to", None)
    if callable(to) and not isinstance(value, torch.nn.Module) and hasattr(value, "batch_sizes"):  # a packed sequence
        return value._replace(data=function(value.data)) if hasattr(value, "_replace") else value
    return value


def _same_kind(value: Any, changed: dict[Any, Any]) -> Any:
    try:
        return type(value)(changed)
    except Exception:
        return changed
