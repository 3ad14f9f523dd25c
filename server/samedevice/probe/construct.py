"""How a network is built: the statements of its program, cut out, and values for what nobody in sight gives."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Mapping

from samedevice.dataclass import dataclass, field
from samedevice.interpret.analysis import Analysis
from samedevice.probe import arguments, slicing, targets
from samedevice.probe.calls import constructions
from samedevice.probe.names import names, reads_of
from samedevice.probe.plan import Chosen, NoPlan, Statement
from samedevice.probe.stand_ins import NO_ARGUMENTS, OFFLINE, downloads, offline
from samedevice.probe.targets import Function, Target
from samedevice.syntax.source import SourceFile

NETWORK = "_probed"
"""What the network is called where the program has no name for it."""
_DEEPEST = 4
_OUT = r"out_?(channels?|chs?|planes|dim|c)|planes|oup|c_?out|outplanes|n_?out"
_IN = r"in_?(channels?|chs?|planes|dim|c)|inp|c_?in|inplanes|n_?in"
_PICK = (
    "{0} = next(_one for _one in (list({0}.values()) if isinstance({0}, dict) else "
    "list({0}) if isinstance({0}, (tuple, list)) else [{0}]) if hasattr(_one, 'named_modules'))"
)


@dataclass
class Construction:
    """Statements, and the name that holds the network after them."""

    statements: list[Statement] = field(default_factory=list)
    network: str = NETWORK
    chosen: list[Chosen] = field(default_factory=list)
    missing: list[Chosen] = field(default_factory=list)
    line: int = 1

    def add(self, statements: list[Statement]) -> None:
        """Adds what is not there yet."""
        self.statements += [one for one in statements if one not in self.statements]


class Builder:
    """Works out how the networks of one file are built."""

    def __init__(self, source: SourceFile, analysis: Analysis, wishes: Mapping[str, str], module: str = "") -> None:
        self.source = source
        self.tree = analysis.tree
        self.analysis = analysis
        self.wishes = wishes
        self.module = module
        """The file's name in its package, from which its definitions are imported; "" where it is run by itself."""
        self.out = Construction()
        self.moves = False

    def build(self, target: Target) -> Construction:
        """The construction of a target."""
        wish = self.wishes.get(target.name)
        if wish is not None:
            self._expression(slicing.around(self.tree, target.node), ast.parse(wish, mode="eval").body, NETWORK)
        elif isinstance(target.node, ast.ClassDef):
            self._class(target.node)
        elif isinstance(target.node, Function):
            self._factory(target.node)
        else:
            self._held(target)
        self.out.statements = [*self._for_wishes(), *self._with_parser()]
        return self.out

    def _for_wishes(self) -> list[Statement]:
        """What the expressions that the user wrote down read: names of the file, and torch in any case."""
        reads: set[str] = set()
        for words in self.wishes.values():
            with contextlib.suppress(SyntaxError, ValueError):
                reads |= reads_of(ast.parse(words.strip(), mode="eval").body)
        if not reads or not self.tree.body:
            return []
        found = self._sliced([self.tree, self.tree.body[-1]], frozenset(reads), _DEEPEST)
        bound = {name for one in self.tree.body for name in names(one).binds}
        return [*(Statement("import torch", 1) for name in ("torch",) if name not in bound), *found]

    # a variable

    def _held(self, target: Target, deep: int = 0) -> None:
        """A variable, attribute or item that holds a network."""
        assert target.made is not None and isinstance(target.node, ast.stmt)
        path = slicing.around(self.tree, target.node)
        made = self._followed(target.made, path)
        variable = target.name if target.name.isidentifier() else NETWORK
        self.out.line = target.line
        several = isinstance(made, ast.List | ast.Dict | ast.Tuple | ast.ListComp | ast.DictComp)
        self._expression(path, made, variable, target.item, pick=several)
        self._changed_later(path, variable)

    def _followed(self, made: ast.expr, path: list[ast.AST]) -> ast.expr:
        """The expression behind a name: `model = DataParallel(net)` is about `net`."""
        for _ in range(_DEEPEST):
            if not isinstance(made, ast.Name):
                break
            lines, _later = slicing.before(path)
            holder = [one for one in lines if isinstance(one, ast.Assign) and made.id in names(one).binds]
            if not holder or not isinstance(holder[-1].targets[0], ast.Name):
                break
            made = targets.bare(holder[-1].value)
        return made

    def _changed_later(self, path: list[ast.AST], variable: str) -> None:
        """`model.fc = nn.Linear(...)` after the construction belongs to it."""
        block = next((body for body in _blocks(path[-2]) if path[-1] in body), [])
        for statement in block[block.index(path[-1]) + 1 :]:  # type: ignore[arg-type]  # it stands in its block
            found = names(statement)
            if variable in found.binds:
                break
            plain = isinstance(statement, ast.Assign | ast.Expr)
            if variable in found.changes and plain and "data" not in ast.unparse(statement).split("=")[0]:
                inner = slicing.cut(self.source, slicing.around(self.tree, statement), self.module)
                inner.need(found.reads - {variable})
                if not inner.unknown:
                    known = [
                        one for one in inner.statements() if variable not in names(ast.parse(one.code).body[0]).binds
                    ]
                    self.out.add(known)
                    self.out.add([slicing.code(self.source, statement)])

    # an expression

    def _expression(
        self, path: list[ast.AST], made: ast.expr, variable: str, item: int | None = None, pick: bool = False
    ) -> None:
        """`variable = made`, with everything it depends on."""
        self.out.add(self._sliced(path, reads_of(made), 0))
        made = offline(made)
        text = ast.unparse(made)
        line = getattr(path[-1], "lineno", 1)
        if text != variable:
            self.out.statements.append(Statement(f"{variable} = {text if item is None else f'({text})[{item}]'}", line))
        if pick:
            self.out.statements.append(Statement(_PICK.format(variable), line))
        self.out.network = variable
        self.out.line = line

    def _sliced(self, path: list[ast.AST], reads: frozenset[str], deep: int) -> list[Statement]:
        """The statements that names depend on at a place; parameters of functions around it get their values first."""
        cut = slicing.cut(self.source, path, self.module, self.moves)
        cut.need(reads)
        found: list[Statement] = []
        functions = [one for one in path[:-1] if isinstance(one, Function)]
        taken = cut.statements()
        for name in sorted(cut.unknown):
            for statement in self._given(name, functions, path, deep):
                if statement not in found:
                    found.append(statement)
        return [*found, *(one for one in taken if one not in found)]

    def _given(self, name: str, functions: list[Function], path: list[ast.AST], deep: int) -> list[Statement]:
        """A value for a name that is bound nowhere in sight."""
        for function in reversed(functions):
            for parameter, default in arguments.parameters(function):
                if parameter.arg == name:
                    return self._parameter(function, parameter, default, path, deep)
            for rest, empty in ((function.args.vararg, "()"), (function.args.kwarg, "{}")):
                if rest is not None and rest.arg == name:
                    return [Statement(f"{name} = {empty}", function.lineno)]
        if name.partition(".")[0] == "self":
            whole = self._instance(functions, path, deep)
            if whole:
                return whole
        if name == "self":
            return [Statement("self = __import__('types').SimpleNamespace()", 1)]
        if name.startswith("self."):
            cls = next((one for one in reversed(path) if isinstance(one, ast.ClassDef)), None)
            value = self._proposed(name[5:], None, cls)
            return [Statement("self = __import__('types').SimpleNamespace()", 1), Statement(f"{name} = {value}", 1)]
        return []

    def _instance(self, functions: list[Function], path: list[ast.AST], deep: int) -> list[Statement]:
        """`self` in a method of a class that the program makes an instance of: made as there."""
        cls = next((one for one in reversed(path) if isinstance(one, ast.ClassDef)), None)
        if cls is None or not functions or functions[0].name == "__init__" or deep >= _DEEPEST:
            return []
        for call in targets.calls_of(self.tree, cls.name):
            if cls not in slicing.around(self.tree, call):
                before = self._sliced(slicing.around(self.tree, call), reads_of(call), deep + 1)
                return [*before, Statement(f"self = {ast.unparse(call)}", call.lineno)]
        return []

    def _parameter(
        self, function: Function, parameter: ast.arg, default: ast.expr | None, path: list[ast.AST], deep: int
    ) -> list[Statement]:
        """A parameter of the function around the place: as its caller gives it, else its default, else worked out."""
        line, name = function.lineno, parameter.arg
        if name in self.wishes:
            return [Statement(f"{name} = {self.wishes[name]}", line)]
        given = self._from_caller(function, path, name) if deep < _DEEPEST else None
        if given is not None:
            call, value = given
            before = self._sliced(slicing.around(self.tree, call), reads_of(value), deep + 1)
            own = isinstance(value, ast.Name) and value.id == name
            return before if own else [*before, Statement(f"{name} = {ast.unparse(value)}", line)]
        if default is not None:
            before = self._sliced(slicing.around(self.tree, function), reads_of(default), deep + 1)
            return [*before, Statement(f"{name} = {ast.unparse(default)}", line)]
        return [Statement(f"{name} = {self._proposed(name, parameter.annotation, function)}", line)]

    def _from_caller(self, function: Function, path: list[ast.AST], name: str) -> tuple[ast.Call, ast.expr] | None:
        """The first call of a function in its file that gives a parameter, and what it gives."""
        cls = next((one for one in path if isinstance(one, ast.ClassDef) and function in one.body), None)
        called = cls.name if cls is not None and function.name == "__init__" else function.name
        positional = [one.arg for one in (*function.args.posonlyargs, *function.args.args)][cls is not None :]
        for call in targets.calls_of(self.tree, called):
            given: dict[str | None, ast.expr] = {word.arg: word.value for word in call.keywords}
            plain = not any(isinstance(one, ast.Starred) for one in call.args)
            if plain and name in positional and positional.index(name) < len(call.args):
                return call, call.args[positional.index(name)]
            if name in given:
                return call, given[name]
        return None

    def _proposed(self, name: str, annotation: ast.expr | None, inside: ast.AST | None) -> str:
        """Code for a value that nobody gives; kept in the plan, so that the user sees it."""
        if name in self.wishes:
            return self.wishes[name]
        chosen, ground = arguments.proposal(name, annotation, inside, self._made_without_arguments())
        block = None if ground else self._block(name, annotation)
        if block is not None:
            chosen, ground = Chosen(name, block.name, "a class of this file"), True
            self.out.add(self._sliced(slicing.around(self.tree, block), frozenset({block.name}), 1))
        kept = self.out.chosen if ground else self.out.missing
        if chosen not in kept:
            kept.append(chosen)
        for one in self.tree.body if ground and chosen.code.endswith("()") else ():
            if isinstance(one, ast.ClassDef) and f"{one.name}()" == chosen.code:
                path = slicing.around(self.tree, one)
                self.out.add(self._sliced(path, frozenset({one.name}), 1))
        return chosen.code

    def _block(self, name: str, annotation: ast.expr | None) -> ast.ClassDef | None:
        """A network of the file that a parameter wants: by its annotation, or `block` by its name."""
        known = [one for one in targets.classes(self.tree) if one in self.tree.body]
        words = set(re.findall(r"\w+", ast.unparse(annotation))) if annotation is not None else set()
        by_words = [one for one in known if one.name in words]
        like = [one for one in known if name.strip("_").lower().endswith("block") and one.name.endswith("Block")]
        return next(iter([*by_words, *like]), None)

    def _made_without_arguments(self) -> frozenset[str]:
        """The classes of the file that need no arguments: configurations with defaults."""
        return frozenset(one.name for one in self.tree.body if isinstance(one, ast.ClassDef) and _needs_nothing(one))

    def called(self, call: ast.Call, *more: ast.expr) -> tuple[Statement, ...] | None:
        """The statements that the arguments of a call depend on; None where something is not known."""
        every = ast.Tuple([*call.args, *(word.value for word in call.keywords), *more], ast.Load())
        self.moves = bool(more)
        self.out.add(self._sliced(slicing.around(self.tree, call), reads_of(every), 0))
        if self.out.missing or self.out.chosen:
            return None
        return tuple(self._with_parser())

    def _with_parser(self) -> list[Statement]:
        """The statements, after what answers for the command line where they read it."""
        reads = any("argparse" in one.code or "parse_args" in one.code for one in self.out.statements)
        return [*([Statement(NO_ARGUMENTS, 1)] if reads else []), *self.out.statements]

    # a class

    def _class(self, cls: ast.ClassDef) -> None:
        """A class: as the program makes it, else as the engine saw it made, else from its signature."""
        self.out.line = cls.lineno
        sites = [call for call in targets.calls_of(self.tree, cls.name) if not self._inside(call, cls)]
        inner = [call for call in sites if self._in_network(call)]
        if self._made_at([call for call in sites if call not in inner], cls):
            return
        seen = constructions(self.analysis, cls)
        if seen is not None and not set(self.wishes) & set(seen):
            words = ", ".join(f"{name}={value}" for name, value in seen.items())
            path = slicing.around(self.tree, cls)
            self._expression(path, ast.parse(f"{cls.name}({words})", mode="eval").body, NETWORK)
        elif not self._made_at(inner, cls):
            self._from_signature(cls, slicing.around(self.tree, cls))

    def made(self, call: ast.Call) -> Construction | None:
        """One construction, where nothing has to be made up for it."""
        self._expression(slicing.around(self.tree, call), call, NETWORK)
        self.out.statements = [*self._for_wishes(), *self._with_parser()]
        return None if self.out.missing or self.out.chosen else self.out

    def _made_at(self, sites: list[ast.Call], cls: ast.ClassDef) -> bool:
        """Takes the first of some constructions for which nothing has to be made up."""
        for call in sites:
            trial = Builder(self.source, self.analysis, self.wishes, self.module)
            path = slicing.around(self.tree, call)
            trial._expression(path, targets.cast(path), NETWORK)
            if not trial.out.missing and not trial.out.chosen:
                self.out = trial.out
                self.out.line = cls.lineno
                return True
        return False

    def _inside(self, call: ast.Call, cls: ast.ClassDef) -> bool:
        return cls in slicing.around(self.tree, call)

    def _in_network(self, call: ast.Call) -> bool:
        """Whether a call stands in another network, where what it is given depends on that one."""
        inside = [one for one in slicing.around(self.tree, call) if isinstance(one, ast.ClassDef)]
        return any(targets.is_network(one) and not targets.lightning(one) for one in inside)

    def _from_signature(self, cls: ast.ClassDef, path: list[ast.AST]) -> None:
        """A class that nothing in sight makes: required parameters are worked out, the others keep their defaults."""
        function = self._initializer(cls)
        words = []
        given = arguments.parameters(function) if function is not None else []
        block = any(re.fullmatch(_OUT, parameter.arg.lower()) for parameter, default in given if default is None)
        for parameter, default in given:
            if default is None or parameter.arg in self.wishes:
                if block and re.fullmatch(_IN, parameter.arg.lower()) and parameter.arg not in self.wishes:
                    # A block in the middle of a network: its input is as wide as its output.
                    words.append(f"{parameter.arg}=64")
                    self.out.chosen.append(Chosen(parameter.arg, "64", "its name"))
                    continue
                code = self._proposed(parameter.arg, parameter.annotation, function)
                words.append(f"{parameter.arg}={code}")
        try:
            made = ast.parse(f"{cls.name}({', '.join(words)})", mode="eval").body
        except SyntaxError:
            raise NoPlan(
                f"the arguments of {cls.name} could not be worked out: write them in a `# probe:` comment"
            ) from None
        self._expression(path, made, NETWORK)

    def _initializer(self, cls: ast.ClassDef) -> Function | None:
        """The `__init__` of a class or of its nearest base in the file."""
        for _ in range(_DEEPEST):
            own = [one for one in cls.body if isinstance(one, Function) and one.name == "__init__"]
            if own:
                return own[0]
            known = {one.name: one for one in ast.walk(self.tree) if isinstance(one, ast.ClassDef)}
            parent = next((known[ast.unparse(base)] for base in cls.bases if ast.unparse(base) in known), None)
            if parent is None or parent is cls:
                return None
            cls = parent
        return None

    # a function that builds one

    def _factory(self, function: Function) -> None:
        """`build_model(cfg)`: called as the program does, else with what its signature tells."""
        self.out.line = function.lineno
        calls = [call for call in targets.calls_of(self.tree, function.name) if isinstance(call.func, ast.Name)]
        if calls:
            self._expression(slicing.around(self.tree, calls[0]), calls[0], NETWORK, pick=True)
            return
        words = []
        for parameter, default in arguments.parameters(function):
            if default is None or parameter.arg in self.wishes or downloads(parameter.arg, default):
                code = OFFLINE.get(parameter.arg) or self._proposed(parameter.arg, parameter.annotation, function)
                words.append(f"{parameter.arg}={code}")
        made = ast.parse(f"{function.name}({', '.join(words)})", mode="eval").body
        self._expression(slicing.around(self.tree, function), made, NETWORK, pick=True)


def _blocks(node: ast.AST) -> list[list[ast.stmt]]:
    return [block for name in ("body", "orelse", "finalbody") if isinstance(block := getattr(node, name, None), list)]


def _needs_nothing(cls: ast.ClassDef) -> bool:
    """Whether a class is made without arguments: all fields or parameters have defaults."""
    for one in cls.body:
        if isinstance(one, Function) and one.name == "__init__":
            return all(default is not None for _, default in arguments.parameters(one))
    fields = [one for one in cls.body if isinstance(one, ast.AnnAssign)]
    return all(one.value is not None for one in fields) and not targets.is_network(cls)
