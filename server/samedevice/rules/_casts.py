"""Fixes that give a tensor another dtype, where it is made, passed or used."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from samedevice.findings import Fix
from samedevice.interpret.analysis import Analysis, Operand, Refused
from samedevice.ops.outcome import Refusal
from samedevice.rules import _edits as edits
from samedevice.rules._device_fixes import peer_text
from samedevice.rules._factories import FACTORIES, function_name
from samedevice.rules._given import gives_tensor
from samedevice.rules._network_fixes import network_moves_dtype
from samedevice.rules._offers import offer, offered
from samedevice.rules._outline import outline, root
from samedevice.rules._placing import at_callers, at_use, written_to
from samedevice.rules._provenance import dtype, is_integer, is_weight, origin_node
from samedevice.rules._scope import defined
from samedevice.values.dtype import AnyDType, DType
from samedevice.values.value import Array, How, Origin, Tensor

FLOAT, LONG, BOOL = DType("float32"), DType("int64"), DType("bool")
_METHODS = {FLOAT: ".float()", LONG: ".long()", BOOL: ".bool()", DType("float64"): ".double()"}
_CASTS = frozenset(("float", "long", "int", "double", "half", "bfloat16", "bool", "short", "byte", "char"))
_HALVES = frozenset({DType("float16"), DType("bfloat16")})
_NUMPY_NAMES = {"bool": "bool_"}
_CONVERSIONS = frozenset(("from_numpy", "tensor", "as_tensor", "asarray"))
_CLASS_LOSSES = ("cross_entropy", "nll_loss", "nll_loss2d", "multi_margin_loss", "multilabel_margin_loss", "ctc_loss")


def dtype_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Ways to bring the operands of a refused operation to one dtype."""
    sides = odd_dtype(fact)
    if sides is None:
        return ()
    odd, other = sides
    return offered(_candidates(analysis, fact, odd, other))


def cast_fixes(analysis: Analysis, fact: Refused, operand: Operand, wanted: AnyDType) -> Sequence[Fix]:
    """Ways to give one operand a dtype."""
    return offered(_casts(analysis, fact, operand, wanted, ""))


def first_tensor(fact: Refused) -> Operand | None:
    return next((one for one in fact.operands if isinstance(one.value, Tensor | Array)), None)


def target_dtype(fact: Refused) -> tuple[Operand, AnyDType] | None:
    """The target of a loss, and the dtype that the loss takes."""
    target = next((one for one in fact.operands if one.name in ("target", "targets")), None)
    if target is None:
        return None
    if fact.op.rpartition(".")[2] in _CLASS_LOSSES or "target dtype to be Long" in fact.text:
        return target, LONG
    other = next((one for one in fact.operands if one is not target and isinstance(one.value, Tensor)), None)
    wanted = dtype(other, fact) if other is not None else None
    return target, wanted if isinstance(wanted, DType) else FLOAT


def odd_dtype(fact: Refused) -> tuple[Operand, Operand] | None:
    """The operand to cast, and the one it should be like: weights stay, as do float32 and floats beside integers."""
    tensors = [one for one in fact.operands if isinstance(one.value, Tensor)]
    if len(tensors) < 2:
        return None
    first = tensors[0]
    other = next((one for one in tensors[1:] if dtype(one, fact) != dtype(first, fact)), tensors[1])
    if written_to(fact, first):
        return other, first
    return (other, first) if _rank(other, fact) > _rank(first, fact) else (first, other)


def _rank(operand: Operand, fact: Refused) -> tuple[bool, bool, bool, bool, bool]:
    """How much an operand is the one to cast."""
    found = dtype(operand, fact)
    origin = operand.value.dtype_from if isinstance(operand.value, Tensor) else None
    numpy = origin is not None and origin.how is How.NUMPY
    return (
        numpy and found == DType("float64"),
        not is_weight(operand) and operand.name not in ("weight", "bias"),
        is_integer(operand, fact),
        numpy or found == DType("float64"),
        found not in _HALVES,
    )


def _candidates(analysis: Analysis, fact: Refused, odd: Operand, other: Operand) -> Iterator[Fix]:
    wanted = dtype(other, fact)
    if isinstance(found := dtype(odd, fact), DType) and found.name.startswith("complex"):
        yield from at_source_append(analysis, fact, odd, ".abs()")
        yield from at_use(analysis, fact, odd, lambda _: [".abs()", ".real"])
    if wanted is not None:
        yield from _casts(analysis, fact, odd, wanted, peer_text(analysis, other, fact.node))
    origin = other.value.dtype_from if isinstance(other.value, Tensor) else None
    if is_weight(other):
        given = dtype(odd, fact)
        if isinstance(given, DType) and given in _HALVES:
            yield from network_moves_dtype(analysis, _device_node(fact, other), f"torch.{given}")
    if origin is not None and found is not None and not is_weight(other):
        yield from _casts(analysis, fact, other, found, peer_text(analysis, odd, fact.node))


def _casts(analysis: Analysis, fact: Refused, operand: Operand, wanted: AnyDType, peer: str) -> Iterator[Fix]:
    """At the source where the dtype is decided by the user there, else at use, else in the calls that led here."""
    origin = _origin(operand)
    node = origin_node(fact, origin)
    tree = outline(analysis.tree)
    own = node is not None and node in tree and tree.definition(node) is tree.definition(fact.node)
    numpy = origin is not None and origin.how is How.NUMPY
    if numpy and isinstance(wanted, DType):
        yield from _converted(analysis, fact, operand, wanted)
    if not _at_use_first(fact, operand, wanted) and (own or _decided(origin)):
        yield from _at_source(analysis, node, wanted, numpy=numpy)
    ways = _ways(fact, operand, wanted, peer)
    yield from at_use(analysis, fact, operand, lambda _: ways)
    if wanted not in _HALVES:
        yield from _at_source(analysis, node, wanted, numpy=numpy)
    yield from at_callers(analysis, fact, operand, origin, lambda _: [_method(wanted)] if _method(wanted) else [])


def _ways(fact: Refused, operand: Operand, wanted: AnyDType, peer: str) -> list[str]:
    """The calls that cast; half precision is better followed than written out."""
    ways = [call for call in (_method(wanted), f".to({peer}.dtype)" if peer else "") if call]
    return ways[::-1] if wanted in _HALVES or _chosen_half(fact, operand) else ways


def _origin(operand: Operand) -> Origin | None:
    return operand.value.dtype_from if isinstance(operand.value, Tensor | Array) else None


def _chosen_half(fact: Refused, operand: Operand) -> bool:
    """Whether the user cast to half precision on purpose."""
    origin = _origin(operand)
    return origin is not None and origin.how is How.MOVED and dtype(operand, fact) in _HALVES


def _at_use_first(fact: Refused, operand: Operand, wanted: AnyDType) -> bool:
    """Whether a cast belongs where the tensor is used, because it is right as it is elsewhere."""
    origin = _origin(operand)
    by_autocast = origin is not None and origin.how is How.AUTOCAST
    chosen = wanted in _HALVES or _chosen_half(fact, operand)
    return fact.kind is Refusal.NO_KERNEL or by_autocast or chosen or _counts(fact, operand, wanted)


def _decided(origin: Origin | None) -> bool:
    """Whether a dtype came from outside or was written down, rather than from an operation."""
    return origin is not None and origin.how in (How.NUMPY, How.GIVEN, How.DEFAULT)


def _counts(fact: Refused, operand: Operand, wanted: AnyDType) -> bool:
    """Whether integers that are integers by default are only here to be floats: they may be counts or indices."""
    origin = operand.value.dtype_from if isinstance(operand.value, Tensor) else None
    return wanted == FLOAT and is_integer(operand, fact) and (origin is None or origin.how in (How.DEFAULT, How.FIXED))


_PARTS = ("real", "imag", "abs", "absolute", "angle", "view_as_real")
"""What makes real numbers of complex ones."""
_COMPLEX = ("complex", "cfloat", "cdouble")
"""How the names of complex dtypes begin."""


def _method(wanted: AnyDType) -> str:
    """The call that casts: `.float()`."""
    if not isinstance(wanted, DType):
        return ""
    return _METHODS.get(wanted, f".to(torch.{wanted})")


def at_source_append(analysis: Analysis, fact: Refused, operand: Operand, call: str) -> Iterator[Fix]:
    """Call a method on what the call that decided the dtype gives."""
    origin = operand.value.dtype_from if isinstance(operand.value, Tensor) else None
    node = origin_node(fact, origin)
    if isinstance(node, ast.Call) and node in outline(analysis.tree) and _takes_cast(analysis, node):
        yield from offer(f"Add `{call}` where it is made", edits.append, analysis.source, node, call)


def _converted(analysis: Analysis, fact: Refused, operand: Operand, wanted: DType) -> Iterator[Fix]:
    """Cast where a tensor was made of NumPy's numbers."""
    value = operand.value
    if not isinstance(value, Tensor):
        return
    tree = outline(analysis.tree)
    number, made = origin_node(fact, value.dtype_from), origin_node(fact, value.device_from)
    around = [outer for outer in tree.above(number) if isinstance(outer, ast.Call)] if number in tree and number else []
    for call in (made, *around):
        if isinstance(call, ast.Call) and call in tree and function_name(call) in _CONVERSIONS:
            yield from _at_source(analysis, call, wanted, numpy=False)


def _at_source(analysis: Analysis, node: ast.AST | None, wanted: AnyDType, *, numpy: bool) -> Iterator[Fix]:
    """Give the call that decided the dtype another one."""
    if not isinstance(node, ast.Call) or node not in outline(analysis.tree) or not isinstance(wanted, DType):
        return
    if _says_complex(node) and not wanted.name.startswith(_COMPLEX):
        return
    source, name = analysis.source, function_name(node)
    base = root(node.func)
    if base is not None and base.id in ("np", "numpy"):
        yield from _numpy_source(analysis, node, base.id, wanted)
    elif numpy:
        alias = imported_as(analysis, "numpy")
        if alias:
            call = f".astype({alias}.{_NUMPY_NAMES.get(wanted.name, wanted.name)})"
            yield from offer(f"Add `{call}`", edits.append, source, node, call)
    elif name in _CASTS and isinstance(node.func, ast.Attribute) and not node.args:
        receiver = edits.receiver(source, node.func.value)
        yield from offer(f"Use `{_method(wanted)}` here", edits.replace, source, node, receiver + _method(wanted))
    elif name in FACTORIES:
        torch = _torch(analysis, node)
        if torch:
            text = f"{torch}.{wanted}"
            yield from offer(f"Create it with `dtype={text}`", edits.keyword, source, node, "dtype", text)
    elif name == "to":
        yield from _other_to(analysis, node, wanted)
    elif _takes_cast(analysis, node):
        yield from offer(f"Add `{_method(wanted)}` where it is made", edits.append, source, node, _method(wanted))


def _takes_cast(analysis: Analysis, node: ast.Call) -> bool:
    """Whether a call gives a tensor that may be cast: not one of which a part is taken, which may be complex."""
    for outer in outline(analysis.tree).above(node):
        if isinstance(outer, ast.stmt):
            break
        name = outer.attr if isinstance(outer, ast.Attribute) else ""
        if name in _PARTS or (isinstance(outer, ast.Call) and function_name(outer) in _PARTS):
            return False
    return gives_tensor(analysis, node)


def _says_complex(node: ast.Call) -> bool:
    """Whether a call is given an imaginary number or a complex dtype."""
    constants = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant))
    dtypes = (inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute))
    return any(isinstance(one, complex) for one in constants) or any(one.startswith(_COMPLEX) for one in dtypes)


def _numpy_source(analysis: Analysis, node: ast.Call, numpy: str, wanted: DType) -> Iterator[Fix]:
    name = _NUMPY_NAMES.get(wanted.name, wanted.name)
    if function_name(node) in ("array", "asarray", "zeros", "ones", "full", "arange", "linspace", "empty", "stack"):
        title = f"Create it with `dtype={numpy}.{name}`"
        yield from offer(title, edits.keyword, analysis.source, node, "dtype", f"{numpy}.{name}")
    call = f".astype({numpy}.{name})"
    yield from offer(f"Add `{call}`", edits.append, analysis.source, node, call)


def _other_to(analysis: Analysis, node: ast.Call, wanted: DType) -> Iterator[Fix]:
    """Another dtype in a `.to(...)` that names one."""
    torch = _torch(analysis, node)
    for given in (*node.args, *(one.value for one in node.keywords if one.arg == "dtype")):
        if isinstance(given, ast.Attribute) and isinstance(given.value, ast.Name) and given.value.id == torch:
            text = f"{torch}.{wanted}"
            yield from offer(f"Cast to `{text}` here", edits.replace, analysis.source, given, text)


def _torch(analysis: Analysis, node: ast.AST) -> str:
    """The name of torch at a node; "" where the file does not import it."""
    name = imported_as(analysis, "torch")
    return name if name and defined(analysis, name, node) else ""


def imported_as(analysis: Analysis, module: str) -> str:
    """The name that a file imports a module as at its top; "" if it does not."""
    for statement in analysis.tree.body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name == module:
                    return alias.asname or module
    return ""


def _device_node(fact: Refused, operand: Operand) -> ast.AST | None:
    """Where the network of a weight was made or moved."""
    value = operand.value
    assert isinstance(value, Tensor)
    made = origin_node(fact, value.dtype_from)
    return made if made is not None else origin_node(fact, value.device_from)


def kernel_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Do an operation in float32 that has no kernel for a dtype."""
    operand = first_tensor(fact)
    return () if operand is None else cast_fixes(analysis, fact, operand, FLOAT)


def in_place_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Work out of place, or cast the tensor, or what is put into it where that loses no more than precision."""
    tensors = [one for one in fact.operands if isinstance(one.value, Tensor)]

    def candidates() -> Iterator[Fix]:
        yield from _out_of_place(analysis, fact)
        if len(tensors) > 1 and not (fact.kind is Refusal.INPLACE and is_integer(tensors[0], fact)):
            into = peer_text(analysis, tensors[0], fact.node)
            if into:
                yield from at_use(analysis, fact, tensors[1], lambda _: [f".to({into}.dtype)"])
            wanted = dtype(tensors[0], fact)
            if wanted is not None:
                yield from _casts(analysis, fact, tensors[1], wanted, into)
        if tensors and fact.kind is Refusal.INPLACE:
            origin = tensors[0].value.dtype_from if isinstance(tensors[0].value, Tensor) else None
            yield from _at_source(analysis, origin_node(fact, origin), FLOAT, numpy=False)

    return offered(candidates())


_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


def _out_of_place(analysis: Analysis, fact: Refused) -> Iterator[Fix]:
    """`a /= b` becomes `a = a / b`, and `a.sub_(b)` becomes `a = a.sub(b)`, for a plain name."""
    source, text = analysis.source, ""
    match fact.node:
        case ast.AugAssign(target=ast.Name(id=name), op=op, value=value) if type(op) in _OPERATORS:
            right = source.text_of(value) if isinstance(value, ast.Constant) else edits.receiver(source, value)
            text = f"{name} = {name} {_OPERATORS[type(op)]} {right}"
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name) as owner, attr=method)) if method.endswith("_"):
            if isinstance(outline(analysis.tree).statement(fact.node), ast.Expr):
                given = source.text_of(fact.node).removeprefix(source.text_of(owner)).partition("(")[2]
                text = f"{name} = {name}.{method[:-1]}({given}"
    if text:
        yield from offer(f"Write `{text}`", edits.replace, source, fact.node, text)
