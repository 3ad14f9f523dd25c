"""What names of libraries mean: imports, the prelude, and calls of library functions."""

from __future__ import annotations

import ast
import builtins
import sys

from samedevice.interpret import calls, classes, constants, network_methods, prelude, projects, tensors
from samedevice.interpret.context import Arguments, Run
from samedevice.interpret.registry import NATIVES
from samedevice.ops import table
from samedevice.values.unknown import Unknown, Why
from samedevice.values.value import Const, Library, Ref, Value

OUTSIDE = Unknown(Why.OUTSIDE)
KNOWN_ROOTS = frozenset(sys.stdlib_module_names) | {
    "torch",
    "numpy",
    "torchvision",
    "torchaudio",
    "einops",
    "safetensors",
    "builtins",
    "scipy",
    "pandas",
    "sklearn",
    "matplotlib",
    "PIL",
    "cv2",
    "tqdm",
    "pytorch_lightning",
    "lightning",
    "transformers",
}
_ALIASES = {
    "torch.nn.functional.Tensor": "torch.Tensor",
    "torch.nn.parameter.Parameter": "torch.nn.Parameter",
    "torch.nn.modules.module.Module": "torch.nn.Module",
    "torch.nn.modules.Module": "torch.nn.Module",
    "torch.autograd.no_grad": "torch.no_grad",
    "torch.autograd.grad_mode.no_grad": "torch.no_grad",
    "torch.cuda.amp.autocast_mode.autocast": "torch.cuda.amp.autocast",
    "torch.optim.optimizer.Optimizer": "torch.optim.Optimizer",
    "torch.utils.data.dataset.Dataset": "torch.utils.data.Dataset",
    "torch.utils.data.dataloader.DataLoader": "torch.utils.data.DataLoader",
    "torch.optim.lr_scheduler._LRScheduler": "torch.optim.lr_scheduler.LRScheduler",
}
_LOOKERS = (
    "print",
    "wandb",
    "logging",
    "logger",
    "log",
    "tqdm",
    "writer",
    "warnings",
    "torchsummary",
    "torchinfo",
    "summary",
    "pprint",
    "plt",
    "matplotlib",
    "json",
    "os",
    "sys",
    "time",
    "tensorboard",
    "torch.save",
    "torch.utils.tensorboard",
)
_MAPPINGS = (
    "builtins.dict",
    "collections.OrderedDict",
    "collections.UserDict",
    "collections.abc.Mapping",
    "collections.abc.MutableMapping",
    "typing.Dict",
    "typing.Mapping",
)
"""What an instance of a subclass of dict is an instance of."""


def canonical(name: str) -> str:
    """The public name of something that has several."""
    if name in _ALIASES:
        return _ALIASES[name]
    if name.startswith("torch.nn.modules."):
        parts = name.split(".")
        if len(parts) == 5:
            return f"torch.nn.{parts[4]}"
    return name


def module(run: Run, name: str) -> Value:
    """`import name`."""
    root = name.split(".")[0]
    if root in KNOWN_ROOTS:
        return Library(name)
    found = projects.module(run, name, 0)
    return found if found is not None else Unknown(Why.NOT_RESOLVED, f"module {name}", name)


def member(run: Run, node: ast.ImportFrom, name: str) -> Value:
    """`from module import name`."""
    base = node.module or ""
    if node.level == 0 and base.split(".")[0] in KNOWN_ROOTS:
        if base == "__future__":
            return Const(None)
        return attribute(run, base, name)
    found = projects.member(run, base, node.level, name)
    if found is not None:
        return found
    return Unknown(Why.NOT_RESOLVED, f"module {'.' * node.level}{base}.{name}", name)


def star(run: Run, node: ast.ImportFrom) -> None:
    """`from module import *`: names are found when they are used."""
    base = node.module or ""
    if node.level == 0 and base.split(".")[0] in KNOWN_ROOTS:
        run.stars.append(base)
        return
    projects.star(run, base, node.level)


def attribute(run: Run, base: str, name: str) -> Value:
    """`library.name`."""
    full = canonical(f"{base}.{name}")
    constant = constants.find(full)
    if constant is not None:
        return constant
    found = prelude.find(run, full)
    if found is None and base in _MAPPINGS:
        cls = as_class(run, Library(base))
        found = classes.lookup(run, cls.address, name) if isinstance(cls, Ref) else None
    return found if found is not None else Library(full)


def as_class(run: Run, value: Value) -> Value:
    """The class that a library name means, where we have its text."""
    if isinstance(value, Library):
        found = prelude.find(run, "builtins.dict" if value.name in _MAPPINGS else value.name)
        if found is not None:
            return found
    return value


def outer_name(run: Run, name: str) -> Value:
    """A name that no scope binds: a builtin, or in the prelude a name of its module."""
    if run.frame.library:
        found = projects.name_in(run, name)
        if found is None and prelude.is_ours(run.frame.source.path):
            found = prelude.name_in(run, name)
        if found is not None:
            return found
    if hasattr(builtins, name) or name == "reveal_type":
        constant = constants.find(f"builtins.{name}")
        return constant if constant is not None else Library(f"builtins.{name}")
    for base in run.stars:
        full = f"{base}.{name}"
        if provides(full):
            return attribute(run, base, name)
    return Unknown(Why.NOT_FOUND, f"global {name}", name)


def call(run: Run, node: ast.AST, name: str, arguments: Arguments) -> Value:
    """The value of calling something of a library."""
    native = NATIVES.get(name)
    if native is not None:
        return native(run, node, arguments)
    if name.startswith("torch.nn.Module.") and arguments.positional:
        rest = Arguments(
            arguments.positional[1:], arguments.keywords, arguments.nodes[1:], arguments.keyword_nodes, arguments.open
        )
        receiver = arguments.positional[0]
        if isinstance(receiver, Ref):
            return network_methods.native(run, node, receiver, name.rsplit(".", 1)[1], rest)
    if table.known(name):
        return tensors.operation(run, node, name, arguments)
    found = prelude.find(run, name)
    if found is not None and found != Library(name):
        return calls.apply(run, node, found, arguments)
    return _outside(run, node, name, arguments)


def _outside(run: Run, node: ast.AST, name: str, arguments: Arguments) -> Value:
    """A call we know nothing of; functions given to it are not run."""
    if is_exception(name):
        return OUTSIDE
    calls.forget(run, node, arguments, name)
    return OUTSIDE


def provides(full: str) -> bool:
    """Whether we know that a library has a name."""
    return full in NATIVES or table.known(full) or prelude.exists(full) or constants.find(full) is not None


def is_exception(name: str) -> bool:
    """Whether a library name is an exception class."""
    if name.startswith("builtins."):
        found = getattr(builtins, name[9:], None)
        return isinstance(found, type) and issubclass(found, BaseException)
    return False


def only_looks(name: str) -> bool:
    """Whether a function we do not see only reads what it is given."""
    name = name.removeprefix("builtins.").removeprefix("self.")
    return name.startswith(_LOOKERS)
