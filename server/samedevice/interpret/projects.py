"""Modules of the user's own project: each name is made when it is first used, and nothing else runs."""

from __future__ import annotations

import ast
import builtins

from samedevice.interpret import statements
from samedevice.interpret.context import Frame, Modes, Run
from samedevice.interpret.heap import ModuleObject, Scope
from samedevice.resolve import modules
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, Ref, Value

DEEP = 12
"""Modules that import modules, and so on, while one name is made."""


def module(run: Run, name: str, level: int) -> Value | None:
    """The project's module of that name; None where it is not the project's."""
    path = modules.file_of(_importer(run), name, level)
    return _object(run, path) if path is not None and path != run.source.path else None


def _importer(run: Run) -> str:
    return run.frame.source.path


def _object(run: Run, path: str) -> Ref | None:
    modules.entered.add(path)
    address = run.modules.get(path)
    if address is not None and run.state.heap.find(address) is not None:
        return Ref(address)
    found = modules.load(path)
    if found is None:
        return None
    scope = run.new(Scope({"__name__": Const(path)}, None, captured=True))
    made = run.new(ModuleObject(path, scope.address))
    run.state.writable(scope.address).names["__module__"] = made
    run.modules[path] = made.address
    return made


def member(run: Run, base: str, level: int, name: str) -> Value | None:
    """`from base import name`: a name of a module, or a module of a package."""
    found = module(run, base, level)
    value = lookup(run, found, name) if isinstance(found, Ref) else None
    # `from . import models` in a package's own file binds the name that is being made: what it means is the module.
    if value is None or (isinstance(value, Unknown) and value.why is Why.NOT_RESOLVED):
        return module(run, f"{base}.{name}" if base else name, level) or value
    return value


def star(run: Run, base: str, level: int) -> None:
    """`from base import *`: every public name."""
    found = module(run, base, level)
    made = run.object(found) if isinstance(found, Ref) else None
    loaded = modules.load(made.path) if isinstance(made, ModuleObject) else None
    if loaded is None or not isinstance(found, Ref):
        return
    scope = run.state.writable(run.frame.scope)
    for name in loaded.names:
        if not name.startswith("_") and name not in scope.names:
            value = lookup(run, found, name)
            if value is not None:
                run.state.writable(run.frame.scope).names[name] = value


def lookup(run: Run, ref: Ref, name: str) -> Value | None:
    """A name of a module, made now if need be; None where the module does not bind it."""
    made = run.object(ref)
    assert isinstance(made, ModuleObject)
    known = run.scope(made.scope).names.get(name)
    if known is not None:
        return run.fresh(known)
    loaded = modules.load(made.path)
    if loaded is None:
        return None
    if name not in loaded.names:
        return _from_stars(run, made, loaded, name)
    if run.importing >= DEEP:
        return Unknown(Why.TOO_DEEP)
    run.state.writable(made.scope).names[name] = Unknown(Why.NOT_RESOLVED, f"{made.path}:{name}", name)
    _run(run, made, loaded.source, loaded.binding(name))
    found = run.scope(made.scope).names.get(name)
    return run.fresh(found) if found is not None else None


def _run(run: Run, made: ModuleObject, source: object, body: list[ast.stmt]) -> None:
    """Runs the statements that bind one name, at the module's top level."""
    outer, modes, path, alive = run.frame, run.modes, run.state.path, run.state.alive
    run.frame = Frame(made.scope, source, None, None, outer, outer.node, library=True)  # type: ignore[arg-type]  # a SourceFile
    run.frame.entered = len(path)
    run.modes = Modes()
    run.importing += 1
    try:
        statements.block(run, body)
    finally:
        run.frame, run.modes, run.state.path = outer, modes, path
        run.state.alive = alive
        run.importing -= 1


def _from_stars(run: Run, made: ModuleObject, loaded: modules.Module, name: str) -> Value | None:
    for statement in loaded.stars:
        path = modules.file_of(made.path, statement.module or "", statement.level)
        found = _object(run, path) if path is not None and path != made.path else None
        if found is not None:
            inner = modules.load(path) if path is not None else None
            if inner is not None and (name in inner.names or inner.stars):
                value = lookup(run, found, name)
                if value is not None:
                    return value
    return None


def _builtin(run: Run, ref: Ref, name: str) -> bool:
    """Whether a module means Python's own function by a name."""
    made = run.object(ref)
    loaded = modules.load(made.path) if isinstance(made, ModuleObject) else None
    return hasattr(builtins, name) and (loaded is None or name not in loaded.names)


def name_in(run: Run, name: str) -> Value | None:
    """A name that code of another module uses and has not bound yet."""
    address: int | None = run.frame.scope
    while address is not None:
        scope = run.scope(address)
        found = scope.names.get("__module__")
        if isinstance(found, Ref):
            return None if _builtin(run, found, name) else lookup(run, found, name)
        address = scope.parent
    return None
