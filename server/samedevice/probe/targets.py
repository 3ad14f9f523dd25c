"""The networks of a file that can be probed: by name, or under the cursor."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from samedevice.dataclass import dataclass
from samedevice.syntax.source import SourceFile, Span

Function = ast.FunctionDef | ast.AsyncFunctionDef
_MOVES = frozenset({"to", "cuda", "cpu", "train", "eval", "share_memory", "xpu", "mps", "requires_grad_"})
_CASTS = frozenset({"half", "bfloat16", "float", "double", "type"})
_WRAPPERS = (
    "DataParallel",
    "DistributedDataParallel",
    "DDP",
    "FullyShardedDataParallel",
    "FSDP",
    "torch.compile",
    "convert_sync_batchnorm",
    "torch.jit.script",
    "accelerator.prepare",
    "fabric.setup",
)
_FACTORIES = (
    "timm.create_model",
    "torchvision.models.",
    "models.",
    "torch.hub.load",
    "smp.",
)
_FACTORY_METHODS = frozenset({"from_config", "from_pretrained", "create_model"})
_FACTORY_WORDS = ("build", "create", "make", "get", "load", "init", "setup", "prepare", "construct")
_NETWORK_WORDS = ("model", "net", "network", "generator", "discriminator", "encoder", "decoder", "backbone", "policy")


@dataclass(frozen=True, slots=True)
class Target:
    """A network as the file has it: its class, or the expression that makes it and the statement that holds it."""

    name: str
    node: ast.ClassDef | Function | ast.stmt
    made: ast.expr | None = None
    """The expression without moves and wrappers; None for a class and for a function that builds one."""
    item: int | None = None
    """Where a call gives several things, which of them is the network."""

    @property
    def line(self) -> int:
        """The line that the user would point at."""
        return self.node.lineno if self.made is None else self.made.lineno


def is_network(node: ast.ClassDef) -> bool:
    """Whether a class is an nn.Module, as far as its own text says."""
    bases = [ast.unparse(base) for base in node.bases]
    if any(base.endswith("Function") for base in bases):
        return False
    forward = any(isinstance(item, Function) and item.name == "forward" for item in node.body)
    return bool(bases) and (forward or any(base.endswith("Module") for base in bases))


def classes(tree: ast.Module) -> list[ast.ClassDef]:
    """The networks of a file, those inside functions too, outermost first."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and is_network(node)]


def named(tree: ast.Module, name: str) -> Target | None:
    """The class, variable or function of a name; a dotted name is an attribute, or a variable in a function."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == name]
    if found:
        return Target(name, found[0])
    made = [target for target in _made(tree, tree) if target.name == name or target.name == f"self.{name}"]
    if made:
        return min(made, key=_by_rank)
    functions = [node for node in ast.walk(tree) if isinstance(node, Function) and node.name == name]
    if functions:
        return Target(name, functions[0])
    outer, _, inner = name.rpartition(".")
    for node in ast.walk(tree) if outer else ():
        if isinstance(node, Function | ast.ClassDef) and node.name == outer:
            inside = [target for target in _made(node, tree) if target.name in (inner, f"self.{inner}")]
            if inside:
                return min(inside, key=_by_rank)
    return None


def _by_rank(target: Target) -> tuple[bool, int]:
    """What is made by a call comes before what only wraps a name."""
    return not isinstance(target.made, ast.Call), target.line


def at(source: SourceFile, tree: ast.Module, line: int, column: int) -> Target | None:
    """The network at a place, counted from 1."""
    inside = [node for node in ast.walk(tree) if hasattr(node, "lineno") and _covers(source.span(node), line, column)]
    inside.reverse()
    enclosing = [node for node in inside if isinstance(node, ast.ClassDef) and is_network(node)]
    if enclosing:
        return Target(enclosing[0].name, enclosing[0])
    known = {node.name for node in classes(tree)}
    for node in inside:
        if isinstance(node, ast.Name | ast.Attribute):
            found = named(tree, ast.unparse(node))
            if found is not None and (found.made is not None or isinstance(found.node, ast.ClassDef)):
                return found
    made = [one for one in _made(tree, tree) if one.made is not None and _on(source, one, line, column)]
    plain = [one for one in made if _is_construction(one.made, known)]
    if plain:
        return plain[-1]
    function = [node for node in inside if isinstance(node, Function) and builds(node)]
    return Target(function[0].name, function[0]) if function else None


def _on(source: SourceFile, target: Target, line: int, column: int) -> bool:
    assert not isinstance(target.node, ast.ClassDef)
    return _covers(source.span(target.node), line, column) and target.node.lineno == line


def _covers(span: Span, line: int, column: int) -> bool:
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def variables(tree: ast.Module) -> Iterator[Target]:
    """The places of a file where a network is made and kept, outside of networks."""
    known = {node.name for node in classes(tree)}
    inner = {node for cls in classes(tree) for node in ast.walk(cls) if node is not cls and not lightning(cls)}
    for target in _made(tree, tree):
        if target.node not in inner and _is_construction(target.made, known):
            yield target


def lightning(cls: ast.ClassDef) -> bool:
    return any("Lightning" in ast.unparse(base) for base in cls.bases)


def _made(scope: ast.AST, tree: ast.Module) -> Iterator[Target]:
    """Everything that is assigned in a scope, with the expression that makes it."""
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as place], value=value):
                yield Target(ast.unparse(place), node, bare(value))
            case ast.AnnAssign(target=ast.Name() | ast.Attribute() as place, value=value) if value is not None:
                yield Target(ast.unparse(place), node, bare(value))
            case ast.Assign(targets=[ast.Tuple(elts=places)], value=ast.Tuple(elts=values)) if len(places) == len(
                values
            ):
                for one, each in zip(places, values, strict=True):
                    yield Target(ast.unparse(one), node, bare(each))
            case ast.Assign(targets=[ast.Tuple(elts=places)], value=ast.Call() as call):
                for index, one in enumerate(places):
                    yield Target(ast.unparse(one), node, bare(call), index)
            case ast.Assign(targets=[ast.Subscript() as place], value=value):
                yield Target(ast.unparse(place), node, bare(value))


def bare(value: ast.expr) -> ast.expr:
    """The expression that makes a network, without what moves or wraps it."""
    match value:
        case ast.Call(func=ast.Attribute(value=inner, attr=method), args=args, keywords=keywords) if method in _MOVES:
            return value if _gives_dtype(args, keywords) else bare(inner)
        case ast.Call(func=function, args=[inner, *_]) if ast.unparse(function).endswith(_WRAPPERS):
            return bare(inner)
        case ast.IfExp(body=body, orelse=orelse):
            return bare(body) if isinstance(body, ast.Call) else bare(orelse)
        case _:
            return value


def casts(tree: ast.Module) -> bool:
    """Whether a program changes dtypes outside of its networks: it may be theirs."""
    inside = {id(node) for cls in classes(tree) for node in ast.walk(cls)}
    return any(
        isinstance(node, ast.Call)
        and id(node) not in inside
        and (_casts(node) or "set_default_dtype" in ast.unparse(node))
        for node in ast.walk(tree)
    )


def cast(path: list[ast.AST]) -> ast.expr:
    """A construction at the end of a path from the file, with the casts that are chained on to it."""
    made = path[-1]
    for inner, outer in zip(path[-2::-2], path[-3::-2], strict=False):
        if not (isinstance(inner, ast.Attribute) and isinstance(outer, ast.Call) and inner.attr in _MOVES | _CASTS):
            break
        made = outer
    assert isinstance(made, ast.expr)
    return bare(made)


def _casts(call: ast.Call) -> bool:
    """Whether a call is `.half()`, `.to(dtype)` or the like."""
    if not isinstance(call.func, ast.Attribute):
        return False
    return call.func.attr in _CASTS or (call.func.attr == "to" and _gives_dtype(call.args, call.keywords))


def _gives_dtype(args: list[ast.expr], keywords: list[ast.keyword]) -> bool:
    return any("dtype" in (word.arg or "") for word in keywords) or any(_is_dtype(arg) for arg in args)


def _is_dtype(argument: ast.expr) -> bool:
    text = ast.unparse(argument)
    return "dtype" in text or text.startswith(("torch.float", "torch.bfloat", "torch.half", "torch.double"))


def _is_construction(value: ast.expr | None, known: set[str]) -> bool:
    """Whether an expression makes a network, as far as its text tells."""
    if not isinstance(value, ast.Call):
        return False
    if isinstance(value.func, ast.Attribute) and value.func.attr in _MOVES | _CASTS:
        return _is_construction(value.func.value, known)
    text = ast.unparse(value.func)
    last = text.rpartition(".")[2]
    if last in known or text.startswith(("nn.Sequential", "torch.nn.Sequential", "nn.Transformer")):
        return True
    if text.startswith(_FACTORIES) and last[:1].islower():
        return True
    return last in _FACTORY_METHODS or _factory_name(last) or (last[:1].isupper() and _network_name(last))


def _network_name(name: str) -> bool:
    """`UNet`, `ResNetModel`, `BertForMaskedLM`: a class of another file that is called like a network."""
    return bool(re.search(r"\wFor[A-Z]", name)) or name.endswith(
        ("Net", "Model", "Network", "GAN", "VAE", "Transformer", "Encoder", "Decoder", "GPT", "MLP")
    )


def _factory_name(name: str) -> bool:
    """`build_model`, `get_network`."""
    words = name.lower().split("_")
    return words[0] in _FACTORY_WORDS and any(word in _NETWORK_WORDS for word in words[1:])


def builds(node: Function) -> bool:
    """Whether a function is one that makes a network."""
    return _factory_name(node.name)


def roots(tree: ast.Module) -> list[Target]:
    """What one means by a file's network: those that no other network of the file uses, else what is built in it."""
    networks = [node for node in classes(tree) if node in tree.body]
    used = set()
    for cls in classes(tree):
        inside = {node.id for node in ast.walk(cls) if isinstance(node, ast.Name)}
        used |= inside - {cls.name}
    free = [Target(node.name, node) for node in networks if node.name not in used]
    if free:
        return free
    return list({target.name: target for target in variables(tree)}.values())


def calls_of(tree: ast.Module, name: str) -> list[ast.Call]:
    """The calls of a function or class by its name, in the order of the file."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == name]
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def everything(tree: ast.Module) -> list[Target]:
    """All networks of a file: its classes, and what it builds."""
    return [*(Target(node.name, node) for node in classes(tree)), *variables(tree)]
