"""Which rule a refusal belongs to, chosen by its kind and by where its operands come from; nothing is inferred here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from samedevice.dataclass import replace
from samedevice.interpret.analysis import Analysis, NotRegistered, Operand, Refused
from samedevice.ops.outcome import Refusal
from samedevice.rules._factories import function_name, makes_tensor
from samedevice.rules._outline import outline, root
from samedevice.values.condition import Choice, restricted
from samedevice.values.device import CPU, AnyDevice, Device
from samedevice.values.dtype import AnyDType, DType
from samedevice.values.value import Array, How, Kept, Origin, Tensor

_BY_KIND = {
    Refusal.GENERATOR: "generator-device",
    Refusal.LENGTHS: "lengths-on-accelerator",
    Refusal.TO_NUMPY_DEVICE: "numpy-of-accelerator-tensor",
    Refusal.TO_NUMPY_GRAD: "numpy-of-grad-tensor",
    Refusal.TO_NUMPY_DTYPE: "numpy-of-bfloat16",
    Refusal.PIN: "pinned-accelerator-tensor",
    Refusal.LEGACY_CONSTRUCTOR: "legacy-constructor",
    Refusal.TARGET_DTYPE: "loss-target-dtype",
    Refusal.INDEX_DTYPE: "index-dtype",
    Refusal.MASK_DTYPE: "mask-dtype",
    Refusal.FLOAT_NEEDED: "integer-input",
    Refusal.INPLACE: "inplace-cast",
    Refusal.NO_KERNEL: "missing-kernel",
    Refusal.GRAD_DTYPE: "integer-input",
    Refusal.MPS_FLOAT64: "float64-on-mps",
    Refusal.SHAPE: "shape-mismatch",
    Refusal.ARGUMENT: "wrong-argument",
}
_BY_TEXT = {
    "(device_ids[0])": "data-parallel-device",
    "a bool tensor is not supported": "mask-dtype",
    "Cannot re-initialize CUDA": "cuda-in-worker",
    "non-leaf Tensor": "non-leaf-parameter",
    "cannot assign": "non-leaf-parameter",
    "unscale": "grad-scaler-misuse",
    "since the last update()": "grad-scaler-misuse",
}
"""What library code in Python raises is told apart by what it prints."""
_INTEGERS = frozenset({"uint8", "int8", "int16", "int32", "int64", "bool", "uint16", "uint32", "uint64"})
_LOSS_PARTS = frozenset({"target", "weight", "pos_weight", "targets", "input1", "log_probs"})


def refusals(analysis: Analysis, rule: str) -> Iterator[Refused]:
    """The refusals that a rule speaks of."""
    return iter(_by_rule(analysis).get(rule, ()))


@lru_cache(maxsize=2)
def _by_rule(analysis: Analysis) -> dict[str, list[Refused]]:
    """The refusals of a file, sorted out once for all rules."""
    found: dict[str, list[Refused]] = {}
    for fact in map(_plain, analysis.all(Refused)):
        found.setdefault(family(analysis, fact), []).append(fact)
    return found


def _plain(fact: Refused) -> Refused:
    """A fact whose operands are what they are under its conditions."""
    if not any(isinstance(one.value, Choice) for one in fact.operands):
        return fact
    operands = tuple(replace(one, value=restricted(one.value, fact.when)) for one in fact.operands)
    return replace(fact, operands=operands)


def family(analysis: Analysis, fact: Refused) -> str:
    """The one rule that a refusal belongs to."""
    for words, rule in _BY_TEXT.items():
        if words in fact.text:
            return rule
    if fact.kind in (Refusal.DEVICE, Refusal.INDEX_DEVICE):
        return _device_family(analysis, fact)
    if fact.kind is Refusal.DTYPE:
        return _dtype_family(analysis, fact)
    return _BY_KIND[fact.kind]


def stray(fact: Refused) -> tuple[Operand, Operand] | None:
    """The operand that is off the device of the rest, and one of the rest; the one on the CPU is the stray."""
    tensors = sorted(
        (one for one in fact.operands if isinstance(one.value, Tensor)), key=lambda one: one.name == "bias"
    )
    if len(tensors) < 2:
        return None
    first = tensors[0]
    other = next((one for one in tensors[1:] if device(one, fact) != device(first, fact)), tensors[1])
    return (other, first) if _strays(other, fact) > _strays(first, fact) else (first, other)


def _strays(operand: Operand, fact: Refused) -> tuple[bool, bool, bool, bool, int]:
    """How much an operand is the one that should be elsewhere."""
    slot = operand.value.slot if isinstance(operand.value, Tensor) else None
    plain = slot is not None and slot.network and slot.kept is Kept.PLAIN
    made = getattr(origin_node(fact, made_at(operand)), "lineno", 0)
    return device(operand, fact) == CPU, plain, _hard_coded(operand), not is_weight(operand), made


def device(operand: Operand, fact: Refused) -> AnyDevice | None:
    value = operand.value
    return restricted(value.device, fact.when) if isinstance(value, Tensor) else None


def dtype(operand: Operand, fact: Refused) -> AnyDType | None:
    value = operand.value
    return restricted(value.dtype, fact.when) if isinstance(value, Tensor | Array) else None


def is_weight(operand: Operand) -> bool:
    """Whether an operand is a parameter or buffer of a network."""
    value = operand.value
    if not isinstance(value, Tensor):
        return False
    return value.parameter or (value.slot is not None and value.slot.network and value.slot.kept is not Kept.PLAIN)


def is_integer(operand: Operand, fact: Refused) -> bool:
    found = dtype(operand, fact)
    return isinstance(found, DType) and found.name in _INTEGERS


def made_at(operand: Operand) -> Origin | None:
    """How an operand came to its device."""
    return operand.value.device_from if isinstance(operand.value, Tensor) else None


def origin_node(fact: Refused, origin: Origin | None) -> ast.AST | None:
    """The node an origin points to, where it is in the file of the fact."""
    place = origin.place if origin else None
    return place.node if place is not None and place.source is fact.source else None


def plain_attribute(analysis: Analysis, operand: Operand, fact: Refused) -> ast.stmt | None:
    """The statement that keeps an operand as a plain attribute of a network, if that is where it comes from."""
    tree = outline(analysis.tree)
    value = operand.value
    if not isinstance(value, Tensor) or value.parameter:
        return None
    slot = value.slot
    if slot is not None:
        if not slot.network or slot.kept is not Kept.PLAIN or slot.place is None or slot.place.node not in tree:
            return None
        return tree.statement(slot.place.node)
    node = origin_node(fact, value.device_from)
    if node is None or node not in tree or not makes_tensor(node):
        return None
    if registered_at(analysis, node):
        return None
    statement = _kept_by(analysis, operand) or tree.statement(node)
    if statement is None or not tree.is_network(tree.class_of(statement)):
        return None
    return statement if _keeps(statement) and _is_tensor(analysis, statement) else None


def registered_at(analysis: Analysis, node: ast.AST) -> bool:
    """Whether what is made at a node becomes a parameter or buffer there and then."""
    tree = outline(analysis.tree)
    around = (outer for outer in tree.above(node) if isinstance(outer, ast.Call))
    return any(function_name(call) in ("Parameter", "register_buffer", "register_parameter") for call in around)


def _is_tensor(analysis: Analysis, statement: ast.stmt) -> bool:
    """Whether an attribute gets a tensor by a statement, not a list or dict of some."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
    return any(binding.node in targets and isinstance(binding.value, Tensor) for binding in analysis.bindings)


def _kept_by(analysis: Analysis, operand: Operand) -> ast.stmt | None:
    """The one assignment of the attribute that an operand is a part of: `self.table` of `self.table[:, :n]`."""
    tree = outline(analysis.tree)
    node: ast.AST | None = operand.node
    while isinstance(node, ast.Subscript | ast.Call) or (
        isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Name)
    ):
        node = node.func if isinstance(node, ast.Call) else node.value
    owner = tree.class_of(node) if node is not None else None
    if owner is None or not isinstance(node, ast.Attribute) or ast.unparse(node.value) != "self":
        return None
    name = node.attr
    stores = [n for n in ast.walk(owner) if isinstance(n, ast.Assign) and _keeps(n) and _stores(n, name)]
    registered = any(isinstance(n, ast.Constant) and n.value == name for n in ast.walk(owner))
    return stores[0] if len(stores) == 1 and not registered else None


def _stores(statement: ast.Assign, name: str) -> bool:
    target = statement.targets[0]
    return isinstance(target, ast.Attribute) and target.attr == name


def _keeps(statement: ast.stmt) -> bool:
    """Whether a statement assigns to `self.name`."""
    match statement:
        case (
            ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"))])
            | ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self")))
        ):
            return True
    return False


def _device_family(analysis: Analysis, fact: Refused) -> str:
    sides = stray(fact)
    library = f"{fact.layer} {fact.op}"
    if "torch.optim" in library:
        return "optimizer-state-device"
    if sides is None:
        return "index-device" if fact.kind is Refusal.INDEX_DEVICE else "device-mismatch"
    odd, other = sides
    if "oss" in library and (odd.name in _LOSS_PARTS or other.name in _LOSS_PARTS) and not is_weight(other):
        return "loss-device-mismatch"
    if plain_attribute(analysis, odd, fact) is not None:
        return "unregistered-tensor"
    if is_weight(odd):
        return _layer_family(analysis, odd, fact)
    if fact.kind is Refusal.INDEX_DEVICE:
        return "index-device"
    if all(isinstance(one := device(side, fact), Device) and one.accelerator for side in sides):
        return "different-accelerators"
    return _default_family(analysis, odd, other, fact)


def _layer_family(analysis: Analysis, odd: Operand, fact: Refused) -> str:
    """Why a weight is off the device of the input."""
    tree = outline(analysis.tree)
    node = origin_node(fact, made_at(odd))
    if node is None or node not in tree:
        return "input-device-mismatch"
    if in_plain_container(analysis, node) is not None:
        return "unregistered-module"
    method = tree.method(node)
    if method is not None and method.name != "__init__" and tree.is_network(tree.class_of(node)):
        return "layer-made-in-forward"
    return "late-replaced-layer" if late_replaced(analysis, node) is not None else "input-device-mismatch"


def in_plain_container(analysis: Analysis, node: ast.AST) -> NotRegistered | None:
    """The plain list or dict of a network that a layer is made in."""
    tree = outline(analysis.tree)
    for fact in analysis.all(NotRegistered):
        if fact.source is not analysis.source:
            continue
        if node is fact.node or fact.node in tree.above(node):
            return fact
        if fact.slot.attribute in ast.dump(tree.statement(node) or node) and tree.class_of(node) is tree.class_of(
            fact.node
        ):
            return fact
    return None


def late_replaced(analysis: Analysis, node: ast.AST) -> ast.Attribute | None:
    """The attribute of another object, `model.fc`, that a layer made at `node` replaces after the object was moved."""
    tree = outline(analysis.tree)
    statement = tree.statement(node)
    if not isinstance(statement, ast.Assign) or not isinstance(target := statement.targets[0], ast.Attribute):
        return None
    owner = root(target)
    if owner is None or owner.id == "self":
        return None
    for earlier in tree.block(statement):
        if earlier is statement:
            break
        for inner in ast.walk(earlier):
            match inner:
                case ast.Call(func=ast.Attribute(attr="to" | "cuda" | "half" | "bfloat16" | "double")):
                    moved = root(inner.func)
                    targets = earlier.targets if isinstance(earlier, ast.Assign) else []
                    if (moved and moved.id == owner.id) or any(ast.dump(one) == _stored(owner.id) for one in targets):
                        return target
    return None


def _stored(name: str) -> str:
    return ast.dump(ast.Name(id=name, ctx=ast.Store()))


def _default_family(analysis: Analysis, odd: Operand, other: Operand, fact: Refused) -> str:
    tree = outline(analysis.tree)
    origin = made_at(odd)
    node = origin_node(fact, origin)
    by_default = origin is not None and origin.how in (How.DEFAULT, How.NUMPY) and node is not None and node in tree
    function = tree.definition(node) if by_default and node is not None else None
    weights = is_weight(other) or fact.layer.startswith("torch.nn.")
    if function is not None and function.name not in ("main", "__init__"):
        inside = tree.is_network(tree.class_of(function)) or function is fact.function
        if inside or not weights:
            return "default-device-tensor"
    return "input-device-mismatch" if weights else "device-mismatch"


def _dtype_family(analysis: Analysis, fact: Refused) -> str:
    tensors = [operand for operand in fact.operands if isinstance(operand.value, Tensor)]
    origins = [operand.value.dtype_from for operand in tensors if isinstance(operand.value, Tensor)]
    if any(origin is not None and origin.how is How.AUTOCAST for origin in origins):
        return "autocast-misuse"
    weights = [operand for operand in tensors if is_weight(operand)]
    if any(is_integer(operand, fact) for operand in tensors) and not all(is_integer(one, fact) for one in tensors):
        return "integer-input"
    if len(weights) < len(tensors) and (weights or fact.layer.startswith("torch.nn.")):
        return "mixed-dtype-network" if _from_network(fact, tensors, weights) else "input-dtype-mismatch"
    return "dtype-mismatch"


def _from_network(fact: Refused, tensors: list[Operand], weights: list[Operand]) -> bool:
    """Whether the input's dtype was decided by a network that was cast, and the weight's by another way."""
    for operand in tensors:
        if operand in weights or not isinstance(operand.value, Tensor):
            continue
        origin = operand.value.dtype_from
        low = dtype(operand, fact) in (DType("bfloat16"), DType("float16"))
        if (
            low
            and origin is not None
            and origin.how in (How.MOVED, How.GIVEN)
            and operand.value.requires_grad is not False
        ):
            return True
    return False


def _hard_coded(operand: Operand) -> bool:
    """Whether a device was written out where the operand was moved or made: `.cuda()`, `"cuda:0"`."""
    origin = made_at(operand)
    node = origin.place.node if origin is not None and origin.place is not None else None
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and node.func.attr == "cuda":
        return not node.args or isinstance(node.args[0], ast.Constant)
    given = [*node.args, *(one.value for one in node.keywords if one.arg == "device")]
    return any(isinstance(one, ast.Constant) and isinstance(one.value, str) and "cuda" in one.value for one in given)
