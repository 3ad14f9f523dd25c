"""How a function uses its parameters: as tensors, as optional ones, near an accelerator."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

_TENSOR_ATTRIBUTES = frozenset(
    "shape size view reshape permute unsqueeze squeeze dim ndim device dtype float half long mean sum transpose "
    "contiguous detach cuda cpu expand expand_as flatten softmax new_zeros new_ones new_full new_tensor new_empty "
    "repeat type_as masked_fill masked_fill_ argmax abs exp log sqrt pow clamp norm numel is_cuda requires_grad "
    "unfold scatter_ gather bool int double chunk unbind sigmoid tanh matmul bmm mm t cumsum index_select".split()
)
_LIBRARIES = frozenset({"torch", "F", "th", "nn"})


@dataclass(slots=True)
class Usage:
    """What a function's body tells of its parameters."""

    tensors: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    optional: set[str] = field(default_factory=set)
    torch: bool = False
    """Whether it touches tensors at all, as far as its text tells."""
    accelerated: bool = False
    """Whether the function has devices in mind at all."""

    def tensor(self, name: str) -> bool:
        return name in self.tensors and name not in self.others


def used_as(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Usage:
    """Reads a function's body for how it uses names."""
    usage = Usage()
    _defaults(node, usage)
    if any(parameter.arg == "device" for parameter in (*node.args.args, *node.args.kwonlyargs)):
        usage.accelerated = True
    for child in ast.walk(node):
        match child:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                if attribute in _TENSOR_ATTRIBUTES:
                    usage.tensors.add(name)
                    usage.torch = True
                elif name in _LIBRARIES or name == "np":
                    usage.torch = True
                elif attribute in ("keys", "items", "values", "get", "append", "update", "split", "parameters", "eval"):
                    usage.others.add(name)
                if attribute in ("device", "cuda", "is_cuda", "get_device"):
                    usage.accelerated = True
            case ast.Attribute(attr="to" | "cuda" | "cpu" | "half" | "float" | "numpy" | "device" | "dtype" | "backward"):
                usage.torch = True
            case ast.Call():
                _call(child, usage)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str())):
                usage.others.add(name)
            case ast.Assign(targets=[ast.Tuple()], value=ast.Name(id=name)):
                usage.others.add(name)
            case ast.For(iter=ast.Name(id=name)):
                usage.others.add(name)
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                usage.tensors.update(side.id for side in (left, right) if isinstance(side, ast.Name))
    return usage


def _call(node: ast.Call, usage: Usage) -> None:
    function = node.func
    if not isinstance(function, ast.Attribute):
        if isinstance(function, ast.Name) and function.id in ("len", "isinstance", "range", "int", "str"):
            if function.id != "len":
                usage.others.update(a.id for a in node.args[:1] if isinstance(a, ast.Name))
        return
    if isinstance(function.value, ast.Name):
        owner = function.value.id
        first = node.args[:1]
        if owner == "self" and len(node.args) == 1 or owner in _LIBRARIES and function.attr not in ("zeros", "ones", "randn", "arange", "empty", "full", "rand", "tensor", "as_tensor", "from_numpy", "linspace"):
            usage.tensors.update(a.id for a in first if isinstance(a, ast.Name))


def _defaults(node: ast.FunctionDef | ast.AsyncFunctionDef, usage: Usage) -> None:
    positional = [*node.args.posonlyargs, *node.args.args]
    for parameter, default in zip(positional[::-1], node.args.defaults[::-1], strict=False):
        _default(parameter, default, usage)
    for parameter, keyword in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if keyword is not None:
            _default(parameter, keyword, usage)


def _default(parameter: ast.arg, default: ast.expr, usage: Usage) -> None:
    if isinstance(default, ast.Constant):
        if default.value is None:
            usage.optional.add(parameter.arg)
        else:
            usage.others.add(parameter.arg)
