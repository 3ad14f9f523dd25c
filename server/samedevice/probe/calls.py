"""What the engine saw a program pass: to constructors, and to `forward`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from samedevice.features import show
from samedevice.interpret.analysis import Analysis, Binding
from samedevice.probe.plan import Hint
from samedevice.values.condition import Choice
from samedevice.values.dtype import DType
from samedevice.values.value import Const, Ref, Tensor, Tuple, Value

Function = ast.FunctionDef | ast.AsyncFunctionDef
_PLAIN = (int, float, bool, str, type(None))


def method(cls: ast.ClassDef, name: str) -> Function | None:
    """A method of a class by its name."""
    return next((one for one in cls.body if isinstance(one, Function) and one.name == name), None)


def calls(analysis: Analysis, function: Function) -> Iterator[dict[str, Binding]]:
    """The calls of a method that the engine followed: what each parameter got, `self` first."""
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    own = {id(one) for one in every}
    first = every[0] if every else None
    current: dict[str, Binding] = {}
    for binding in analysis.bindings:
        if id(binding.node) not in own:
            continue
        if binding.node is first and current:
            yield current
            current = {}
        current[binding.name] = binding
    if current:
        yield current


def constructions(analysis: Analysis, cls: ast.ClassDef) -> dict[str, str] | None:
    """The arguments of a construction all of whose values are known; None where there is none."""
    function = method(cls, "__init__")
    if function is None:
        return None
    for call in calls(analysis, function):
        values = {name: code(binding.value) for name, binding in call.items() if name != "self"}
        known = {name: value for name, value in values.items() if value is not None}
        if known and len(known) == len(values) and len(values) == _count(function) - 1:
            return known
    return None


def _count(function: Function) -> int:
    return len([*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs])


def code(value: Value) -> str | None:
    """A plain value as code; None where it is not known."""
    match value:
        case Const() if isinstance(value.value, _PLAIN):
            return repr(value.value)
        case Tuple(items=items):
            parts = [code(item) for item in items]
            if any(part is None for part in parts):
                return None
            text = ", ".join(str(part) for part in parts)
            return f"[{text}]" if value.type == "list" else f"({text},)" if parts else "()"
        case _:
            return None


def hint(value: Value) -> Hint | None:
    """What is known of a value that is passed: a tensor's dtype and sizes, or a plain value's code."""
    value = show.merged(value)
    if isinstance(value, Choice):
        sides = [side for side in (value.yes, value.no) if isinstance(side, Tensor)]
        value = sides[0] if sides else value
    if isinstance(value, Tensor):
        shape = None if value.shape is None else [size if isinstance(size, int) else None for size in value.shape]
        dtype = str(value.dtype) if isinstance(value.dtype, DType) else None
        return {"shape": shape, "dtype": dtype} if shape is not None or dtype is not None else None
    plain = code(value)
    return None if plain is None else {"code": plain}


def passed(analysis: Analysis, cls: ast.ClassDef) -> list[Mapping[str, Hint]]:
    """What the program passes to a network's forward, each way once, what is known best first."""
    function = method(cls, "forward")
    found: list[Mapping[str, Hint]] = []
    for call in calls(analysis, function) if function is not None else ():
        hints = {name: known for name, one in call.items() if name != "self" and (known := hint(one.value)) is not None}
        if any("shape" in one or "dtype" in one for one in hints.values()) and hints not in found:
            found.append(hints)
    return sorted(found, key=lambda hints: -_known(hints))


def _known(hints: Mapping[str, Hint]) -> int:
    """How many sizes are known."""
    shapes = [one["shape"] for one in hints.values() if isinstance(one.get("shape"), list)]
    return sum(size is not None for shape in shapes for size in shape)  # type: ignore[attr-defined]  # lists, as said above


def address(value: Value) -> int | None:
    """Where an object is on the heap."""
    return value.address if isinstance(value, Ref) else None
