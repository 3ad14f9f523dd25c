"""Runs the prelude's text for real, with torch itself for all that the text does not define."""

from __future__ import annotations

import ast
import collections
import copy
import importlib
import inspect
import math
import types
import typing
from pathlib import Path
from typing import Any

import numpy
import torch

from samedevice.ops.outcome import Refusal

ROOT = Path(__file__).parent.parent / "server" / "samedevice" / "prelude"


class Refused(Exception):
    """The prelude says that PyTorch refuses."""


class NotKnown:
    """What `unknown()` gives: some number where one is needed; `used` tells that results are not to be compared."""

    used = False

    def __init__(self) -> None:
        NotKnown.used = True

    def __int__(self) -> int:
        return 3

    def __float__(self) -> float:
        return 2.0


def refuse(kind: str, text: str, *operands: object) -> None:
    """As the interpreter's `refuse`: the kind is one that rules know."""
    assert kind in Refusal.__members__
    raise Refused(text)


IN_SCOPE: dict[str, Any] = {
    "numpy": numpy,
    "math": math,
    "copy": copy,
    "collections": collections,
    "refuse": refuse,
    "unknown": NotKnown,
    "known": lambda value: not isinstance(value, NotKnown),
    "exact": lambda value: not isinstance(value, NotKnown),
    "any_of": lambda first, second: first,
    "ranked": lambda tensor, rank: tensor,
}
"""What every definition can name, beside the libraries and its own module."""


GENUINE = {"Generator", "default_generator"}
"""What torch's own functions take from torch only."""


class Module:
    """A module as the prelude's text sees it: its own definitions before torch's."""

    loaded: typing.ClassVar[dict[str, dict[str, Any]]] = {}

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        mine = definitions(self._name)
        if name in mine and name not in GENUINE:
            return mine[name]
        inner = f"{self._name}.{name}"
        if (ROOT / inner.replace(".", "/")).is_dir():
            return Module(inner)
        return getattr(importlib.import_module(self._name), name)


def definitions(module: str) -> dict[str, Any]:
    """What the files of a module's folder define, each definition executed by itself as the interpreter does."""
    if module in Module.loaded:
        return Module.loaded[module]
    tops = {path.name: Module(path.name) for path in ROOT.iterdir()}
    scope: dict[str, Any] = {**IN_SCOPE, **tops}
    Module.loaded[module] = scope
    pending = [
        (path, node)
        for path in sorted((ROOT / module.replace(".", "/")).glob("*.py"))
        for node in ast.parse(path.read_text()).body
    ]
    while pending:
        later = []
        for path, node in pending:
            assert isinstance(node, ast.ClassDef | ast.FunctionDef | ast.Assign), f"{path}:{node.lineno}"
            try:
                exec(compile(ast.Module([node], []), str(path), "exec"), scope)
            except (NameError, AttributeError) as error:
                later.append((path, node))
                reason = error
        assert len(later) < len(pending), f"{later[0][0]}:{later[0][1].lineno}: {reason}"
        pending = later
    return scope


def modules() -> list[str]:
    """All modules of the prelude."""
    folders = {path.parent.relative_to(ROOT) for path in ROOT.rglob("*.py")}
    return sorted(".".join(folder.parts) for folder in folders)


def signature_of(function: Any) -> inspect.Signature:
    """A callable's signature; an overloaded one has that of its first overload."""
    overloads = typing.get_overloads(function) if isinstance(function, types.FunctionType) else []
    return inspect.signature(overloads[0] if overloads else function)


def parameters_of(function: Any) -> list[tuple[str, Any]]:
    """Names and kinds of a callable's parameters."""
    found = signature_of(function).parameters.values()
    return [(parameter.name, parameter.kind.name) for parameter in found]


def defaults_of(function: Any) -> dict[str, Any]:
    """The plain defaults of a callable."""
    found = signature_of(function).parameters.values()
    return {p.name: p.default for p in found if isinstance(p.default, int | float | str | None)}


def public(module: str) -> list[str]:
    """The public names that the prelude defines of a module."""
    others = {*IN_SCOPE, *(path.name for path in ROOT.iterdir())}
    return [name for name in definitions(module) if not name.startswith("_") and name not in others]


def described(value: Any, sizes: bool = True) -> Any:
    """Device, dtype and shape of every tensor in a value."""
    if isinstance(value, torch.Tensor):
        return str(value.device), str(value.dtype), tuple(value.shape) if sizes else None
    if isinstance(value, dict):
        return {key: described(item, sizes) for key, item in value.items()}
    if isinstance(value, list | tuple) or type(value).__name__ in ("PackedSequence", "_ASMoutput"):
        return [described(item, sizes) for item in value]
    return type(value).__name__


def state(module: torch.nn.Module) -> dict[str, Any]:
    """What a network registers."""
    return {
        "parameters": {name: (described(p), p.requires_grad) for name, p in module.named_parameters()},
        "buffers": {name: described(b) for name, b in module.named_buffers()},
        "children": [name for name, _ in module.named_children()],
    }
