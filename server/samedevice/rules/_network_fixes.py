"""Fixes that change how a network is built or moved: buffers, containers, the order of statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from samedevice.findings import Edit, Fix
from samedevice.interpret.analysis import Analysis, NotRegistered
from samedevice.rules import _edits as edits
from samedevice.rules._factories import FACTORIES, function_name, makes_tensor
from samedevice.rules._given import bound, gives_network, holds_network
from samedevice.rules._offers import offer, together
from samedevice.rules._outline import Outline, arguments, is_path, mentions, outline
from samedevice.rules._provenance import in_plain_container
from samedevice.rules._scope import device_names
from samedevice.syntax.source import Span
from samedevice.values.device import AnyDevice
from samedevice.values.value import Origin, Tensor

_CONTAINERS = {
    ("list", "networks"): "ModuleList",
    ("tuple", "networks"): "ModuleList",
    ("dict", "networks"): "ModuleDict",
    ("list", "parameters"): "ParameterList",
    ("tuple", "parameters"): "ParameterList",
    ("dict", "parameters"): "ParameterDict",
}
_DEPTH = 4


def buffer(analysis: Analysis, statement: ast.stmt) -> Iterator[Fix]:
    """`self.x = tensor` becomes `self.register_buffer("x", tensor)`, out of the state dict as it was."""
    tree = outline(analysis.tree)
    method = tree.method(statement)
    match statement:
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value):
            pass
        case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=name), value=ast.expr() as value):
            pass
        case _:
            return
    if method is None or method.name != "__init__" or _assigned_before(tree, statement, name):
        return
    text = f'self.register_buffer("{name}", {analysis.source.text_of(value)}, persistent=False)'
    yield from offer(f"Register `{name}` as a buffer", edits.replace, analysis.source, statement, text)


def buffers(analysis: Analysis, node: ast.AST, statement: ast.stmt) -> Iterator[Fix]:
    """All plain tensors that the code at `node` reads become buffers, or the one made by `statement`."""
    others = [one for one in _fellows(analysis, node) if one is not statement]
    fixes = [next(buffer(analysis, one), None) for one in (statement, *others)]
    found = [fix for fix in fixes if fix is not None]
    if len(found) > 1:
        yield Fix("Register them as buffers", together(*(fix.edits for fix in found)))
    yield from buffer(analysis, statement)


def moved_together(analysis: Analysis, node: ast.AST, call: str) -> Iterator[Fix]:
    """Call a method on every plain tensor of the network that the statement at `node` reads."""
    tree = outline(analysis.tree)
    around = tree.statement(node)
    kept = {name for one in _fellows(analysis, node) if (name := _kept_name(one))}
    reads = [inner for inner in ast.walk(around or node) if isinstance(inner, ast.Attribute) and _own(inner) in kept]
    if len(reads) > 1:
        builds = (edits.append(analysis.source, read, call) for read in reads)
        yield from offer(f"Use `{call}` of each constant", together, *builds)


def _fellows(analysis: Analysis, node: ast.AST) -> list[ast.stmt]:
    """The statements that keep the plain tensors which the statement at `node` reads from `self`."""
    tree = outline(analysis.tree)
    around, owner = tree.statement(node), tree.class_of(node)
    if around is None or owner is None:
        return []
    names = {_own(inner) for inner in ast.walk(around) if isinstance(inner, ast.Attribute)} - {""}
    stores = (n for n in ast.walk(owner) if isinstance(n, ast.Assign) and makes_tensor(_made(n.value)))
    return [n for n in stores if _kept_name(n) in names]


def _made(value: ast.expr) -> ast.expr:
    """The call at the root of a chain of methods: `torch.tensor(x)` of `torch.tensor(x).view(1, 3)`."""
    while (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and isinstance(value.func.value, ast.Call)
    ):
        value = value.func.value
    return value


def _kept_name(statement: ast.stmt) -> str:
    """The attribute that a statement sets, on `self` or in the class body."""
    match statement:
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)]):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""


def _own(node: ast.Attribute) -> str:
    """The name of an attribute of `self`."""
    return node.attr if isinstance(node.value, ast.Name) and node.value.id == "self" else ""


def contained(analysis: Analysis, fact: NotRegistered) -> Iterator[Fix]:
    """`[nn.Linear(3, 4)]` becomes `nn.ModuleList([nn.Linear(3, 4)])`."""
    container = _CONTAINERS.get((fact.container, fact.holds))
    node = fact.node
    if container is None or not isinstance(node, ast.expr) or fact.source is not analysis.source or _nested(node):
        return
    prefix = _prefix(analysis.tree, container)
    title = f"Keep them in nn.{container}"
    if prefix is not None:
        yield from offer(title, edits.wrap, analysis.source, node, f"{prefix}{container}(", ")")
        return
    yield from offer(title, _with_import, analysis, node, container)


def network_moves(analysis: Analysis, node: ast.AST | None, wanted: AnyDevice, moved: Origin | None) -> Iterator[Fix]:
    """Bring the network whose weight is made at `node` to a device."""
    tree = outline(analysis.tree)
    if node is None or node not in tree:
        return
    container = in_plain_container(analysis, node)
    if container is not None:
        yield from contained(analysis, container)
    if isinstance(node, ast.Call) and _made_late(tree, node):
        yield from _built_on(analysis, node, wanted, moved)
    for statement, value in _constructions(analysis, node):
        for target in _targets(statement, value):
            yield from _moved_earlier(analysis, statement, target)
            yield from _like_siblings(analysis, statement, target)
        yield from _built_on(analysis, value, wanted, moved)


def network_moves_dtype(analysis: Analysis, node: ast.AST | None, dtype: str) -> Iterator[Fix]:
    """Cast the network whose weight is made or moved at `node`."""
    tree = outline(analysis.tree)
    if node is None or node not in tree:
        return
    for _, value in _constructions(analysis, node):
        match value:
            case ast.Call(func=ast.Attribute(attr="to"), args=[_], keywords=[]):
                yield from offer(
                    f"Build it with `dtype={dtype}`", edits.keyword, analysis.source, value, "dtype", dtype
                )
            case ast.Call():
                yield from offer(f"Build it with `.to({dtype})`", edits.append, analysis.source, value, f".to({dtype})")


def reordered(analysis: Analysis, node: ast.AST | None) -> Iterator[Fix]:
    """Move `model.to(device)` before the statements that read the model's parameters."""
    tree = outline(analysis.tree)
    statement = tree.statement(node) if node in tree and node is not None else None
    if statement is None or (receiver := _receiver(statement)) is None:
        return
    yield from _moved_before_use(analysis, statement, receiver)


def threaded(analysis: Analysis, node: ast.AST | None, wanted: AnyDevice, moved: Origin | None) -> Iterator[Fix]:
    """Let the function that makes a tensor take the device, and pass it where the function is called."""
    tree = outline(analysis.tree)
    if not isinstance(node, ast.Call) or node not in tree or function_name(node) not in FACTORIES:
        return
    function = tree.definition(node)
    if function is None or function.args.kwarg is not None:
        return
    owner = tree.parent(function)
    name = owner.name if isinstance(owner, ast.ClassDef) and function.name == "__init__" else function.name
    for call in tree.calls(name):
        for text in device_names(analysis, call, wanted, moved)[:1]:
            yield from offer(f"Pass `device={text}` to {name}", _thread, analysis, node, function, call, text)


def _thread(
    analysis: Analysis, factory: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, text: str
) -> tuple[Edit, ...]:
    source = analysis.source
    parameters = arguments(function)
    inside = edits.keyword(source, factory, "device", "device")
    outside = edits.keyword(source, call, "device", text)
    if any(one.arg == "device" for one in parameters):
        return together(inside, outside)
    if not parameters or function.args.kwonlyargs or function.args.vararg:
        raise edits.Uneditable("no plain place for a parameter")
    last = function.args.defaults[-1] if function.args.defaults else parameters[-1]
    span = source.span(last)
    end = Span(span.end_line, span.end_column, span.end_line, span.end_column)
    return together(inside, outside, (Edit(source, end, ", device=None"),))


def _assigned_before(tree: Outline, statement: ast.stmt, name: str) -> bool:
    """Whether the class gives the attribute a value before: register_buffer refuses a name that exists."""
    owner = tree.class_of(statement)
    for node in ast.walk(owner) if owner else ():
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=attribute, ctx=ast.Store()) if attribute == name:
                method = tree.method(node)
                if method is not None and method.name == "__init__" and node.lineno < statement.lineno:
                    return True
            case ast.Assign(targets=[ast.Name(id=attribute)]) if attribute == name and tree.parent(node) is owner:
                return True
    return False


def _nested(node: ast.expr) -> bool:
    """Whether a literal holds further containers, which no module list takes."""
    inner: list[ast.expr | None] = []
    match node:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            inner = list(elements)
        case ast.Dict(values=values):
            inner = list(values)
        case ast.ListComp(elt=element):
            inner = [element]
    return any(isinstance(one, ast.List | ast.Tuple | ast.Dict | ast.ListComp) for one in inner)


def _prefix(tree: ast.Module, container: str) -> str | None:
    """How a container of torch.nn can be named in a file: `nn.`, `torch.nn.`, or bare."""
    found: dict[str, int] = {}
    for node in tree.body:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if alias.name == "torch.nn" and alias.asname:
                        found[f"{alias.asname}."] = 1
                    elif alias.name.split(".")[0] == "torch" and not (alias.asname and alias.name != "torch"):
                        found[f"{alias.asname or 'torch'}.nn."] = 2
            case ast.ImportFrom(module="torch", names=names):
                found |= {f"{alias.asname or 'nn'}.": 1 for alias in names if alias.name == "nn"}
            case ast.ImportFrom(module="torch.nn", names=names):
                if any(alias.name == container and not alias.asname for alias in names):
                    found[""] = 0
    return min(found, key=lambda one: found[one]) if found else None


def _with_import(analysis: Analysis, node: ast.expr, container: str) -> tuple[Edit, ...]:
    return together(
        edits.add_import(analysis.source, analysis.tree, "from torch import nn"),
        edits.wrap(analysis.source, node, f"nn.{container}(", ")"),
    )


def _made_late(tree: Outline, node: ast.Call) -> bool:
    """Whether a layer is made outside `__init__`, or for an attribute of another object."""
    method = tree.method(node)
    if method is not None:
        return method.name != "__init__" and tree.is_network(tree.class_of(node))
    statement = tree.statement(node)
    return isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Attribute)


def _built_on(analysis: Analysis, value: ast.expr, wanted: AnyDevice, moved: Origin | None) -> Iterator[Fix]:
    """Put `.to(device)` behind the expression that builds a network."""
    if isinstance(value, ast.Call) and function_name(value) in ("to", "cuda"):
        return
    names = device_names(analysis, value, wanted, moved)[:2]
    for name in names:
        yield from offer(f"Build it with `.to({name})`", edits.append, analysis.source, value, f".to({name})")
    place = moved.place.node if moved is not None and moved.place is not None else None
    if not names and isinstance(place, ast.Call) and function_name(place) == "cuda" and not place.args:
        yield from offer("Build it with `.cuda()`", edits.append, analysis.source, value, ".cuda()")


def _constructions(analysis: Analysis, node: ast.AST, depth: int = _DEPTH) -> Iterator[tuple[ast.stmt, ast.expr]]:
    """The assignments, outside of networks, that build the network which a layer made at `node` is part of.

    With each comes the expression that gives the network.
    """
    tree = outline(analysis.tree)
    statement = tree.statement(node)
    if statement is None or depth == 0:
        return
    function, owner = tree.definition(node), tree.class_of(node)
    method = tree.method(node)
    if method is not None and tree.is_network(owner) and owner is not None:
        for call in tree.calls(owner.name):
            yield from _constructions(analysis, call, depth - 1)
        return
    for target, value in _pairs(statement):
        if (value is node or value in tree.above(node)) and (built := _built(analysis, target, value, node)):
            yield statement, built
    if function is not None and (isinstance(statement, ast.Return) or _returned(function)) and method is None:
        for call in tree.calls(function.name):
            yield from _constructions(analysis, call, depth - 1)


def _pairs(statement: ast.stmt) -> list[tuple[ast.expr, ast.expr]]:
    """The targets of an assignment, each with its value."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(values):
            return list(zip(targets, values, strict=True))
        case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=value):
            return [(target, value)]
    return []


def _built(analysis: Analysis, target: ast.expr, value: ast.expr, node: ast.AST) -> ast.expr | None:
    """The whole value if it is a network or a weight, else the largest part of it around `node` that is a network."""
    held = bound(analysis, target)
    if holds_network(held) or (held and all(isinstance(one.value, Tensor) for one in held)):
        return value
    found: ast.expr | None = None
    for one in (node, *outline(analysis.tree).above(node)):
        if one is value:
            break
        if isinstance(one, ast.Call) and gives_network(analysis, one):
            found = one
    return found


def _returned(function: ast.AST) -> bool:
    return any(isinstance(node, ast.Return) and node.value is not None for node in ast.walk(function))


def _targets(statement: ast.stmt, value: ast.expr) -> list[ast.expr]:
    """What an assignment binds a whole value to."""
    return [target for target, one in _pairs(statement) if one is value and is_path(target)]


def _receiver(statement: ast.stmt) -> ast.expr | None:
    """What a statement moves: `model` of `model.to(device)` and `model = model.cuda()`."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=receiver, attr="to" | "cuda"))) if is_path(receiver):
            return receiver
        case ast.Assign(targets=[target], value=ast.Call(func=ast.Attribute(value=receiver, attr="to" | "cuda"))) if (
            is_path(receiver) and ast.unparse(target) == ast.unparse(receiver)
        ):
            return receiver
    return None


def _moved_earlier(analysis: Analysis, statement: ast.stmt, target: ast.expr) -> Iterator[Fix]:
    """Bring a later move of a network up to where the network is made."""
    tree = outline(analysis.tree)
    for later in tree.block(statement):
        receiver = _receiver(later)
        if later.lineno > statement.lineno and receiver is not None and ast.unparse(receiver) == ast.unparse(target):
            yield from _moved_before_use(analysis, later, receiver)


def _moved_before_use(analysis: Analysis, statement: ast.stmt, receiver: ast.expr) -> Iterator[Fix]:
    tree, source = outline(analysis.tree), analysis.source
    name = ast.unparse(receiver)
    title = f"Move `{source.text_of(statement).splitlines()[0]}` up"
    earlier: list[ast.stmt] = []
    for one in tree.block(statement):
        if one is statement:
            break
        targets = [ast.unparse(t) for t in one.targets] if isinstance(one, ast.Assign) else []
        if any(name in target.strip("()").replace(" ", "").split(",") for target in targets):
            earlier = [one]
        elif earlier or _reads(one, name):
            earlier.append(one)
    if len(earlier) < 1 or tree.block(statement).index(statement) == tree.block(statement).index(earlier[0]) + 1:
        return
    first = earlier[0]
    if _assigns(first, name):
        yield from offer(title, edits.move_after, source, statement, first)
    else:
        yield from offer(title, edits.move_before, source, statement, first)


def _assigns(statement: ast.stmt, name: str) -> bool:
    if not isinstance(statement, ast.Assign):
        return False
    texts = [
        ast.unparse(inner) for target in statement.targets for inner in ast.walk(target) if isinstance(inner, ast.expr)
    ]
    return name in texts


def _reads(statement: ast.stmt, name: str) -> bool:
    return any(isinstance(n, ast.Name | ast.Attribute) and ast.unparse(n) == name for n in ast.walk(statement))


def _like_siblings(analysis: Analysis, statement: ast.stmt, target: ast.expr) -> Iterator[Fix]:
    """Move a network beside another that is moved: `netD_A.cuda()` gets a line `netD_B.cuda()`."""
    tree, source = outline(analysis.tree), analysis.source
    scope = tree.function(statement) or analysis.tree
    name = ast.unparse(target)
    siblings = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Expr)
        and node.lineno > statement.lineno
        and tree.function(node) is tree.function(statement)
        and (receiver := _receiver(node)) is not None
        and ast.unparse(receiver) != name
        and not mentions(node.value, name)
    ]
    for sibling in siblings[-1:]:
        receiver = _receiver(sibling)
        assert receiver is not None
        line = name + source.text_of(sibling)[len(source.text_of(receiver)) :]
        yield from offer(f"Add `{line}`", edits.after, source, sibling, line)
