"""What the text of `forward` asks of its inputs: the first layers they meet, how their shapes are taken apart."""

from __future__ import annotations

import ast
import contextlib
import inspect
from typing import Any

from .layers import Need, of_layer, of_parameter
from .objects import (
    as_list,
    definition,
    first_layer,
    is_module,
    is_self,
    method_above,
    new_dimension,
    number,
    same_shape,
    sequential_forward,
    tensor_class,
)
from .steps import Origin, shaped

_DEEPEST = 14
_REDUCED = frozenset({"mean", "sum", "amax", "amin", "logsumexp", "prod"})
_MADE = frozenset({"zeros", "ones", "full", "empty", "rand", "randn", "arange", "linspace", "eye"})
_LISTS = frozenset({"index_select", "index_add", "index_reduce", "index_copy", "index_fill"})
"""Functions that take a plain list of places."""
_INDEXED = frozenset({"one_hot", "gather", "scatter_add", "scatter", *_LISTS})
_JOINED = frozenset({"cat", "concat", "concatenate", "hstack"})


class Reader:
    """Reads one function of a network with its parameters as origins."""

    def __init__(self, module: Any, function: Any, deep: int = 0) -> None:
        self.module, self.function, self.deep = module, function, deep
        self.needs: dict[str, Need] = {}
        self.names: dict[str, list[Origin]] = {}
        self.sizes: dict[str, tuple[str, int]] = {}

    def read(self) -> dict[str, Need]:
        """What each parameter has to be; empty where there is no text."""
        node = definition(self.function)
        if node is None or self.deep > _DEEPEST:
            return {}
        every = [*getattr(node.args, "posonlyargs", []), *node.args.args, *node.args.kwonlyargs]
        for one in every:
            if one.arg != "self":
                self.names[one.arg] = [Origin(one.arg)]
                self.needs[one.arg] = Need()
        with contextlib.suppress(RecursionError):
            self.block(node.body)
        return self.needs

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            return
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self.assign(target, node.value, self.value(node.value))
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and node.value is not None:
            found = self.value(node.value)
            if isinstance(node, ast.AugAssign):
                self.same(self.value(node.target), found, node.value)
            elif isinstance(node.target, ast.Name):
                self.names[node.target.id] = found
        elif isinstance(node, (ast.Expr, ast.Return)) and node.value is not None:
            self.value(node.value)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self.loop(node)
        else:
            for field in ("test", "items"):
                for one in as_list(getattr(node, field, None)):
                    self.value(getattr(one, "context_expr", one))
            for field in ("body", "orelse", "finalbody"):
                self.block(as_list(getattr(node, field, None)))

    def assign(self, target: ast.expr, value: ast.expr, found: list[Origin]) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = found
        elif isinstance(target, (ast.Tuple, ast.List)):
            taken = self.shape_of(value)
            if taken is not None:
                if not any(isinstance(one, ast.Starred) for one in target.elts):
                    self.need(taken, "rank", len(target.elts))
            elif isinstance(value, ast.Name) and found and not found[0].steps:
                self.needs[found[0].name].items = len(target.elts)
            parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
            for index, one in enumerate(target.elts):
                if isinstance(one, ast.Name):
                    self.names[one.id] = self.value(parts[index]) if index < len(parts) else []

    def loop(self, node: Any) -> None:
        """`for layer in self.layers:` is read for its first layer."""
        modules = self.object(node.iter)
        if isinstance(node.target, ast.Name):
            over = self.names.get(node.iter.id, []) if isinstance(node.iter, ast.Name) else []
            self.names[node.target.id] = [one.then("reduce", 0) for one in over]
            first = first_layer(modules)
            if first is not None:
                self.local(node.target.id, first)
        for one in ast.walk(node.iter):
            if isinstance(one, ast.Attribute):
                first = first_layer(self.object(one))
                names = [name for name in ast.walk(node.target) if isinstance(name, ast.Name)]
                if first is not None and names:
                    self.local(names[-1].id, first)
        self.block(node.body)

    def local(self, name: str, module: Any) -> None:
        self.locals = {**getattr(self, "locals", {}), name: module}

    # expressions

    def object(self, node: Any) -> Any:
        """The real object of `self.a.b[0]`; None where it is not known."""
        if isinstance(node, ast.Name):
            return self.module if node.id == "self" else getattr(self, "locals", {}).get(node.id)
        if isinstance(node, ast.Attribute):
            base = self.object(node.value)
            try:
                return (
                    None
                    if base is None
                    else inspect.getattr_static(base, node.attr, None) or getattr(base, node.attr, None)
                )
            except Exception:
                return None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "t":
            base = self.object(node.func.value)
            return base.t() if hasattr(base, "shape") and base.dim() == 2 else None
        if isinstance(node, ast.Subscript):
            base, index = self.object(node.value), getattr(node.slice, "value", node.slice)
            if base is None or (hasattr(base, "shape") and not isinstance(index, int)):
                return base  # a part of a tensor says as much as the whole
            try:
                return base[index if isinstance(index, (int, str)) else 0]
            except Exception:
                return first_layer(base)
        return None

    def value(self, node: Any) -> list[Origin]:
        """The parameters that an expression comes of."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id, [])
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.Attribute):
            found = self.value(node.value)
            if node.attr in ("T", "mT"):
                return [one.then("swap", (-1, -2)) for one in found]
            if node.attr not in ("shape", "device", "dtype", "ndim") and isinstance(node.value, ast.Name):
                for origin in found:
                    if not origin.steps and not hasattr(tensor_class(), node.attr):
                        return [self.part(origin, node.attr, self.needs[origin.name].attributes)]
            return []
        if isinstance(node, ast.Subscript):
            return self.item(node)
        if isinstance(node, ast.BinOp):
            left, right = self.value(node.left), self.value(node.right)
            if isinstance(node.op, ast.MatMult):
                self.product(node.left, node.right, left, right)
                return []
            self.same(left, right, node.left, node.right)
            return [*left, *right]
        if isinstance(node, ast.Compare):
            self.value(node.left)
            for one in node.comparators:
                self.value(one)
            return []
        if isinstance(node, ast.IfExp):
            return [*self.value(node.body), *self.value(node.orelse)]
        if isinstance(node, (ast.Tuple, ast.List)):
            return [origin for one in node.elts for origin in self.value(one)]
        if isinstance(node, ast.UnaryOp):
            if isinstance(node.op, ast.Invert):
                for origin in self.value(node.operand):
                    self.need(origin, "dtype", "bool")
            return self.value(node.operand)
        if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
            for generator in node.generators:
                self.value(generator.iter)
                first = first_layer(self.object(generator.iter))
                if first is not None and isinstance(generator.target, ast.Name):
                    self.local(generator.target.id, first)
            return self.value(node.elt)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)
        return []

    def item(self, node: ast.Subscript) -> list[Origin]:
        index = (
            getattr(node.slice, "value", node.slice) if not isinstance(node.slice, ast.Constant) else node.slice.value
        )
        taken = self.shape_of(node.value)
        if taken is not None:
            if isinstance(index, int) and index >= 0:
                self.need(taken, "least", index + 1)
            return []
        found = self.value(node.value)
        for origin in found:
            if isinstance(index, str) and not origin.steps:
                return [self.part(origin, index, self.needs[origin.name].keys)]
            if isinstance(node.slice, ast.Tuple) and not origin.steps:
                parts = [
                    part
                    for part in node.slice.elts
                    if not (isinstance(part, ast.Constant) and part.value in (None, ...))
                ]
                if len(parts) == len(node.slice.elts):
                    self.need(origin, "least", len(parts))
        added = new_dimension(node.slice)
        return [origin.then("lost") if added is None else origin.then("unsqueeze", added) for origin in found]

    def part(self, origin: Origin, name: str, parts: dict[str, None]) -> Origin:
        """An item or attribute of a parameter, which has needs of its own."""
        parts[name] = None
        whole = f"{origin.name}.{name}"
        self.needs.setdefault(whole, Need())
        return Origin(whole)

    def shape_of(self, node: Any) -> Origin | None:
        """The parameter whose `.shape` or `.size()` an expression is."""
        if isinstance(node, ast.Call) and not node.args:
            node = node.func
            if not (isinstance(node, ast.Attribute) and node.attr == "size"):
                return None
        if isinstance(node, ast.Attribute) and node.attr in ("shape", "size"):
            found = self.value(node.value)
            return found[0] if found and not any(step[0] in ("lost", "flat") for step in found[0].steps) else None
        return None

    def call(self, node: ast.Call) -> list[Origin]:
        function = node.func
        called = self.object(function)
        if called is not None and is_module(called):
            return self.through(node, called)
        if isinstance(function, ast.Attribute):
            if self.is_super(function.value) and function.attr == "forward":
                return self.inside(node, method_above(self.module, self.function, "forward"))
            method = getattr(type(self.module), function.attr, None) if is_self(function.value) else None
            if method is not None and inspect.isfunction(method):
                return self.inside(node, method)
            return self.method(node, function)
        arguments = [self.value(one) for one in [*node.args, *(word.value for word in node.keywords)]]
        return [one.then("lost") for one in (arguments[0] if arguments else [])]

    def is_super(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"

    def method(self, node: ast.Call, function: ast.Attribute) -> list[Origin]:
        """`x.view(...)`, `F.relu(x)`, `torch.cat([x, y], 1)`."""
        name = function.attr
        library = isinstance(function.value, ast.Name) and function.value.id in ("F", "torch", "nn", "einops")
        library = library or (isinstance(function.value, ast.Attribute) and function.value.attr in ("functional", "nn"))
        rest = node.args[1:] if library else node.args
        found = self.value(node.args[0]) if library and node.args else [] if library else self.value(function.value)
        others = [self.value(one) for one in [*rest, *(word.value for word in node.keywords)]]
        if library and name in _MADE:
            return []
        if name == "size" and node.args and found and isinstance(node.args[0], ast.Constant):
            if isinstance(node.args[0].value, int) and node.args[0].value >= 0:
                self.need(found[0], "least", node.args[0].value + 1)
            return []
        if name in ("conv1d", "conv2d", "conv3d", "linear", "embedding", "layer_norm", "matmul", "mm", "bmm", "addmm"):
            for one in rest[:2]:
                real = self.object(one)
                if real is not None:
                    self.want(found, of_parameter(name, real))
            if name == "embedding":
                for origin in found:
                    self.need(origin, "dtype", "int64")
            return []
        if name in _JOINED:
            count = len({one.name for one in found})
            return [Origin(one.name, one.steps, max(count, 1)) for one in found]
        if name in ("masked_fill", "masked_fill_", "where"):
            masks = found if name == "where" else others[0] if others else []
            for mask in masks:
                if not mask.steps:
                    self.need(mask, "dtype", "bool")
            return found if name != "where" else []
        if name.rstrip("_") in _INDEXED:
            places = [found] if name == "one_hot" else others
            for index in (origin for place in places for origin in place):
                placed = not name.startswith(("scatter_", "index_add", "index_reduce")) or place_is_index(others, index)
                if placed and (name == "one_hot" or index.name not in {origin.name for origin in found}):
                    self.need(index, "dtype", "int64")
                    if name.rstrip("_") in _LISTS and not index.steps:
                        self.need(index, "rank", 1)
            return [one.then("lost") for one in found]
        kept = any(word.arg == "keepdim" for word in node.keywords)
        named = [number(word.value) for word in node.keywords if word.arg == "dim"]
        if (
            name in _REDUCED
            and not kept
            and len(numbers := [*map(number, rest), *named]) == 1
            and numbers[0] is not None
        ):
            return [one.then("reduce", numbers[0]) for one in found]
        return shaped(name, [number(one) for one in rest], found, self.need)

    # what is wanted

    def need(self, origin: Origin, what: str, value: Any) -> None:
        """Notes a fact of a parameter, where nothing has changed its shape before."""
        need = self.needs.get(origin.name)
        if need is None or (what in ("rank", "least") and any(step[0] in ("flat", "lost") for step in origin.steps)):
            return
        added = sum(step[0] == "unsqueeze" for step in origin.steps) if what in ("rank", "least") else 0
        if what == "least":
            need.least = max(need.least, value - added)
        elif what == "rank":
            need.rank = need.rank or max(value - added, 0)
        elif getattr(need, what) is None:
            setattr(need, what, value)

    def want(self, found: list[Origin], wanted: Need | None) -> None:
        """What a layer wants is wanted of where its input comes from."""
        if wanted is None:
            return
        for origin in found:
            need = self.needs.get(origin.name)
            if need is not None:
                need.take(wanted, origin.steps, origin.share)

    def same(self, left: list[Origin], right: list[Origin], *nodes: ast.expr) -> None:
        """Two sides of arithmetic have one shape."""
        for one in left:
            for other in right:
                if one.name != other.name and not one.steps and not other.steps:
                    self.needs[one.name].like.append(other.name)
                    self.needs[other.name].like.append(one.name)
        for side, node in zip((right, left), nodes[::1]):
            real = self.object(node)
            if real is not None and hasattr(real, "shape") and not is_module(real):
                self.want(side, of_parameter("add", real))

    def product(self, left: ast.expr, right: ast.expr, from_left: list[Origin], from_right: list[Origin]) -> None:
        real = self.object(right)
        if real is not None and hasattr(real, "shape"):
            self.want(from_left, of_parameter("matmul", real))

    def through(self, node: ast.Call, module: Any) -> list[Origin]:
        """A layer or network that is called: what it wants of its inputs."""
        given: list[tuple[Any, list[Origin]]] = [(index, self.value(one)) for index, one in enumerate(node.args)]
        given += [(word.arg, self.value(word.value)) for word in node.keywords if word.arg]
        wanted = wants(module, self.deep + 1)
        for place, found in given:
            name = place if isinstance(place, str) else list(wanted)[place] if place < len(wanted) else ""
            self.want(found, wanted.get(name))
        return (
            [one.then("lost") for one in (given[0][1] if given else [])]
            if not same_shape(module)
            else given[0][1]
            if given
            else []
        )

    def inside(self, node: ast.Call, method: Any) -> list[Origin]:
        """Another method of the same network, or the forward of its base."""
        if method is None or self.deep > _DEEPEST:
            return []
        inner = Reader(self.module, method, self.deep + 1).read()
        names = list(inner)
        for index, one in enumerate(node.args):
            if index < len(names):
                self.want(self.value(one), inner[names[index]])
        for word in node.keywords:
            if word.arg in inner:
                self.want(self.value(word.value), inner[word.arg])
        return [one.then("lost") for one in self.value(node.args[0])] if node.args else []


def wants(module: Any, deep: int = 0) -> dict[str, Need]:
    """What a layer or network wants of each of its inputs, in order."""
    known = of_layer(module)
    if known is not None:
        return known
    if deep > _DEEPEST:
        return {}
    if type(module).__name__ in ("Sequential", "ModuleList") or type(module).forward is sequential_forward():
        steps: tuple[tuple[str, Any], ...] = ()
        for child in module.children():
            found = wants(child, deep + 1)
            first = next(iter(found.values()), None)
            if first is not None and (first.known() or not same_shape(child)):
                need = Need()
                need.take(first, steps, 1)
                return {"input": need}
            if type(child).__name__ == "Flatten":
                steps = (*steps, ("flat", None))
            elif type(child).__name__ == "Unflatten":
                steps = (*steps, ("flat", list(child.unflattened_size)))
        return {"input": Need()}
    return Reader(module, getattr(type(module), "forward", None), deep).read()


def place_is_index(others: list[list[Origin]], origin: Origin) -> bool:
    """`scatter_add_(dim, index, source)`: whether a value stands at the place of the index."""
    return len(others) > 1 and origin.name in {one.name for one in others[1]}
