"""The part of the user's program that builds the network."""

from __future__ import annotations

import ast
import linecache
import random
import sys
import types
from typing import Any

NAME = "__probe__"


class Program:
    """A namespace in which statements of the user's file run, with their own line numbers."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.file = request.get("file") or "<probe>"
        text = request.get("text")
        if text is not None:  # as it is in the editor, for tracebacks and for reading of sources
            linecache.cache[self.file] = (len(text), None, text.splitlines(True), self.file)
        self.module = types.ModuleType(NAME)
        self.namespace = self.module.__dict__

    def build(self) -> Any:
        """Runs the statements in a new namespace and gives the network."""
        self.module = types.ModuleType(NAME)
        self.namespace = self.module.__dict__
        self.namespace.update(__file__=self.file, __package__=self.request.get("package") or "")
        sys.modules[NAME] = self.module
        seed(self.request.get("seed"))
        self.run(self.request.get("build") or [])
        return self.value(self.request["network"])

    def run(self, statements: list[dict[str, Any]]) -> None:
        """Runs statements in order."""
        for statement in statements:
            tree = offline(ast.parse(statement["code"], statement.get("file") or self.file))
            ast.increment_lineno(tree, statement.get("line", 1) - 1)
            exec(compile(tree, statement.get("file") or self.file, "exec"), self.namespace)

    def value(self, expression: str, **more: Any) -> Any:
        """An expression's value."""
        namespace = dict(self.namespace, **more) if more else self.namespace
        return eval(compile(expression.strip(), "<probe>", "eval"), namespace)

    def arguments(self, candidate: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments of an input candidate."""
        if candidate.get("call"):
            self.run(candidate.get("build") or [])
            args, kwargs = self.value(candidate["call"])
            return tuple(args), dict(kwargs)
        args = tuple(self.value(one) for one in candidate.get("args") or [])
        return args, {name: self.value(one) for name, one in (candidate.get("kwargs") or {}).items()}


class _Offline(ast.NodeTransformer):
    """Trained weights would only have to be downloaded: `pretrained=True` becomes False."""

    def visit_keyword(self, node: ast.keyword) -> Any:
        """An argument of a call."""
        self.generic_visit(node)
        if node.arg == "pretrained" and _is_true(node.value):
            node.value = ast.copy_location(ast.Constant(False), node.value)
        return node

    def visit_arguments(self, node: ast.arguments) -> Any:
        """The defaults of a function."""
        self.generic_visit(node)
        positional = [*getattr(node, "posonlyargs", []), *node.args]
        for defaults, names in (
            (node.defaults, positional[len(positional) - len(node.defaults) :]),
            (node.kw_defaults, node.kwonlyargs),
        ):
            for at, (one, default) in enumerate(zip(names, defaults)):
                if one.arg == "pretrained" and _is_true(default):
                    defaults[at] = ast.copy_location(ast.Constant(False), default)  # type: ignore[arg-type]  # no default is not true
        return node


def _is_true(node: Any) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def offline(tree: Any) -> Any:
    """Code without downloads of trained weights, with its own line numbers."""
    return _Offline().visit(tree)


def seed(number: Any) -> None:
    """Starts all random numbers anew."""
    import torch

    if number is None:
        return
    random.seed(number)
    torch.manual_seed(number)
    numpy = sys.modules.get("numpy")
    if numpy is not None and hasattr(numpy, "random"):
        numpy.random.seed(number)
