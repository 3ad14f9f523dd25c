"""The program itself, as evidence: as `python FILE`, but with few rounds of training, and leaving nothing behind."""

from __future__ import annotations

import ast
import itertools
import os
import sys
import tempfile
from typing import Any, Dict

import torch

from . import places
from .answers import Answers
from .program import Program, offline, seed
from .running import stopped, uncertain, verdict_of
from .values import Tracer

Json = Dict[str, Any]
_ROUNDS = 2
"""Of each loop that trains: the second meets what the first has left, such as the state of an optimizer."""
_TRAINS = frozenset({"backward", "zero_grad"})
_CHANGES = (
    "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "os.chmod", "os.link", "os.symlink", "os.system",
    "os.exec", "os.posix_spawn", "os.spawn", "os.kill", "shutil.", "subprocess.Popen", "socket.connect", "socket.bind",
    "socket.getaddrinfo", "webbrowser.open", "sqlite3.connect",
)  # fmt: skip
_OF_FILES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.chmod", "shutil.", "sqlite3.connect")
"""Of these, what may be done to temporary files."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Refused(PermissionError):
    """The program would have changed something outside of itself."""


def result(request: Json, answers: Answers) -> Json:
    """How the program ends: the answer of a probe, with one run."""
    place = places.place(request.get("on") or "auto")
    program = Program(request)
    program.run(request.get("build") or [])
    tracer = Tracer(whole=True)
    record: Json = {"dtype": "", "verdict": "clean", "why": "the program runs", "failure": None, "notes": []}
    answers.stage("program")
    try:
        with tracer:
            _run(program)
    except Refused as error:
        record.update(verdict="not run", why=f"the program was not run to its end, because it {error}")
    except BaseException as error:
        if not (isinstance(error, SystemExit) and error.code in (None, 0)):
            found = stopped(error, "program", place)
            record.update(verdict=verdict_of(found), failure=found, why=found["message"].splitlines()[0])
    if record["verdict"] == "clean" and place.virtual and uncertain():
        record.update(verdict="uncertain", why=uncertain()[0])
    record["ran"] = tracer.ran()
    why = record.pop("why")
    return {
        "schema": 1,
        "verdict": record["verdict"],
        "why": why,
        "environment": places.environment(place),
        "runs": [record],
    }


def _run(program: Program) -> None:
    """Runs the file as the main module."""
    _Scratch.folder = os.path.realpath(program.request.get("scratch") or os.devnull)
    tempfile.tempdir = program.request.get("scratch")
    torch.save, torch.utils.data.DataLoader.__init__ = _save(torch.save), _in_this_process(torch.utils.data.DataLoader)
    program.module.__name__ = "__main__"
    program.namespace.update(
        __file__=program.file, __package__=program.request.get("package") or None, _probe_rounds=_rounds
    )
    sys.modules["__main__"] = program.module
    seed(program.request.get("seed"))
    tree = _Short().visit(offline(ast.parse(program.request["text"], program.file)))
    code = compile(ast.fix_missing_locations(tree), program.file, "exec")
    tempfile.gettempdir()  # which finds out by writing; optimizers ask for it
    sys.addaudithook(_only_looks)
    exec(code, program.namespace)


def _rounds(values: Any) -> Any:
    """The first values of a loop that trains."""
    return itertools.islice(values, _ROUNDS)


class _Short(ast.NodeTransformer):
    """Gives loops that train an early end; what others build, they build to the end."""

    def visit_For(self, node: ast.For) -> Any:
        """`for batch in loader:` as `for batch in _probe_rounds(loader):`."""
        self.generic_visit(node)
        if _trains(node):
            node.iter = ast.copy_location(ast.Call(ast.Name("_probe_rounds", ast.Load()), [node.iter], []), node.iter)
        return node

    def visit_While(self, node: ast.While) -> Any:
        """`while going:` as a loop over rounds that ends where the condition does."""
        self.generic_visit(node)
        if not _trains(node) or node.orelse:
            return node
        stop = ast.If(ast.UnaryOp(ast.Not(), node.test), [ast.Break()], [])
        ever = ast.Call(ast.Name("iter", ast.Load()), [ast.Name("int", ast.Load()), ast.Constant(1)], [])
        rounds = ast.Call(ast.Name("_probe_rounds", ast.Load()), [ever], [])
        loop = ast.For(ast.Name("_probe_round", ast.Store()), rounds, [stop, *node.body], [])
        return ast.copy_location(loop, node)


def _trains(loop: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in _TRAINS for node in ast.walk(loop))


class _Scratch:
    """The folder for temporary files, which is taken away after the run: what happens in there leaves no trace."""

    folder = ""

    @classmethod
    def holds(cls, *paths: Any, base: int = -1) -> bool:
        """Whether all paths lie in it; `base` is the number of an open folder that they begin at."""
        try:
            start = os.readlink(f"/proc/self/fd/{base}") if base >= 0 else ""
            whole = [os.path.realpath(os.path.join(start, os.fsdecode(path))) for path in paths]
        except OSError:
            return False
        return bool(whole) and all(path.startswith(cls.folder + os.sep) for path in whole)


def _only_looks(event: str, args: Any) -> None:
    """Refuses what would leave a trace: Python asks this before it opens, starts or connects anything."""
    if event == "open":
        path, mode, flags = args
        writes = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool((flags or 0) & _WRITES)
        if writes and not isinstance(path, int) and os.fspath(path) != os.devnull and not _Scratch.holds(path):
            raise Refused(f"opens {os.fspath(path)!r} for writing")
    elif event.startswith(_CHANGES):
        paths = [one for one in args if isinstance(one, (str, bytes, os.PathLike))]
        numbers = [one for one in args if isinstance(one, int)]
        in_files = event.startswith(_OF_FILES)
        if not (in_files and _Scratch.holds(*paths, base=numbers[-1] if numbers else -1)):
            raise Refused(f"calls {event}")


def _save(save: Any) -> Any:
    """`torch.save`, which writes files without asking Python."""

    def new_save(obj: Any, f: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(f, (str, os.PathLike)) and not _Scratch.holds(f):
            raise Refused(f"saves to {os.fspath(f)!r}")
        return save(obj, f, *args, **kwargs)

    return new_save


def _in_this_process(loader: Any) -> Any:
    """A loader's `__init__` that asks for no worker processes."""
    init = loader.__init__

    def new_init(self: Any, *args: Any, **kwargs: Any) -> None:
        for name in ("num_workers", "persistent_workers", "prefetch_factor", "timeout", "multiprocessing_context"):
            kwargs.pop(name, None)
        init(self, *args, **kwargs)

    return new_init
