"""Library classes and functions whose text ships with us and is run like the user's code."""

from __future__ import annotations

import ast
import re
from functools import cache, lru_cache
from pathlib import Path

from samedevice.interpret import statements
from samedevice.interpret.context import Frame, Run, Shelf
from samedevice.interpret.heap import ClassObject, Scope
from samedevice.ops.outcome import Version
from samedevice.syntax.source import SourceFile
from samedevice.values.value import Const, Library, Ref, Value

ROOT = Path(__file__).parent.parent / "prelude"
_DEFINITION = re.compile(r"^(?:class|def) (\w+)|^(\w+) = |^@", re.MULTILINE)
_SPECIAL = frozenset({"refuse", "unknown", "known", "exact", "any_of", "option", "ranked"})


@lru_cache(maxsize=1024)
def is_ours(path: str) -> bool:
    """Whether a file is a part of the prelude."""
    return path.startswith(str(ROOT))


@cache
def _definitions(module: str) -> dict[str, tuple[str, str, int]]:
    """Each name that the prelude has of a module: file, text, and line of its definition."""
    folder = ROOT.joinpath(*module.split("."))
    found: dict[str, tuple[str, str, int]] = {}
    if not module or not folder.is_dir():
        return found
    for file in sorted(folder.glob("*.py")):
        text = file.read_text(encoding="utf-8")
        starts = list(_DEFINITION.finditer(text))
        pending: int | None = None
        for index, match in enumerate(starts):
            name = match.group(1) or match.group(2)
            if name is None:
                pending = match.start() if pending is None else pending
                continue
            end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
            begin = match.start() if pending is None else pending
            pending = None
            found.setdefault(name, (str(file), text[begin:end], text.count("\n", 0, begin)))
    return found


@cache
def _parsed(module: str, name: str) -> tuple[ast.Module, SourceFile]:
    path, text, _ = _definitions(module)[name]
    return ast.parse(text), SourceFile(path, text)


def exists(full: str) -> bool:
    """Whether the prelude defines a name."""
    module, _, name = full.rpartition(".")
    return name in _definitions(module)


@cache
def shelf(machine: str, devices: int, torch: Version) -> Shelf:
    """The library as it is on a machine: what one run had built all later ones find."""
    return Shelf(machine, devices, torch)


def find(run: Run, full: str) -> Value | None:
    """The prelude's class or function of a public name; None where it has none."""
    known = run.shelf.values.get(full)
    if known is not None:
        return known
    if full == "torch.nn.Module":
        return _module_class(run.shelf)
    module, _, name = full.rpartition(".")
    return _build(run.shelf, full, module, name) if name in _definitions(module) else None


def _build(shelf: Shelf, full: str, module: str, name: str) -> Value | None:
    """Runs the text of a name."""
    tree, source = _parsed(module, name)
    run = shelf.builder
    scope = run.new(Scope({"__name__": Const(module)}, None, captured=True))
    outer, run.frame = run.frame, Frame(scope.address, source, library=True)
    shelf.values[full] = Library(full)  # for texts that mention each other
    try:
        statements.block(run, tree.body)
        value = run.scope(scope.address).names.get(name)
    finally:
        run.frame = outer
        del shelf.values[full]
    found = run.object(value) if isinstance(value, Ref) else None
    if isinstance(found, ClassObject):
        found.module = module
    if value is not None:
        shelf.values[full] = value
    return value


def _module_class(shelf: Shelf) -> Value:
    found = ClassObject("Module", "torch.nn", None, None, [], {}, [], network=True, library=True)
    value = shelf.builder.new(found)
    found.mro = [value.address]
    shelf.values["torch.nn.Module"] = value
    return value


def name_in(run: Run, name: str) -> Value | None:
    """A name used in the prelude's text: its own module's, a special function, or a library."""
    if name in _SPECIAL:
        return Library(f"samedevice.{name}")
    module = _module_of(run)
    if module and name in _definitions(module):
        return find(run, f"{module}.{name}")
    if name in (
        "torch",
        "numpy",
        "math",
        "torchvision",
        "torchaudio",
        "einops",
        "collections",
        "itertools",
        "copy",
        "argparse",
        "PIL",
        "pytorch_lightning",
    ):
        return Library(name)
    if name in ("typing", "functools", "random", "warnings", "string", "operator", "numbers", "enum", "re", "os"):
        return Library(name)
    return None


def _module_of(run: Run) -> str:
    address = run.frame.scope
    scope = run.scope(address)
    while scope.parent is not None:
        scope = run.scope(scope.parent)
    name = scope.names.get("__name__")
    return str(name.value) if isinstance(name, Const) else ""
