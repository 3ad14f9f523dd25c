"""Signatures as PyTorch documents them, and binding arguments to them."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from samedevice.values.value import NONE, Const, Many, Tuple, Value

ALIASES = {
    "axis": "dim",
    "keepdims": "keepdim",
    "x1": "input",
    "x": "input",
    "a": "input",
    "self": "input",
    "x2": "other",
    "tensor": "input",
    "split_size_or_sections": "split_size",
    "split_sizes": "split_size",
    "sections": "indices_or_sections",
    "indices": "indices_or_sections",
    "shape": "size",
    "dims": "repeats",
    "vec1": "input",
    "obj": "data",
    "ndarray": "data",
}
"""numpy's names that torch takes beside its own."""

EACH = "each"
"""The annotation of `*args` where one sequence is something else than its items."""


class Parameter(NamedTuple):
    """One parameter of a signature; `default` is None where it is required."""

    name: str
    default: Value | None
    kind: str
    """The annotation: Tensor, int, ints, str, ...; "" where any value will do."""
    keyword_only: bool = False
    variadic: bool = False


class Signature(NamedTuple):
    """The parameters of an op, in order."""

    name: str
    parameters: tuple[Parameter, ...]
    kinds: dict[str, str]
    """The annotations, of the parameters that have one."""
    names: frozenset[str]
    defaults: dict[str, Value]
    """The default of every parameter; None for a required one."""

    def position(self, name: str) -> int:
        """Where a parameter stands, from 1."""
        return next(index for index, parameter in enumerate(self.parameters, 1) if parameter.name == name)


@lru_cache(maxsize=4096)
def parsed(text: str) -> Signature:
    """The signature that a row is written as: `torch.add(input, other, *, alpha=1)`."""
    name, _, rest = text.partition("(")
    function = ast.parse(f"def f({rest}: pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args
    required = len(arguments.args) - len(arguments.defaults)
    found = [
        _parameter(argument, arguments.defaults[index - required] if index >= required else None)
        for index, argument in enumerate(arguments.args)
    ]
    if arguments.vararg is not None:
        found.append(Parameter(arguments.vararg.arg, Tuple(()), _kind(arguments.vararg), variadic=True))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(_parameter(argument, default, keyword_only=True))
    kinds = {parameter.name: parameter.kind for parameter in found if parameter.kind}
    names = frozenset(parameter.name for parameter in found)
    defaults = {parameter.name: parameter.default or NONE for parameter in found}
    return Signature(name, tuple(found), kinds, names, defaults)


def _parameter(argument: ast.arg, default: ast.expr | None, keyword_only: bool = False) -> Parameter:
    value = None if default is None else Const(ast.literal_eval(default))
    return Parameter(argument.arg, value, _kind(argument), keyword_only)


def _kind(argument: ast.arg) -> str:
    return ast.unparse(argument.annotation) if argument.annotation is not None else ""


def bound(signature: Signature, args: Sequence[Value], kwargs: Mapping[str, Value]) -> dict[str, Value] | None:
    """The value of every parameter that was given; None where the call does not fit the signature."""
    values: dict[str, Value] = {}
    position = 0
    for parameter in signature.parameters:
        if parameter.keyword_only or position >= len(args):
            break
        if parameter.variadic:
            rest = args[position:]
            values[parameter.name] = Tuple(tuple(rest)) if parameter.kind == EACH else _collected(rest)
            position = len(args)
        else:
            values[parameter.name] = args[position]
            position += 1
    if position < len(args):
        return None
    return _with_keywords(signature, values, kwargs)


def _collected(args: Sequence[Value]) -> Value:
    """`x.view(2, 3)` and `x.view((2, 3))` alike."""
    if len(args) == 1 and isinstance(args[0], Tuple | Many):
        return args[0]
    return Tuple(tuple(args))


def _with_keywords(
    signature: Signature, values: dict[str, Value], kwargs: Mapping[str, Value]
) -> dict[str, Value] | None:
    """The keyword arguments added to the positional ones."""
    names = signature.names
    for key, value in kwargs.items():
        name = key if key in names else ALIASES.get(key, key)
        if name not in names or name in values:
            return None
        values[name] = value
    for parameter in signature.parameters:
        if parameter.default is None and parameter.name not in values:
            return None
    return values
