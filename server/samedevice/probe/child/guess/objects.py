"""Small questions about layers, functions and syntax."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any


def sequential_forward() -> Any:
    """What `Sequential` does, to know it by."""
    import torch

    return torch.nn.Sequential.forward


def tensor_class() -> Any:
    """`torch.Tensor`."""
    import torch

    return torch.Tensor


def same_shape(module: Any) -> bool:
    """Whether what comes out of a layer has the shape of what went in."""
    name = type(module).__name__
    return (
        name in ("Identity", "ReLU", "GELU", "SiLU", "Tanh", "Sigmoid", "LeakyReLU", "ELU")
        or "Dropout" in name
        or "Norm" in name
    )


def definition(function: Any) -> Any:
    """The syntax of a function; None where its text is not there."""
    try:
        text = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
        node = ast.parse(text).body[0]
    except Exception:
        return None
    return node if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else None


def method_above(module: Any, function: Any, name: str) -> Any:
    """The method of the next class after the one that a function stands in."""
    own = False
    for cls in type(module).__mro__:
        method = cls.__dict__.get(name)
        if own and method is not None:
            return method
        own = own or method is function
    return None


def first_layer(value: Any) -> Any:
    """The first layer of a list, dict or container of layers."""
    try:
        items = list(value.values()) if hasattr(value, "values") and not hasattr(value, "shape") else list(value)
    except Exception:
        return None
    return items[0] if items and is_module(items[0]) else None


def is_module(value: Any) -> bool:
    """Whether a value is a network or layer."""
    import torch

    return isinstance(value, torch.nn.Module)


def is_self(node: ast.expr) -> bool:
    """Whether an expression is `self`."""
    return isinstance(node, ast.Name) and node.id == "self"


def number(node: ast.expr) -> int | None:
    """A whole number that stands in the text."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number(node.operand)
        return None if inner is None else -inner
    value = getattr(node, "value", None)
    return value if isinstance(node, ast.Constant) and isinstance(value, int) else None


def as_list(value: Any) -> list[Any]:
    """One or several things as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def new_dimension(index: Any) -> int | None:
    """Where `x[:, None]` adds a dimension; None for any other index."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    added = [at for at, part in enumerate(parts) if isinstance(part, ast.Constant) and part.value is None]
    whole = [part for part in parts if isinstance(part, ast.Slice) and part.lower is part.upper is part.step is None]
    return added[0] if len(added) == 1 and len(whole) == len(parts) - 1 else None
