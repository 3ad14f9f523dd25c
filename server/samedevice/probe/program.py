"""The calls of a network as the program makes them: what it moves, where it leaves it, and the loss after it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from samedevice.dataclass import replace
from samedevice.interpret.analysis import Analysis
from samedevice.probe import sites, slicing, targets
from samedevice.probe.construct import Builder
from samedevice.probe.inputs import arguments_of, safe
from samedevice.probe.names import names
from samedevice.probe.plan import Candidate, Plan
from samedevice.probe.targets import Target

_MOST = 4
_LOSS = ("loss", "criterion", "crit", "cross_entropy", "mse", "nll", "bce")


def with_calls(plan: Plan, analysis: Analysis, target: Target, wishes: Mapping[str, str], module: str) -> list[Plan]:
    """A network's plan, and one for each call of it all of whose statements are known, with the program's own moves."""
    found: list[Plan] = []
    others = sites.by_others(analysis.tree, target)
    left_out = [call.lineno for call in others]
    several = [call.lineno for call in others if not ast.unparse(call.func).endswith("functional_call")]
    for call in _of_program(analysis.tree, target):
        loss, bound = _loss(analysis.tree, call)
        if loss is not None:
            loss = _renamed(loss, bound) if bound else _without(loss, call)
        extra = [call.func] if loss is None else [call.func, *_operands(loss)]
        build = Builder(plan.source, analysis, wishes, module).called(call, *extra)
        if build is None or not safe(build, call):
            left_out.append(call.lineno)
            continue
        inputs = (Candidate(f"the call on line {call.lineno}", call=arguments_of(call)),)
        text = None if loss is None else ast.unparse(loss)
        network = ast.unparse(call.func).removesuffix(".forward")
        made = replace(
            plan,
            line=call.lineno,
            build=build,
            network=network,
            inputs=inputs,
            move="program",
            loss=text,
            chosen=(),
            missing=(),
        )
        if _asked(made) not in map(_asked, found):
            found.append(made)
    left_out += [one.line for one in found[_MOST:]]
    return [replace(plan, left_out=tuple(sorted(set(left_out))), on_several=tuple(several)), *found[:_MOST]]


def _asked(plan: Plan) -> tuple[object, ...]:
    """What tells one call from another."""
    return plan.build, plan.network, plan.inputs[0].call, plan.loss


def _of_program(tree: ast.Module, target: Target) -> list[ast.Call]:
    """The calls of a network that other networks of the file do not make."""
    networks = [cls for cls in targets.classes(tree) if not targets.lightning(cls)]
    inner = {id(node) for cls in networks for node in ast.walk(cls)}
    return [call for call in sites.sites(tree, target) if id(call) not in inner]


def _loss(tree: ast.Module, call: ast.Call) -> tuple[ast.expr | None, str]:
    """The loss of a call, and the name that the output has in it ("" where the call stands in it)."""
    path = slicing.around(tree, call)
    statement = next(one for one in reversed(path) if isinstance(one, ast.stmt))
    if isinstance(statement, ast.Assign) and statement.value is not call and _is_loss(statement.value):
        return statement.value, ""
    if not (
        isinstance(statement, ast.Assign) and statement.value is call and isinstance(statement.targets[0], ast.Name)
    ):
        return None, ""
    output = statement.targets[0].id
    block = next((body for body in _blocks(path) if statement in body), [])
    for later in block[block.index(statement) + 1 :] if block else []:
        found = names(later)
        if isinstance(later, ast.Assign) and _is_loss(later.value) and output in found.reads:
            between = block[block.index(statement) + 1 : block.index(later)]
            own = {name for one in between for name in names(one).binds}
            return (later.value, output) if not own & found.reads else (None, "")
        if output in found.binds:
            break
    return None, ""


def _blocks(path: list[ast.AST]) -> list[list[ast.stmt]]:
    return [body for node in path for name in ("body", "orelse") if isinstance(body := getattr(node, name, None), list)]


def _is_loss(value: ast.expr) -> bool:
    """Whether an expression is a call of a loss function, by its name."""
    if not isinstance(value, ast.Call):
        return False
    called = ast.unparse(value.func).lower()
    return any(word in called for word in _LOSS)


def _operands(loss: ast.expr) -> list[ast.expr]:
    """What a loss needs besides the output."""
    return [node for node in ast.walk(loss) if isinstance(node, ast.Name) and node.id != "output"]


class _Names(ast.NodeTransformer):
    """Puts `output` in the place of a name or a node."""

    def __init__(self, name: str, node: ast.AST | None) -> None:
        self.name, self.node = name, node

    def visit(self, node: ast.AST) -> ast.AST:
        """The node, or what takes its place."""
        if node is self.node or (isinstance(node, ast.Name) and node.id == self.name):
            return ast.Name("output", ast.Load())
        return self.generic_visit(node)


def _renamed(loss: ast.expr, name: str) -> ast.expr:
    """The loss with `output` for the name that the program gives it; a copy."""
    copied = ast.parse(ast.unparse(loss), mode="eval").body
    found = _Names(name, None).visit(copied)
    assert isinstance(found, ast.expr)
    return found


def _without(loss: ast.expr, call: ast.Call) -> ast.expr:
    """The loss with `output` in the place of the call; the tree itself stays as it is."""
    copied = ast.parse(ast.unparse(loss), mode="eval").body
    text = ast.unparse(call)
    for node in ast.walk(copied):
        if isinstance(node, ast.Call) and ast.unparse(node) == text:
            found = _Names("", node).visit(copied)
            assert isinstance(found, ast.expr)
            return found
    return copied
