"""How a function uses its parameters: as tensors, as optional ones, near an accelerator."""

from __future__ import annotations

import ast
from functools import lru_cache

from samedevice.dataclass import dataclass, field
from samedevice.interpret.stated import stated
from samedevice.ops import table
from samedevice.syntax.nodes import inside, remembered

_PROPERTIES = frozenset(["is_cuda", "requires_grad", "grad", "mT"])
_NUMPY_TOO = frozenset(
    [
        "shape",
        "ndim",
        "size",
        "T",
        "real",
        "imag",
        "data",
        "flat",
        "itemsize",
        "nbytes",
        "all",
        "any",
        "argmax",
        "argmin",
        "argsort",
        "choose",
        "clip",
        "compress",
        "conj",
        "conjugate",
        "copy",
        "cumprod",
        "cumsum",
        "diagonal",
        "dot",
        "fill",
        "flatten",
        "item",
        "itemset",
        "max",
        "mean",
        "min",
        "nonzero",
        "partition",
        "prod",
        "ptp",
        "put",
        "ravel",
        "repeat",
        "reshape",
        "resize",
        "round",
        "searchsorted",
        "sort",
        "squeeze",
        "std",
        "sum",
        "swapaxes",
        "take",
        "tolist",
        "trace",
        "transpose",
        "var",
        "view",
        "astype",
    ]
)
"""What arrays have too."""
_OTHERS_TOO = frozenset(name for kind in (str, list, dict, set, bytes) for name in dir(kind))
_CONTAINER_METHODS = frozenset(["keys", "items", "values", "get", "append", "update", "split", "parameters", "eval"])
_IN_PLACE = frozenset(["to", "cuda", "cpu", "half", "float", "double", "bfloat16", "type"])
"""Methods that change a network in place, and give another tensor."""
_SIZED = frozenset(
    ["view", "reshape", "expand", "repeat", "unflatten", "new_zeros", "new_ones", "zeros", "ones", "empty"]
)
"""Calls that are given sizes."""
_LIBRARIES = frozenset({"torch", "F", "th", "nn"})


@dataclass(slots=True)
class Usage:
    """What a function's body tells of its parameters."""

    tensors: set[str] = field(default_factory=set)
    operands: set[str] = field(default_factory=set)
    """Names that stand in arithmetic: tensors where nothing else is likely, as in `forward`."""
    numbers: set[str] = field(default_factory=set)
    """Names that stand where Python numbers do: sizes, what `math` computes."""
    others: set[str] = field(default_factory=set)
    optional: set[str] = field(default_factory=set)
    host: bool = False
    """Whether it gives tensors to numpy without bringing them to the CPU first."""
    torch: bool = False
    """Whether it touches tensors at all, as far as its text tells."""

    def tensor(self, name: str) -> bool:
        return name in self.tensors and name not in self.others


def used_as(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Usage:
    """How a function uses names."""
    return remembered(node, "usage", _read)


def _read(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Usage:
    """Reads a function's body for how it uses names."""
    usage = Usage()
    _defaults(node, usage)
    parameters = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    usage.torch = any(stated(parameter.annotation) for parameter in parameters)
    weak: set[str] = set()
    placed: set[str] = set()
    """Names that are asked where they are, or moved: many networks have that in common with tensors."""
    changed: set[str] = set()
    """Names that a statement moves or casts, as only networks are."""
    alone: set[ast.AST] = set()
    numpy = False
    for child in inside(node):
        match child:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attribute) as method)) if attribute in _IN_PLACE:
                alone.add(method)
            case ast.Attribute(value=value) if child in alone:
                usage.torch = True  # it changes in place: a network, or a tensor by other signs
                if isinstance(value, ast.Name):
                    changed.add(value.id)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                numpy = numpy or name in ("np", "numpy")
                if name in _LIBRARIES or name in ("np", "numpy"):
                    usage.torch = True
                elif attribute in ("shape", "ndim", "T") or attribute in _NUMPY_TOO - _OTHERS_TOO:
                    weak.add(name)
                elif attribute in ("device", "dtype") or attribute in _IN_PLACE:
                    placed.add(name)
                    usage.torch = True
                elif attribute in _PROPERTIES or _method(attribute):
                    usage.tensors.add(name)
                    usage.torch = True
                elif attribute in _CONTAINER_METHODS:
                    usage.others.add(name)
            case ast.Attribute(
                attr="to" | "cuda" | "cpu" | "half" | "float" | "numpy" | "device" | "dtype" | "backward"
            ):
                usage.torch = True
            case ast.Call():
                usage.host = usage.host or _to_numpy(child)
                _call(child, usage)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str())):
                usage.others.add(name)
            case ast.Assign(targets=[ast.Tuple()], value=ast.Name(id=name)):
                usage.others.add(name)
            case ast.For(iter=ast.Name(id=name)):
                usage.others.add(name)
            case ast.BinOp(left=left, op=operator, right=right):
                names = {side.id for side in (left, right) if isinstance(side, ast.Name)}
                usage.operands |= names
                if isinstance(operator, ast.MatMult):
                    usage.tensors |= names
    usage.tensors |= placed - changed
    if not numpy:
        usage.tensors |= weak
    return usage


@lru_cache(maxsize=2048)
def _method(name: str) -> bool:
    """Whether only tensors have a method of that name."""
    return name not in _OTHERS_TOO and name not in _NUMPY_TOO and table.known(f"torch.Tensor.{name}")


def _call(node: ast.Call, usage: Usage) -> None:
    function = node.func
    if not isinstance(function, ast.Attribute):
        if isinstance(function, ast.Name):
            usage.others.add(function.id)
            if function.id in ("isinstance", "range", "int", "str"):
                usage.others.update(a.id for a in node.args[:1] if isinstance(a, ast.Name))
        return
    if function.attr in _SIZED:
        usage.numbers.update(a.id for a in node.args if isinstance(a, ast.Name))
    if isinstance(function.value, ast.Name):
        if function.value.id in ("math", "np", "numpy"):
            usage.numbers.update(n.id for a in node.args for n in _operands(a))
        owner = function.value.id
        first = node.args[:1]
        if (owner == "self" and len(node.args) == 1) or (
            owner in _LIBRARIES
            and (function.attr.islower() or function.attr == "Parameter")
            and function.attr
            not in (
                "zeros",
                "ones",
                "randn",
                "arange",
                "empty",
                "full",
                "rand",
                "tensor",
                "as_tensor",
                "from_numpy",
                "linspace",
            )
        ):
            usage.tensors.update(a.id for a in first if isinstance(a, ast.Name))


def _to_numpy(node: ast.Call) -> bool:
    """`x.numpy()` and `np.save(path, x)`, but not `x.cpu().numpy()`."""
    match node.func:
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="save" | "savez" | "savez_compressed" | "savetxt"):
            fetched, where = ("cpu", "numpy"), [*node.args, *node.keywords]
        case ast.Attribute(value=value, attr="numpy"):
            fetched, where = ("cpu", "to"), [value]
        case _:
            return False
    return not any(isinstance(n, ast.Attribute) and n.attr in fetched for one in where for n in inside(one))


def _operands(node: ast.expr) -> list[ast.Name]:
    """The names that an arithmetic expression is made of."""
    if isinstance(node, ast.BinOp):
        return [*_operands(node.left), *_operands(node.right)]
    return [node] if isinstance(node, ast.Name) else []


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
