"""Functions of Python and its libraries that we run ourselves, by public name."""

from __future__ import annotations

import ast
from collections.abc import Callable

from samedevice.interpret.context import Arguments, Run
from samedevice.values.value import Value

Native = Callable[[Run, ast.AST, Arguments], Value]
NATIVES: dict[str, Native] = {}


def native(*names: str) -> Callable[[Native], Native]:
    """Registers a function under its public names."""

    def register(function: Native) -> Native:
        for name in names:
            NATIVES[name] = function
        return function

    return register
