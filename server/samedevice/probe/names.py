"""Which names a statement reads, binds and changes, as Python's own symbol table has it."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator

from samedevice.dataclass import dataclass

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
_IDLE = frozenset(
    [
        "train",
        "eval",
        "to",
        "cuda",
        "cpu",
        "load_state_dict",
        "state_dict",
        "parameters",
        "named_parameters",
        "zero_grad",
        "step",
        "backward",
        "requires_grad_",
        "share_memory",
        "compile",
        "fit",
        "test",
        "predict",
        "summary",
        "save",
        "save_pretrained",
        "items",
        "keys",
        "values",
        "get",
        "format",
        "join",
        "print",
        "info",
        "debug",
        "warning",
        "write",
        "flush",
        "close",
        "seed",
        "manual_seed",
    ]
)
"""Methods that do not change how a network is built; what a probe moves and loads is its own affair."""
_MOVING = frozenset({"to", "cuda", "cpu", "train", "eval", "requires_grad_"})
"""Those that count where the program's own moves are looked at."""
_LIBRARY_SETUP = ("sys.path", "torch.set_default", "torch.backends")
"""Calls that change a library for the whole program."""
_TRAINING = frozenset({"backward", "zero_grad", "load_state_dict", "fit"})


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one statement."""

    reads: frozenset[str]
    binds: frozenset[str]
    changes: frozenset[str]
    """Names whose object it changes: `cfg.hidden = 4`, `layers.append(...)`."""
    certain: bool
    """Whether it always binds what it binds."""
    deferred: bool
    """Whether its reads happen when it is called, not when it runs."""


def names(statement: ast.stmt, moves: bool = False) -> Names:
    """The names of a statement; of one that Python refuses, as far as its nodes tell. `moves`: moving changes too."""
    reads, binds = _with_self(statement, *_table(statement))
    compound = isinstance(statement, _COMPOUND)
    trains = compound and _trains(statement)
    changes = (
        frozenset()
        if trains or isinstance(statement, Definition)
        else frozenset(_changed(statement, _IDLE - _MOVING if moves else _IDLE)) - {"self"}
    )
    return Names(
        reads, binds, changes, not compound or isinstance(statement, ast.With), isinstance(statement, Definition)
    )


def reads_of(expression: ast.expr) -> frozenset[str]:
    """The names that an expression reads, those of its lambdas and comprehensions too."""
    return names(ast.Expr(expression)).reads


def _table(statement: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    """What a statement reads and binds."""
    if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
        return frozenset(), frozenset({"*"})
    lines = "\n".join(f"  {line}" for line in ast.unparse(statement).split("\n"))
    try:
        whole = symtable.symtable(f"async def _():\n for _ in ():\n{lines}", "<probe>", "exec")
    except (SyntaxError, ValueError, RecursionError):
        found = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        loaded = frozenset(node.id for node in found if isinstance(node.ctx, ast.Load))
        return loaded, frozenset(node.id for node in found if isinstance(node.ctx, ast.Store))
    top = whole.get_children()[0]
    binds = frozenset(one.get_name() for one in top.get_symbols() if one.is_assigned() or one.is_imported()) - {"_"}
    reads = {one.get_name() for one in top.get_symbols() if one.is_referenced()}
    for table in _below(top):
        reads |= {one.get_name() for one in table.get_symbols() if one.is_global() or one.is_free()}
    return frozenset(reads) - {"__class__"}, binds


def _with_self(
    statement: ast.stmt, reads: frozenset[str], binds: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Attributes of `self` are names of their own: `self.hidden = 64` binds `self.hidden`."""
    if "self" not in reads or isinstance(statement, Definition):
        return reads, binds
    own = [node for node in ast.walk(statement) if isinstance(node, ast.Attribute) and _is_self(node.value)]
    whole = sum(_is_self(node) for node in ast.walk(statement)) > len(own)
    loaded = {f"self.{node.attr}" for node in own if isinstance(node.ctx, ast.Load)}
    stored = {f"self.{node.attr}" for node in own if isinstance(node.ctx, ast.Store)}
    return reads - ({"self"} if not whole and not stored else set()) | loaded, binds | stored


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)


def _trains(statement: ast.stmt) -> bool:
    """Whether a loop or block is a part of the training rather than of the construction."""
    attributes = (node.attr for node in ast.walk(statement) if isinstance(node, ast.Attribute))
    return not _TRAINING.isdisjoint(attributes)


def _changed(statement: ast.stmt, idle: frozenset[str]) -> Iterator[str]:
    """The names whose objects a statement changes."""
    for node in ast.walk(statement):
        match node:
            case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                yield root(node)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=method) as function)) if method not in idle:
                if isinstance(function.value, ast.Name | ast.Attribute | ast.Subscript):
                    yield root(function)


def root(node: ast.expr) -> str:
    """The name at the bottom of `a.b[0].c`; "" where there is none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def sets_up(statement: ast.stmt) -> bool:
    """Whether a statement changes a library for the whole program: `sys.path.insert(...)`."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    return ast.unparse(statement.value.func).startswith(_LIBRARY_SETUP)
