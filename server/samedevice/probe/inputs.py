"""What to call a network with: candidates, the surest first."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from samedevice.features.known import Known
from samedevice.interpret.analysis import Analysis
from samedevice.probe import calls, sites, targets
from samedevice.probe.arguments import parameters
from samedevice.probe.calls import hint, method
from samedevice.probe.construct import Builder
from samedevice.probe.names import reads_of
from samedevice.probe.plan import Candidate, Hint, Statement
from samedevice.probe.targets import Function, Target
from samedevice.syntax.source import SourceFile

_DIMS = {
    "b": 2, "batch": 2, "batch_size": 2, "bs": 2, "n": 2, "h": 32, "w": 32, "height": 32, "width": 32,
    "t": 16, "s": 16, "l": 16, "seq": 16, "seq_len": 16, "time": 16, "length": 16, "tokens": 16, "frames": 8,
}  # fmt: skip
_JAXTYPING = re.compile(r"""(?P<kind>\w+)\[\s*(?:torch\.)?(?:Tensor|Array)\s*,\s*["'](?P<dims>[^"']*)["']""")
_KINDS = {
    "Float": "float32",
    "Int": "int64",
    "Long": "int64",
    "Bool": "bool",
    "Int64": "int64",
    "Float32": "float32",
    "UInt8": "uint8",
}
_SHAPE = r"[\[(]\s*(?P<dims>[A-Za-z_0-9*]+(?:\s*[,x×]\s*[A-Za-z_0-9*]+)+)\s*,?\s*[\])]"
_MOST_CALLS = 4
_REACHES_OUT = re.compile(
    r"\b(download\w*|urlopen|requests\.\w+|wandb\.\w+|read_csv|imread|os\.system|subprocess\.\w+|load_dataset|savefig|rmtree|"
    r"unlink|makedirs|mkdir|init_process_group)\s*\("
)
"""What a probe does not do on behalf of a program: fetch, start and write things."""
_WORKS = re.compile(r"\b(open|input|write\w*|load_state_dict|fit|backward|save)\s*\(")
"""Nor does it read files, ask or train, though what it defines may."""
_ANNOTATIONS = {
    "LongTensor": "int64",
    "IntTensor": "int32",
    "BoolTensor": "bool",
    "FloatTensor": "float32",
    "ByteTensor": "uint8",
}


def candidates(
    source: SourceFile,
    known: Known,
    target: Target,
    cls: ast.ClassDef | None,
    wishes: Mapping[str, str],
    variable: str,
    module: str = "",
) -> list[Candidate]:
    """The inputs to try: what the user wrote, what the program passes, what text says, what layers want."""
    forward = method(cls, "forward") if cls is not None else None
    if forward is None and cls is not None:
        forward = _inherited(known.analysis.tree, cls)
    stated = dict(_stated(forward)) if forward is not None else {}
    wished = _wished(wishes, forward)
    if wished is not None:
        return [wished]  # what the user wrote decides
    stated.update({name: {"code": wishes[name]} for name, _ in _named(forward) if name in wishes} if forward else {})
    found: list[Candidate] = []
    surely = list(_surely(known.analysis, cls)) if cls is not None else []
    found += [_spelled(one) for one in surely[:1]]
    found += _program(source, known.analysis, target, wishes, module)
    if cls is not None:
        found += [
            Candidate("as the program calls it", hints={**stated, **one}) for one in calls.passed(known.analysis, cls)
        ][:3]
    found += _sites(known, target, stated)
    if cls is not None and _sets(cls, "example_input_array"):
        found.append(Candidate("example_input_array", (f"{variable}.example_input_array",)))
    if stated:
        found.append(Candidate("annotations and docstring", hints=stated))
    found.append(Candidate("its layers", hints={}))
    return list({repr(one): one for one in found}.values())[:8]


def _surely(analysis: Analysis, cls: ast.ClassDef) -> Iterator[Mapping[str, Hint]]:
    """Calls all of whose tensors are known to the last size, and hold nothing but numbers with a fraction.

    Where another call is not known as well, it is not known which of them this network belongs to.
    """
    forward = method(cls, "forward")
    names = [name for name, default in _named(forward) if default is None] if forward is not None else []
    every = calls.calls(analysis, forward) if forward is not None else ()
    if any(name not in one for one in every for name in names):
        return
    passed = calls.passed(analysis, cls)
    if len({str(one[name].get("dtype")) for one in passed for name in names if name in one}) > 1:
        return
    for one in passed:
        tensors = [hint for hint in one.values() if "code" not in hint]
        if all(name in one for name in names) and all(_whole(hint) for hint in tensors):
            yield one


def _spelled(hints: Mapping[str, Hint]) -> Candidate:
    """A call as code."""
    values = {name: str(one["code"]) if "code" in one else _random(one) for name, one in hints.items()}
    return Candidate("as the program calls it", kwargs=values)


def _random(hint: Hint) -> str:
    """A tensor of a known shape and dtype as code that needs no name."""
    sizes = ", ".join(str(size) for size in hint["shape"])  # type: ignore[attr-defined]  # whole, so it is a list
    return f"__import__('torch').randn({sizes or '()'}, dtype=__import__('torch').{hint['dtype']})"


def _whole(hint: Hint) -> bool:
    shape = hint.get("shape")
    return isinstance(shape, list) and None not in shape and str(hint.get("dtype")).startswith("float")


def _program(
    source: SourceFile, analysis: Analysis, target: Target, wishes: Mapping[str, str], module: str
) -> Iterator[Candidate]:
    """What the program itself passes, made by its own statements."""
    for call in sites.sites(analysis.tree, target)[:_MOST_CALLS]:
        if sites.reads_itself(call, analysis.tree, target):
            continue
        build = Builder(source, analysis, wishes, module).called(call)
        if build is None or not safe(build, call):
            continue
        yield Candidate(f"the call on line {call.lineno}", build=build, call=arguments_of(call))


def arguments_of(call: ast.Call) -> str:
    """The arguments of a call as `(args, kwargs)`."""
    keys: list[ast.expr | None] = [ast.Constant(word.arg) if word.arg else None for word in call.keywords]
    args = ast.unparse(ast.Tuple(call.args, ast.Load()))
    return f"({args}, {ast.unparse(ast.Dict(keys, [word.value for word in call.keywords]))})"


def safe(build: tuple[Statement, ...], call: ast.Call) -> bool:
    """Whether the statements before a call, and its arguments, only compute."""
    build = (*build, Statement(arguments_of(call), call.lineno))
    defines = ("class ", "def ", "async def ", "@")
    return not any(
        _REACHES_OUT.search(one.code) or (not one.code.startswith(defines) and _WORKS.search(one.code)) for one in build
    )


def harmless(text: str) -> bool:
    """Whether a program may be run as far as its text tells: it fetches, starts and writes nothing."""
    return not _REACHES_OUT.search(text)


def _inherited(tree: ast.Module, cls: ast.ClassDef) -> Function | None:
    """The forward of a base class in the file."""
    known = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)}
    for base in cls.bases:
        parent = known.get(ast.unparse(base))
        if parent is not None and parent is not cls and (found := method(parent, "forward")) is not None:
            return found
    return None


def _wished(wishes: Mapping[str, str], forward: Function | None) -> Candidate | None:
    """The inputs that the user wrote down, where they are all that the network needs."""
    given = _named(forward) if forward is not None else []
    words = {name for name, _ in given}
    takes_any = forward is None or forward.args.kwarg is not None
    args = tuple(wishes[key] for key in sorted(key for key in wishes if key.isdigit()))
    kwargs = {key: value for key, value in wishes.items() if key in words or (takes_any and not key.isdigit())}
    needed = {name for name, default in given[len(args) :] if default is None}
    return Candidate("# probe", args, kwargs) if (args or kwargs) and needed <= set(kwargs) else None


def _named(forward: Function) -> list[tuple[str, ast.expr | None]]:
    return [(one.arg, default) for one, default in parameters(forward)]


def _stated(forward: Function) -> Iterator[tuple[str, Hint]]:
    """What annotations, docstring and the body's first lines say of the parameters."""
    text = ast.get_docstring(forward) or ""
    for parameter, _ in parameters(forward):
        name = parameter.arg
        found: dict[str, object] = {}
        documented = re.search(rf"^\W*{re.escape(name)}\b[^\n]*?{_SHAPE}", text, re.MULTILINE)
        if documented:
            found["shape"] = _sizes(re.split(r"\s*[,x×]\s*", documented["dims"]))
        rank = _rank(forward, name)
        if rank is not None and "shape" not in found:
            found["shape"] = [None] * rank
        if parameter.annotation is not None:
            annotation = ast.unparse(parameter.annotation)
            typed = _JAXTYPING.search(annotation)
            if typed:
                found["shape"] = _sizes(typed["dims"].split())
                found["dtype"] = _KINDS.get(typed["kind"])
            else:
                named = [dtype for word, dtype in _ANNOTATIONS.items() if word in annotation]
                found.update({"dtype": named[0]} if named else {})
        if found:
            yield name, found


def _sizes(words: list[str]) -> list[int | None]:
    """Sizes from the words of a shape; a name that is no usual one is open."""
    if any("..." in word or word.startswith("*") for word in words):
        words = ["batch", *[word for word in words if "..." not in word and not word.startswith("*")]]
    return [int(word) if word.isdigit() else _DIMS.get(word.lower()) for word in words]


def _rank(forward: Function, name: str) -> int | None:
    """How many dimensions a parameter has, where the body takes its shape apart: `b, c, h, w = x.shape`."""
    for node in ast.walk(forward):
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=parts)], value=value) if not any(
                isinstance(p, ast.Starred) for p in parts
            ):
                text = ast.unparse(value)
                if text in (f"{name}.shape", f"{name}.size()"):
                    return len(parts)
            case ast.Assign(targets=[ast.Name(id=again)], value=value) if again == name and not isinstance(
                value, ast.Name
            ):
                return None
    return None


def _sets(cls: ast.ClassDef, attribute: str) -> bool:
    """Whether a class sets an attribute of its instances."""
    return any(
        isinstance(node, ast.Attribute) and node.attr == attribute and isinstance(node.ctx, ast.Store)
        for node in ast.walk(cls)
    )


def _sites(known: Known, target: Target, stated: Mapping[str, Hint]) -> Iterator[Candidate]:
    """The calls of a variable in its file, with what is known of each argument."""
    if target.made is None:
        return
    for call in targets.calls_of(known.analysis.tree, target.name.rpartition(".")[2]):
        args = [_argument(known, one) for one in call.args]
        words = {word.arg: _argument(known, word.value) for word in call.keywords if word.arg}
        every = [*args, *words.values()]
        source = f"the call on line {call.lineno}"
        if every and all(one is not None for one in every):
            hints = {str(index): one for index, one in enumerate(args) if one is not None}
            hints.update({name: one for name, one in words.items() if one is not None})
            yield Candidate(source, hints=hints)


def _argument(known: Known, node: ast.expr) -> Hint | None:
    """What is known of an argument: by its own text where that needs nothing else, else from the engine."""
    if isinstance(node, ast.Name):
        bindings = known.of_name(node.id, node)
        return hint(bindings[-1].value) if bindings else None
    moved = targets.bare(node)
    if moved is not node:
        return _argument(known, moved)
    if isinstance(node, ast.Call | ast.Constant | ast.List | ast.Tuple) and reads_of(node) <= {"torch"}:
        return {"code": ast.unparse(node)}
    return None
