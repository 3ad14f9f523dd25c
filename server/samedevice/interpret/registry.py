"""Functions of Python and its libraries that we run ourselves, by public name."""

from __future__ import annotations

import ast
from collections.abc import Callable

from samedevice.interpret.context import Arguments, Run
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Value

Native = Callable[[Run, ast.AST, Arguments], Value]
NATIVES: dict[str, Native] = {}

UNKNOWN = Unknown(Why.NOT_MODELLED)


def first(arguments: Arguments) -> Value:
    """The first positional argument."""
    return arguments.positional[0] if arguments.positional else UNKNOWN


def callee(node: ast.AST) -> str:
    """The last part of what a call calls: `sorted`, `zeros`."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else "list"


def native(*names: str) -> Callable[[Native], Native]:
    """Registers a function under its public names."""

    def register(function: Native) -> Native:
        for name in names:
            NATIVES[name] = function
        return function

    return register
