"""Sizes that annotations state: `Float[Tensor, "b 3"]`, `Annotated[Tensor, Shape("B", 3)]`, `Tensor[[2, 3]]`."""

from __future__ import annotations

import ast
from typing import NamedTuple

from samedevice.dataclass import replace
from samedevice.syntax.nodes import remembered
from samedevice.values.dtype import DType
from samedevice.values.value import Dim, Shape, Tensor, Value

_JAXTYPING = frozenset({"Shaped", "Float", "Int", "UInt", "Integer", "Num", "Real", "Inexact", "Complex"})
_EXACT = {
    **{name.capitalize(): DType(name) for name in ("float16", "float32", "float64", "complex64", "complex128")},
    **{name.capitalize(): DType(name) for name in ("int8", "int16", "int32", "int64")},
    **{f"UI{name[2:]}": DType(name) for name in ("uint8", "uint16", "uint32", "uint64")},
    "BFloat16": DType("bfloat16"),
    "Bool": DType("bool"),
}
"""Annotations of jaxtyping that name one dtype."""
_TENSORS = frozenset({"Tensor", "TensorType", "FloatTensor", "LongTensor"})


class Stated(NamedTuple):
    """What an annotation states of a tensor; symbols in the words of the annotation."""

    shape: Shape | None
    dtype: DType | None = None


def stated(annotation: ast.expr | None) -> Stated | None:
    """What an annotation states; None for one that is not of a form we know."""
    return None if annotation is None else remembered(annotation, "stated", _stated)


def promise(annotation: ast.expr | None, scope: str, tensor: Tensor) -> Tensor:
    """A parameter's tensor with what its annotation states; a size's name means the same in all of `scope`."""
    found = stated(annotation)
    if found is None:
        return tensor
    shape = None if found.shape is None else tuple(_scoped(dim, scope) for dim in found.shape)
    return replace(tensor, shape=shape, dtype=found.dtype or tensor.dtype)


def refined(annotation: ast.expr, value: Value) -> Value:
    """A tensor with the sizes that only its annotation knows."""
    found = stated(annotation)
    if (
        not isinstance(value, Tensor)
        or found is None
        or found.shape is None
        or value.shape is not None
        or value.cell is not None
    ):
        return value
    return replace(value, shape=tuple(dim if isinstance(dim, int) else None for dim in found.shape))


def differ(one: Shape, other: Shape) -> bool:
    """Whether two shapes surely are not the same."""
    if len(one) != len(other):
        return True
    pairs = zip(one, other, strict=True)
    return any(isinstance(first, int) and isinstance(second, int) and first != second for first, second in pairs)


def _scoped(dim: Dim, scope: str) -> Dim:
    return f"{scope}.{dim}" if isinstance(dim, str) else dim


def _stated(annotation: ast.expr) -> Stated | None:
    match annotation:
        case ast.Constant(value=str(text)):
            try:
                return _stated(ast.parse(text, mode="eval").body)
            except (SyntaxError, ValueError):
                return None
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return _stated(left)
        case ast.Subscript(value=kind, slice=inside):
            return _subscripted(_last(kind), inside)
    return None


def _subscripted(kind: str, inside: ast.expr) -> Stated | None:
    """`kind[inside]`."""
    match inside:
        case _ if kind == "Optional":
            return _stated(inside)
        case ast.Tuple(elts=[of, ast.Constant(value=str(text))]) if kind in _JAXTYPING or kind in _EXACT:
            return Stated(_in_words(text), _EXACT.get(kind)) if _last(of) in _TENSORS else None
        case ast.Tuple(elts=[of, *notes]) if kind == "Annotated" and _last(of) in _TENSORS:
            shapes = [note for note in notes if isinstance(note, ast.Call) and _last(note.func).endswith("Shape")]
            return Stated(_listed(shapes[0].args)) if len(shapes) == 1 and not shapes[0].keywords else None
        case ast.List(elts=sizes) if kind in _TENSORS:
            return Stated(_listed(sizes))
        case ast.Tuple(elts=sizes) if kind in _TENSORS:
            return Stated(_listed(sizes)) if all(isinstance(size, ast.Constant) for size in sizes) else None
    return None


def _in_words(text: str) -> Shape | None:
    """The sizes of jaxtyping's `"batch 3 h w"`; None where their number is not said."""
    words = text.split()
    if any("*" in word or "..." in word for word in words):
        return None
    sizes = [word.rpartition("=")[2] for word in words]
    return tuple(int(size) if size.isdigit() else _name(size) for size in sizes)


def _listed(sizes: list[ast.expr]) -> Shape | None:
    """Sizes that are written one by one; None where one of them stands for several."""
    found: list[Dim] = []
    for size in sizes:
        match size:
            case ast.Constant(value=bool()) | ast.Constant(value=float()) | ast.Starred():
                return None
            case ast.Constant(value=int(known)):
                found.append(known)
            case ast.Constant(value=str(text)):
                found.append(_name(text))
            case ast.Constant(value=kind) if kind is Ellipsis:
                return None
            case ast.Name(id=name):
                found.append(name)
            case _:
                found.append(None)
    return tuple(found)


def _name(text: str) -> Dim:
    """A size by its name; `_` and what is more than a name are none."""
    return text if text.isidentifier() and not text.startswith("_") else None


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
