"""From a file and a name or place in it to a plan."""

from __future__ import annotations

import ast
import os
from pathlib import Path

from samedevice.dataclass import replace
from samedevice.features.known import Known
from samedevice.interpret.analysis import Analysis
from samedevice.interpret.run import analyse
from samedevice.probe import inputs, program, project, targets, written
from samedevice.probe.construct import Builder
from samedevice.probe.plan import NoPlan, Plan
from samedevice.probe.slicing import around
from samedevice.probe.targets import Target
from samedevice.settings import Settings
from samedevice.syntax.reading import Unreadable, read
from samedevice.syntax.source import SourceFile


def plans(
    source: SourceFile,
    settings: Settings,
    name: str = "",
    place: tuple[int, int] | None = None,
    given: dict[str, str] | None = None,
    analysis: Analysis | None = None,
) -> list[Plan]:
    """The plan for a network by its name, by a place (line and column from 1), or of a file with only one.

    The first is for the network itself; the others are for the program's calls of it, with the program's own moves.
    """
    analysis = analysis or analyse(source, settings)
    target = chosen(source, analysis.tree, name, place)
    return of_target(source, analysis, target, given or {}, settings)


def chosen(source: SourceFile, tree: ast.Module, name: str, place: tuple[int, int] | None) -> Target:
    """The network that is meant."""
    if name:
        found = targets.named(tree, name)
        if found is None:
            names = ", ".join(dict.fromkeys(one.name for one in targets.everything(tree)))
            raise NoPlan(f"there is no network `{name}` in {source.path}" + (f"; there are: {names}" if names else ""))
        return found
    if place is not None:
        found = targets.at(source, tree, *place)
        if found is None:
            raise NoPlan(f"there is no network at line {place[0]} of {source.path}")
        return found
    free = targets.roots(tree)
    if not free:
        raise NoPlan(f"there is no network in {source.path}")
    if len(free) > 1:
        names = ", ".join(one.name for one in free)
        raise NoPlan(
            f"{source.path} has several networks: name one of {names}, "
            f"as in {os.path.basename(source.path)}:{free[0].name}"
        )
    return free[0]


def of_target(
    source: SourceFile, analysis: Analysis, target: Target, given: dict[str, str], settings: Settings
) -> list[Plan]:
    """The plans for one network."""
    tree = analysis.tree
    cls = _class_of(tree, target)
    home = cls if cls is not None else target.node
    others = [_lines(one) for one in targets.classes(tree) if one is not home]
    name = cls.name if cls is not None else target.name
    wishes = {**written.for_network(source, name, _lines(home), others), **given}
    package, path = _package(Path(source.path))
    module = f"{package}.{Path(source.path).stem}" if package and _saved(source) else ""
    built = Builder(source, analysis, wishes, module).build(target)
    own = Plan(
        source,
        target.name,
        built.line,
        tuple(built.statements),
        built.network,
        tuple(inputs.candidates(source, Known(analysis), target, cls, wishes, built.network, module)),
        tuple(built.chosen),
        tuple(built.missing),
        package,
        path,
        os.getcwd(),
        casts=targets.casts(tree),
        body=() if cls is None else (cls.lineno, cls.end_lineno or cls.lineno),
    )
    found = program.with_calls(own, analysis, target, wishes, module)
    if isinstance(target.node, ast.ClassDef) and (own.chosen or own.missing) and _saved(source):
        return _elsewhere(own, target.node, wishes, settings) or found
    return found


def _elsewhere(own: Plan, cls: ast.ClassDef, wishes: dict[str, str], settings: Settings) -> list[Plan]:
    """The plans for a class as another file of the project makes it, where nothing has to be made up for that."""
    for source in project.users(Path(own.source.path).absolute(), cls.name):
        analysis = analyse(source, settings)
        for call in targets.calls_of(analysis.tree, cls.name):
            built = Builder(source, analysis, wishes).made(call)
            if built is not None:
                package, path = _package(Path(source.path))
                statement = next(one for one in reversed(around(analysis.tree, call)) if isinstance(one, ast.stmt))
                there = next((one for one in targets.variables(analysis.tree) if one.node is statement), None)
                inputs_there = (
                    [] if there is None else inputs.candidates(source, Known(analysis), there, None, wishes, "")
                )
                plan = replace(
                    own, source=source, build=tuple(built.statements), network=built.network, chosen=(), missing=(),
                    inputs=(*(one for one in inputs_there if one.hints != {}), *own.inputs),
                    body=(), package=package, path=path,
                )  # fmt: skip
                return [plan] if there is None else program.with_calls(plan, analysis, there, wishes, "")
    return []


def _saved(source: SourceFile) -> bool:
    """Whether the text is that of the file, and a module that can be imported."""
    path = Path(source.path)
    try:
        return path.stem.isidentifier() and path.stem != "__init__" and read(path)[0].text == source.text
    except Unreadable:
        return False


def _class_of(tree: ast.Module, target: Target) -> ast.ClassDef | None:
    """The class of a target, where the file has it."""
    if isinstance(target.node, ast.ClassDef):
        return target.node
    made = target.made
    if isinstance(made, ast.Call):
        called = ast.unparse(made.func)
        return next((one for one in targets.classes(tree) if one.name == called), None)
    return None


def _lines(node: ast.stmt) -> range:
    """The lines of a node, with the comments right above it."""
    return range(node.lineno - 2, (node.end_lineno or node.lineno) + 1)


def _package(file: Path) -> tuple[str | None, tuple[str, ...]]:
    """The package that a file belongs to, and the folders from which Python would import when the file is run."""
    file = file.absolute()
    parts: list[str] = []
    folder = file.parent
    while (folder / "__init__.py").is_file() and folder.name.isidentifier() and folder != folder.parent:
        parts.insert(0, folder.name)
        folder = folder.parent
    above = [str(one) for one in _project(folder)]
    if not parts:
        return None, (str(file.parent), *above)
    return ".".join(parts), (str(folder), *above)


def _project(folder: Path) -> list[Path]:
    """The project's own folder, and its `src`."""
    for one in folder.parents:
        if any((one / marker).exists() for marker in (".git", "pyproject.toml", "setup.py", "setup.cfg")):
            return [path for path in (one, one / "src") if path.is_dir()]
    return []
