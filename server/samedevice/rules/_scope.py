"""How a wanted device can be named at a place of a file, from what is in scope there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from samedevice.interpret.analysis import Analysis, Binding
from samedevice.rules._factories import function_name
from samedevice.rules._outline import FunctionNode, Outline, arguments, binds, is_path, mentions, outline, root
from samedevice.syntax.nodes import inside, remembered
from samedevice.values.condition import Choice
from samedevice.values.device import AnyDevice, Device, Same, SymDevice, compare
from samedevice.values.unknown import Unknown
from samedevice.values.value import Const, DeviceValue, Origin, Tensor, Value

_WITHOUT_PARAMETERS = (
    *("ReLU", "ReLU6", "GELU", "SiLU", "ELU", "Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Softplus", "Identity"),
    *("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "Flatten", "Unflatten", "Upsample", "Loss", "Tensor", "Error"),
    *("ModuleList", "ModuleDict", "Sequential", "ParameterList", "ParameterDict", "OrderedDict"),
    *("Pool1d", "Pool2d", "Pool3d", "Pad1d", "Pad2d", "Pad3d", "Fold", "Unfold", "PixelShuffle", "CosineSimilarity"),
)
"""How the names of classes end that have no parameters, so that `next(self.parameters())` would find none."""


def device_names(analysis: Analysis, node: ast.AST, wanted: AnyDevice, moved: Origin | None = None) -> list[str]:
    """Expressions for a device that can be read at a node, the most natural first.

    `moved` is how something else got to that device: its own words are tried where they are in scope.
    """
    tree = outline(analysis.tree)
    near, far = _split(tree, node, _device_variables(analysis, node, wanted))
    written, elsewhere = _split(tree, node, _words_of(analysis, node, moved))
    in_network = tree.method(node) is not None and tree.is_network(tree.class_of(node))
    found: dict[str, None] = {}
    for text in (
        *written,
        *near,
        *_tensors(analysis, node, wanted, only=_mentioned(node)),
        *_symbol(analysis, node, wanted),
        *((*elsewhere, *far) if not in_network else ()),
        *_tensors(analysis, node, wanted, only=None),
        *_own_device(analysis, node),
        *_own_parameters(analysis, node),
        *elsewhere,
        *far,
    ):
        found.setdefault(text)
    return list(found)


def near(analysis: Analysis, node: ast.AST, names: list[str]) -> list[str]:
    """Those of some names that belong to the function around a node."""
    return _split(outline(analysis.tree), node, iter(names))[0]


def _split(tree: Outline, node: ast.AST, names: Iterator[str]) -> tuple[list[str], list[str]]:
    """Names that the function around a node uses or binds (or its object has), and others of the module."""
    function = tree.function(node)
    near: list[str] = []
    far: list[str] = []
    for name in names:
        base = name.split(".")[0]
        own = function is None or base == "self" or base in remembered(function, "named", _named)
        (near if own else far).append(name)
    return near, far


def same(first: AnyDevice, second: AnyDevice) -> bool:
    """Whether two devices surely agree, choices included."""
    if isinstance(first, Unknown) or isinstance(second, Unknown):
        return False
    if first == second:
        return True
    return not isinstance(first, Choice) and not isinstance(second, Choice) and compare(first, second) is Same.YES


def visible(analysis: Analysis, node: ast.AST) -> dict[str, list[Binding]]:
    """The names that are surely bound where a node runs, with what they were seen to hold."""
    tree = outline(analysis.tree)
    found: dict[str, list[Binding]] = {}
    for binding in _near_bindings(analysis, tree, node):
        if _bound_at(tree, binding.node, node):
            found.setdefault(binding.name, []).append(binding)
    return found


def _near_bindings(analysis: Analysis, tree: Outline, node: ast.AST) -> list[Binding]:
    """The bindings that can be in force at a node: of the module, of the functions around it, of its class."""
    index = _indexed(analysis, tree)
    functions = (outer for outer in tree.above(node) if isinstance(outer, FunctionNode))
    places = {None, tree.class_of(node), *functions}
    found = dict(pair for place in places for pair in index.get(place, ()))
    return [found[number] for number in sorted(found)]


_Index = dict[ast.AST | None, list[tuple[int, Binding]]]
_indexes: WeakKeyDictionary[Outline, tuple[list[Binding], _Index]] = WeakKeyDictionary()
"""Of the files at hand, the numbered bindings of each function, class (its attributes) and of the module (None)."""


def _indexed(analysis: Analysis, tree: Outline) -> _Index:
    """The bindings of a file by where they stand, sorted out once for all its findings."""
    known = _indexes.get(tree)
    if known is not None and known[0] is analysis.bindings:
        return known[1]
    index: _Index = {}
    for number, binding in enumerate(analysis.bindings):
        if binding.node in tree:
            places: set[ast.AST | None] = {tree.function(binding.node)}
            if isinstance(binding.node, ast.Attribute):
                places.add(tree.class_of(binding.node))
            for place in places:
                index.setdefault(place, []).append((number, binding))
    _indexes[tree] = analysis.bindings, index
    return index


def defined(analysis: Analysis, name: str, node: ast.AST) -> bool:
    """Whether a plain name is surely bound where a node runs, by syntax alone."""
    tree = outline(analysis.tree)
    return any(_bound_at(tree, store, node) for store in tree.stores(name))


def _named(function: ast.AST) -> frozenset[str]:
    """The names that a function uses or binds."""
    names = (n.id if isinstance(n, ast.Name) else n.arg for n in inside(function) if isinstance(n, ast.Name | ast.arg))
    return frozenset(names)


def _bound_at(tree: Outline, bound: ast.AST, node: ast.AST) -> bool:
    """Whether a binding is surely in force where a node runs."""
    function = tree.function(bound)
    own = tree.function(node)
    if isinstance(bound, ast.arg):
        return function is not None and (function is own or function in tree.above(node))
    if isinstance(bound, ast.Attribute):
        return _attribute_bound_at(tree, bound, node)
    if function is None:
        if tree.class_of(bound) is not None and not isinstance(bound, ast.ClassDef | ast.FunctionDef):
            return False
        return _module_level(tree, bound, node) if own is not None else _before(tree, bound, node)
    if function is own:
        return _before(tree, bound, node)
    return any(outer is function for outer in tree.above(node)) and _dominates(tree, bound, function)


def _attribute_bound_at(tree: Outline, bound: ast.Attribute, node: ast.AST) -> bool:
    """`self.x` is bound in every method if `__init__` binds it; others as plain names are."""
    base = root(bound)
    if base is None:
        return False
    if base.id != "self":
        return tree.function(bound) is tree.function(node) and _before(tree, bound, node)
    method, here = tree.method(bound), tree.method(node)
    if method is None or here is None or tree.class_of(bound) is not tree.class_of(node):
        return False
    return _before(tree, bound, node) if method is here else method.name == "__init__"


def _module_level(tree: Outline, bound: ast.AST, node: ast.AST) -> bool:
    """Whether a module-level name may be used inside functions: not one of `if __name__ == ...`."""
    return not any(isinstance(n, ast.If) and mentions(n.test, "__name__") for n in tree.above(bound)) and _dominates(
        tree, bound, tree.tree
    )


def _before(tree: Outline, bound: ast.AST, node: ast.AST) -> bool:
    """Whether a binding of the same function comes first on every way to a node."""
    statement, here = tree.statement(bound), tree.statement(node)
    if statement is None or here is None or statement is here:
        return False
    if statement in tree.above(here) or here in tree.above(statement):
        return isinstance(statement, ast.For | ast.AsyncFor | ast.With | ast.AsyncWith) and _inside_body(
            tree, statement, here
        )
    if _position(bound) > _position(node):
        return False
    around = set(tree.above(here))
    while (parent := tree.parent(statement)) is not None and parent not in around:
        if not _always(parent, bound):
            return False
        statement = parent  # type: ignore[assignment]  # only statements hold statements here
    if isinstance(statement, ast.For | ast.AsyncFor):
        return False
    # In the same compound statement, but in another of its branches.
    return not isinstance(parent, ast.If | ast.Try) or tree.block(statement) is _block_towards(tree, parent, here)


def _inside_body(tree: Outline, loop: ast.AST, here: ast.stmt) -> bool:
    return any(here is inner or inner in tree.above(here) for inner in getattr(loop, "body", []))


def _block_towards(tree: Outline, parent: ast.AST, here: ast.stmt) -> list[ast.stmt]:
    """The block of `parent` that `here` is in."""
    inner: ast.AST = here
    for outer in tree.above(here):
        if outer is parent:
            break
        inner = outer
    return tree.block(inner) if isinstance(inner, ast.stmt) else []


def _dominates(tree: Outline, bound: ast.AST, scope: ast.AST) -> bool:
    """Whether a binding is made on every way through the body of a scope."""
    for parent in tree.above(bound):
        if parent is scope:
            return True
        if isinstance(parent, ast.For | ast.While | ast.If | ast.Try) and not _always(parent, bound):
            return False
    return False


def _always(compound: ast.AST, bound: ast.AST) -> bool:
    """Whether a compound statement binds the name of `bound` whichever way it goes."""
    if isinstance(compound, ast.With | ast.AsyncWith):
        return True
    name = bound.id if isinstance(bound, ast.Name) else None
    if name is None or not isinstance(compound, ast.If) or not compound.orelse:
        return False
    return all(any(binds(n, name) for s in block for n in ast.walk(s)) for block in (compound.body, compound.orelse))


def _position(node: ast.AST) -> tuple[int, int]:
    return (node.lineno, node.col_offset)  # type: ignore[attr-defined]  # callers pass located nodes


def _words_of(analysis: Analysis, node: ast.AST, moved: Origin | None) -> Iterator[str]:
    """The device as it is written where something else was moved or made: `args.device` of `.to(args.device)`."""
    written = written_device(analysis, moved)
    if written is None or not is_path(written):
        return
    base = root(written)
    if base is not None and _readable(analysis, base.id, written, node):
        yield analysis.source.text_of(written)


def written_device(analysis: Analysis, origin: Origin | None) -> ast.expr | None:
    """The expression of the device in the call that an origin points to."""
    place = origin.place if origin else None
    if place is None or place.source is not analysis.source or not isinstance(place.node, ast.Call):
        return None
    for given in place.node.keywords:
        if given.arg == "device":
            return given.value
    function = place.node.func
    if isinstance(function, ast.Attribute) and function.attr in ("to", "cuda") and place.node.args:
        return place.node.args[0]
    return None


def _readable(analysis: Analysis, name: str, written: ast.expr, node: ast.AST) -> bool:
    tree = outline(analysis.tree)
    if name == "self":
        return tree.class_of(written) is tree.class_of(node) and tree.method(node) is not None
    if tree.function(written) is tree.function(node):
        return defined(analysis, name, node)
    here = tree.function(node)
    shadowed = here is not None and any(binds(n, name) and tree.function(n) is here for n in inside(here))
    return not shadowed and defined(analysis, name, node) and tree.function(written) is None


def _device_variables(analysis: Analysis, node: ast.AST, wanted: AnyDevice) -> Iterator[str]:
    """Names that hold the wanted device itself."""
    for name, bindings in visible(analysis, node).items():
        held = [device for binding in bindings if (device := device_of(binding.value)) is not None]
        if any(same(one, wanted) for one in held) and not any(_contradicts(one, wanted) for one in held):
            yield name


def _contradicts(one: AnyDevice, wanted: AnyDevice) -> bool:
    """Whether two devices are surely different."""
    plain = not isinstance(one, Choice | Unknown) and not isinstance(wanted, Choice | Unknown)
    return plain and compare(one, wanted) is Same.NO


def device_of(value: Value) -> AnyDevice | None:
    """The device that a value names."""
    match value:
        case DeviceValue(device=device):
            return device
        case Const(value=str(text)):
            kind, _, index = text.partition(":")
            if kind in ("cuda", "mps", "xpu", "npu"):
                return Device(kind, int(index) if index.isdigit() else 0)
            return Device("cpu") if text == "cpu" else None
        case Choice(key=key, yes=yes, no=no):
            first, second = device_of(yes), device_of(no)
            return None if first is None or second is None else Choice(key, first, second)
    return None


def _mentioned(node: ast.AST) -> set[str]:
    """The names in the innermost call around a node, whose tensors decide its sizes: `ilens.max()`."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _tensors(analysis: Analysis, node: ast.AST, wanted: AnyDevice, only: set[str] | None) -> Iterator[str]:
    """Tensors on the wanted device, parameters of the function first."""
    tree = outline(analysis.tree)
    function = tree.function(node)
    order = {one.arg: place for place, one in enumerate(arguments(function))} if function else {}
    names = visible(analysis, node)
    for name in sorted(names, key=lambda one: (order.get(one, len(order)), one.startswith("self."))):
        if only is not None and name not in only:
            continue
        bindings = names[name]
        if function is not None and all(tree.function(binding.node) is None for binding in bindings):
            continue  # a tensor of the module is not what a function should follow
        held = [binding.value for binding in bindings]
        if any(isinstance(value, Tensor) and same(value.device, wanted) for value in held):
            yield f"{name}.device"


def _symbol(analysis: Analysis, node: ast.AST, wanted: AnyDevice) -> Iterator[str]:
    """The user's own words for a device known only by name."""
    if not isinstance(wanted, SymDevice):
        return
    try:
        words = ast.parse(wanted.text, mode="eval").body
    except SyntaxError:
        return
    base = root(words)
    if is_path(words) and base is not None and base.id != "self" and defined(analysis, base.id, node):
        yield wanted.text


def _own_device(analysis: Analysis, node: ast.AST) -> Iterator[str]:
    """`self.device` where the class has such an attribute or property."""
    tree = outline(analysis.tree)
    owner, method = tree.class_of(node), tree.method(node)
    if owner is None or method is None or method.name == "device" or not _takes_self(method):
        return
    for inner in inside(owner):
        match inner:
            case ast.FunctionDef(name="device"):
                yield "self.device"
                return
            case ast.Attribute(value=ast.Name(id="self"), attr="device", ctx=ast.Store()):
                if _attribute_bound_at(tree, inner, node):
                    yield "self.device"
                    return


def _own_parameters(analysis: Analysis, node: ast.AST) -> Iterator[str]:
    """The device of a network's parameters, in its methods."""
    tree = outline(analysis.tree)
    method = tree.method(node)
    if method is None or method.name == "__init__" or not _takes_self(method):
        return
    owner = tree.class_of(node)
    if owner is not None and tree.is_network(owner) and _has_parameters(tree, owner):
        yield "next(self.parameters()).device"


def _has_parameters(tree: Outline, owner: ast.ClassDef, seen: tuple[ast.ClassDef, ...] = ()) -> bool:
    """Whether the constructor of a class makes something that looks like a layer with weights."""
    makers = [one for one in owner.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
    for node in (inner for maker in makers for inner in inside(maker)):
        name = function_name(node) if isinstance(node, ast.Call) else ""
        if name[:1].isupper() and not name.endswith(_WITHOUT_PARAMETERS):
            own = [one for one in tree.classes(name) if one is not owner and one not in seen]
            if not tree.classes(name) or any(_has_parameters(tree, one, (*seen, owner)) for one in own):
                return True
    return False


def _takes_self(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return bool(method.args.args) and method.args.args[0].arg == "self"
