"""A value on its way from a parameter: where it comes from, and what was done to its shape."""

from __future__ import annotations

from typing import Any, Callable

_ELEMENTWISE = frozenset(
    [
        "float",
        "long",
        "int",
        "double",
        "half",
        "to",
        "cuda",
        "cpu",
        "contiguous",
        "clone",
        "detach",
        "relu",
        "sigmoid",
        "tanh",
        "softmax",
        "log_softmax",
        "dropout",
        "gelu",
        "silu",
        "leaky_relu",
        "elu",
        "normalize",
        "abs",
        "exp",
        "log",
        "sqrt",
        "clamp",
        "clip",
        "type",
        "type_as",
        "requires_grad_",
        "bfloat16",
        "as_tensor",
        "tensor",
    ]
)
_FLAT = frozenset({"view", "reshape", "flatten"})
_SPATIAL = frozenset({"max_pool2d", "avg_pool2d", "interpolate", "pad", "adaptive_avg_pool2d"})


class Origin:
    """A value that comes of a parameter: its name, and what was done to its shape on the way."""

    def __init__(self, name: str, steps: tuple[tuple[str, Any], ...] = (), share: int = 1) -> None:
        self.name, self.steps, self.share = name, steps, share

    def then(self, step: str, what: Any = None) -> Origin:
        return Origin(self.name, (*self.steps, (step, what)), self.share)


def shaped(
    name: str, numbers: list[int | None], found: list[Origin], need: Callable[[Origin, str, Any], None]
) -> list[Origin]:
    """What becomes of a shape in a call of a function or method; `need` hears what the call tells of it."""
    if name in _ELEMENTWISE or name in _SPATIAL:
        return found
    if name in _FLAT:
        sizes = [size for size in numbers if size is not None and size > 0]
        whole = name != "flatten" and len(sizes) >= 2 and len(sizes) >= len(numbers) - 1
        return [one.then("flat", sizes if whole else None) for one in found]
    if name in ("permute", "transpose", "swapaxes", "movedim"):
        if name == "permute" and numbers and None not in numbers:
            for one in found:
                need(one, "rank", len(numbers))
            return [one.then("permute", numbers) for one in found]
        if len(numbers) == 2 and None not in numbers:
            for one in found:
                need(one, "least", max(size for size in numbers if size is not None) + 1)
            return [one.then("swap", tuple(numbers)) for one in found]
    if name == "unsqueeze" and numbers[:1] != [None] and numbers:
        return [one.then("unsqueeze", numbers[0]) for one in found]
    return [one.then("lost") for one in found]
