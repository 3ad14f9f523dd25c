"""Functions of Python's standard library that decide what tensors are made of."""

from __future__ import annotations

import ast
import math
from collections.abc import Hashable

from samedevice.interpret import calls, cloning, iteration
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.heap import BoundMethod, ClassObject, DictObject, FunctionObject, Instance, NativeFunction
from samedevice.interpret.registry import NATIVES, UNKNOWN, first, native
from samedevice.values.value import NONE, Const, Ref, Scalar, Tuple, Value


def _math(name: str) -> None:
    function = getattr(math, name)

    @native(f"math.{name}")
    def call(run: Run, node: ast.AST, arguments: Arguments) -> Value:
        known = [value.value for value in arguments.positional if isinstance(value, Const)]
        if len(known) == len(arguments.positional) and name not in ("factorial", "comb", "perm"):
            try:
                return Const(function(*known))
            except (ValueError, TypeError, OverflowError):
                return UNKNOWN
        integers = ("floor", "ceil", "gcd", "lcm", "isqrt", "trunc", "prod", "factorial", "comb", "perm")
        return Scalar("bool" if name.startswith("is") and name != "isqrt" else "int" if name in integers else "float")


for _name in [name for name in dir(math) if callable(getattr(math, name)) and not name.startswith("_")]:
    if f"math.{_name}" not in NATIVES:
        _math(_name)


@native("math.prod")
def _prod(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, exact = iteration.items_of(run, first(arguments), node)
    known = [item.value for item in items if isinstance(item, Const)]
    return Const(math.prod(known)) if exact and len(known) == len(items) else Scalar("int")


@native("copy.deepcopy", "copy.copy", "pickle.loads")
def _copy(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    name = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else "deepcopy"
    return cloning.clone(run, first(arguments), deep=name == "deepcopy")


@native("functools.partial", "functools.partialmethod")
def _partial(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    function = first(arguments)
    fixed, keywords = arguments.positional[1:], arguments.keywords

    def call(run: Run, node: ast.AST, given: Arguments) -> Value:
        merged = Arguments(
            [*fixed, *given.positional],
            {**keywords, **given.keywords},
            [*([None] * len(fixed)), *given.nodes],
            given.keyword_nodes,
            given.open or arguments.open,
        )
        return calls.apply(run, node, function, merged)

    return run.new(NativeFunction("partial", call))


@native("functools.wraps")
def _wraps(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return run.new(NativeFunction("wraps", lambda run, node, given: first(given)))


@native("functools.lru_cache", "functools.cache")
def _cache(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments) if arguments.positional else NONE
    if isinstance(value, Ref) and isinstance(run.object(value), FunctionObject | BoundMethod):
        return value
    return run.new(NativeFunction("cache", lambda run, node, given: first(given)))


@native("functools.reduce")
def _reduce(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) < 2:
        return UNKNOWN
    items, _ = iteration.items_of(run, arguments.positional[1], node)
    items = [*arguments.positional[2:], *items]
    if not items:
        return UNKNOWN
    value = items[0]
    for item in items[1:20]:
        value = calls.apply(run, node, arguments.positional[0], Arguments([value, item], {}, [None, None]))
    return value


@native("operator.itemgetter", "operator.attrgetter", "operator.mul", "operator.add")
def _operator(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return UNKNOWN


@native("collections.namedtuple", "typing.NamedTuple")
def _namedtuple(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    if len(arguments.positional) < 2:
        return UNKNOWN
    name, given = arguments.positional[:2]
    fields: list[str] = []
    if isinstance(given, Const) and isinstance(given.value, str):
        fields = given.value.replace(",", " ").split()
    else:
        for item in iteration.items_of(run, given, node)[0]:
            first = item.items[0] if isinstance(item, Tuple) and item.items else item
            if isinstance(first, Const):
                fields.append(str(first.value))
    label = str(name.value) if isinstance(name, Const) else "namedtuple"
    found = ClassObject(label, "", None, None, [], {}, [run.next_address], kind="namedtuple", fields=fields)
    return run.new(found)


@native("dataclasses.field", "attr.ib", "attrs.field")
def _field(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items: dict[Hashable, tuple[Value, Value]] = {
        name: (Const(name), value) for name, value in arguments.keywords.items()
    }
    return run.new(DictObject(items, type="field"))


@native("dataclasses.asdict", "dataclasses.replace")
def _asdict(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
    found = run.object(value) if isinstance(value, Ref) else None
    if not isinstance(found, Instance):
        return UNKNOWN
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        if name == "replace":
            copied = cloning.clone(run, value, deep=False)
            if isinstance(copied, Ref):
                run.state.writable(copied.address).attributes.update(arguments.keywords)
            return copied
    return run.new(DictObject({name: (Const(name), item) for name, item in found.attributes.items()}))


@native("dataclasses.fields")
def _fields(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    """The fields in order; of each only its name is known."""
    value = first(arguments)
    found = run.object(value) if isinstance(value, Ref) else None
    cls = run.state.heap.find(found.cls) if isinstance(found, Instance) else found
    if not isinstance(cls, ClassObject) or cls.kind != "dataclass":
        return UNKNOWN
    return Tuple(tuple(Tuple((Const(name),), ("name",), "Field") for name in cls.fields))


@native("dataclasses.astuple")
def _astuple(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments)
    found = run.object(value) if isinstance(value, Ref) else None
    cls = run.state.heap.find(found.cls) if isinstance(found, Instance) else None
    if not isinstance(found, Instance) or not isinstance(cls, ClassObject) or cls.kind != "dataclass":
        return UNKNOWN
    return Tuple(tuple(found.attributes.get(name, UNKNOWN) for name in cls.fields))


@native("dataclasses.dataclass")
def _dataclass(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    value = first(arguments) if arguments.positional else NONE
    if isinstance(value, Ref):
        run.state.writable(value.address).kind = "dataclass"
        return value
    return run.new(NativeFunction("dataclass", _dataclass))


@native(
    "random.random",
    "random.uniform",
    "random.gauss",
    "random.normalvariate",
    "time.time",
    "time.perf_counter",
    "time.monotonic",
    "random.betavariate",
)
def _float(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Scalar("float")


@native("random.randint", "random.randrange", "os.getpid", "os.cpu_count", "random.getrandbits")
def _int(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Scalar("int")


@native("random.choice", "random.sample", "random.choices")
def _random_choice(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    items, _ = iteration.items_of(run, first(arguments), node)
    each = iteration.common_item(run, items)
    name = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else "choice"
    if name == "choice":
        return each
    size = arguments.get(1, "k")
    if isinstance(size, Const) and isinstance(size.value, int) and size.value <= 16:
        return iteration.make_list(run, [each] * size.value, True, "list")
    return iteration.make_list(run, [each], False, "list")


@native(
    "random.seed",
    "random.shuffle",
    "time.sleep",
    "gc.collect",
    "warnings.warn",
    "warnings.filterwarnings",
    "os.makedirs",
    "atexit.register",
    "logging.basicConfig",
    "sys.setrecursionlimit",
    "math.seed",
)
def _nothing(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return NONE


@native("os.environ.get", "os.getenv")
def _environ(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    name = first(arguments)
    if isinstance(name, Const):
        return Scalar("str", f"os.environ[{name.value}]", f"os.environ[{name.value!r}]")
    return Scalar("str")


@native(
    "os.path.join",
    "os.path.dirname",
    "os.path.basename",
    "os.path.abspath",
    "os.getcwd",
    "time.strftime",
    "json.dumps",
    "os.path.expanduser",
)
def _string(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Scalar("str")


@native("os.path.exists", "os.path.isfile", "os.path.isdir")
def _exists(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return Scalar("bool")


@native("typing.cast")
def _cast(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return arguments.positional[1] if len(arguments.positional) > 1 else UNKNOWN


@native("contextlib.nullcontext")
def _null_context(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    return first(arguments) if arguments.positional else NONE


@native("sys.exit", "builtins.exit", "builtins.quit", "os._exit")
def _exit(run: Run, node: ast.AST, arguments: Arguments) -> Value:
    run.state.alive = False
    return NONE
