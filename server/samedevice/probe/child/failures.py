"""From an exception to an answer: what kind it is, on which line of the user's, in which layer, with what."""

from __future__ import annotations

import ast
import linecache
import os
import re
import site
import sys
import sysconfig
import traceback
from types import FrameType, TracebackType
from typing import Any, Iterator

_HERE = os.path.dirname(os.path.abspath(__file__))
_LIBRARIES = tuple(
    os.path.realpath(one) + os.sep
    for one in {
        sysconfig.get_paths()["stdlib"],
        sysconfig.get_paths()["purelib"],
        sysconfig.get_paths()["platlib"],
        site.getusersitepackages() if site.ENABLE_USER_SITE else _HERE,
        _HERE,
    }
)

_DEVICE = (
    r"same device|two devices|not at the same device|device type tensor to numpy|either on cpu or on the same device"
    r"|torch\.cuda\.\w+Tensor\)? and (weight|bias) type \(torch\.\w+Tensor|should be on the same device|DeviceType"
    r"|device type for generator|different devices|on different GPUs|expected device|same device type"
    r"|'CUDA' backend|is_cuda\(\)|CPU Scalar support|Expected self and other tensors|not on the expected device"
    r"|to be on cpu"
    r"|(lengths|indices).{0,40}should be .{0,20}CPU|type \(torch\.\w+Tensor\) and (weight|bias) type \(torch\.cuda"
    r"|device mismatch|dense CPU tensors can be pinned|should be on (cpu|cuda)|be a 1D CPU int64 tensor"
)
_DTYPE = (
    r"dtype|scalar type|not implemented for '|scalar types|Input type \(|result type|boolean (mask|tensor)|BoolTensor"
    r"|must be long, int|floating.point|index tensor of type|unscale FP16|unsafe to autocast|ScalarType|bool tensor"
)
_SHAPE = (
    r"shapes? cannot be multiplied|size mismatch|must match the size|expected input\[|channels|[1-6]D (or|\()|[1-6]-D"
    r"|dimension"
    r"|shape|size of tensor|Sizes of tensors|input\.size|Expected .* elements|stack expects|kernel size"
    r"|invalid for input of size"
    r"|index out of range|out of bounds|too many (values|indices)|not enough values|expected sequence of length"
    r"|divisible|Number of indices"
)
_MEMORY = r"out of memory|can't allocate memory|not enough memory"


def kind_of(error: BaseException) -> str:
    """One word for what went wrong."""
    text, name = str(error), type(error).__name__
    if isinstance(error, MemoryError) or "OutOfMemory" in name or re.search(_MEMORY, text):
        return "memory"
    if isinstance(error, SystemExit):
        return "exit"
    if isinstance(error, ImportError):
        return "import"
    if isinstance(error, SyntaxError):
        return "syntax"
    for kind, pattern in (("device", _DEVICE), ("dtype", _DTYPE), ("shape", _SHAPE)):
        if re.search(pattern, text) and not isinstance(error, (AttributeError, NameError)):
            return kind
    return "other"


def is_users(file: str) -> bool:
    """Whether a file is the user's own: no library, nothing of ours."""
    if not file or file.startswith("<"):
        return False
    real = os.path.realpath(file)
    return not real.startswith(_LIBRARIES) and "site-packages" not in real and "dist-packages" not in real


def users_line(frame: FrameType | None) -> tuple[str | None, int | None]:
    """The innermost line of the user's that is being run."""
    while frame is not None:
        if is_users(frame.f_code.co_filename):
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return None, None


def place_of(error: BaseException) -> tuple[str, int] | None:
    """The user's innermost line that an exception went through."""
    own = [(frame.f_code.co_filename, line) for frame, line in _frames(error.__traceback__)]
    own = [one for one in own if is_users(one[0])]
    return own[-1] if own else None


def failure(error: BaseException, stage: str, layer: str | None = None) -> dict[str, Any]:
    """The whole answer about an exception."""
    frames = list(_frames(error.__traceback__))
    own = [(frame, line) for frame, line in frames if is_users(frame.f_code.co_filename)]
    found: dict[str, Any] = {
        "kind": kind_of(error),
        "error": type(error).__name__,
        "message": message(error),
        "stage": stage,
        "layer": layer,
        "file": None,
        "line": None,
        "text": "",
        "operands": [],
        "traceback": [_frame(frame, line) for frame, line in frames if not _ours(frame)][-60:],
        "certain": True,
        "note": "",
    }
    if own:
        frame, line = own[-1]
        found.update(file=frame.f_code.co_filename, line=line, text=_text(frame, line), operands=_operands(frame, line))
        inner = [one for one, _ in frames[frames.index(own[-1]) + 1 :]]
        found["operands"] += _weight(frame, line, inner, found["kind"], found["operands"])
    if isinstance(error, SyntaxError) and error.filename and is_users(error.filename):
        found.update(file=error.filename, line=error.lineno, text=(error.text or "").strip())
    return found


def message(error: BaseException) -> str:
    """What the exception says; the stand-in of the virtual device has the device's name."""
    text = str(error) or type(error).__name__
    if "_samedevice_probe.virtual" in sys.modules and isinstance(error, (RuntimeError, TypeError, ValueError)):
        text = re.sub(r"\bmeta\b(?= DeviceType)", "cuda", text)
        text = text.replace("torch.meta.", "torch.cuda.")
        text = re.sub(r"\bmeta\b(:0)?", "cuda:0", text)
    return text[:4000]


def _frames(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _ours(frame: FrameType) -> bool:
    return os.path.realpath(frame.f_code.co_filename).startswith(_HERE + os.sep)


def _frame(frame: FrameType, line: int) -> dict[str, Any]:
    return {
        "file": frame.f_code.co_filename,
        "line": line,
        "function": frame.f_code.co_name,
        "text": _text(frame, line),
    }


def _text(frame: FrameType, line: int) -> str:
    return linecache.getline(frame.f_code.co_filename, line, frame.f_globals).strip()


def _operands(frame: FrameType, line: int) -> list[dict[str, Any]]:
    """The tensors that the line names, as they are."""
    if "torch" not in sys.modules:
        return []
    import torch

    from .shown import shown

    found: dict[str, dict[str, Any]] = {}
    for node in ast.walk(_statement(frame, line)):
        if isinstance(node, (ast.Name, ast.Attribute)):
            value = _look_up(node, frame)
            if isinstance(value, torch.Tensor):
                found.setdefault(_name(node), dict(shown(value), name=_name(node)))
    return list(found.values())[:8]


def _weight(
    frame: FrameType, line: int, inner: list[FrameType], kind: str, operands: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The weight that is unlike the line's tensors, of the layer in which the line stopped."""
    if kind not in ("device", "dtype") or not operands:
        return []
    import torch

    from .shown import shown

    layers = [one for one in (each.f_locals.get("self") for each in inner) if isinstance(one, torch.nn.Module)]
    for layer in reversed(layers):
        name = _called(frame, line, layer)
        for own, value in [*layer._parameters.items(), *layer._buffers.items()] if name else ():
            if value is not None and shown(value)[kind] not in [one[kind] for one in operands]:
                return [dict(shown(value), name=f"{name}.{own}", layer=name)]
    return []


def _called(frame: FrameType, line: int, layer: Any) -> str:
    """What a line calls a layer: `self.conv`, `self.body.0` inside of a container."""
    import torch

    for node in ast.walk(_statement(frame, line)):
        holder = _look_up(node, frame)
        for path, one in holder.named_modules() if isinstance(holder, torch.nn.Module) else ():
            if one is layer and not (isinstance(node, ast.Name) and node.id == "self"):
                return f"{_name(node)}.{path}" if path else _name(node)
    return ""


def _statement(frame: FrameType, line: int) -> ast.AST:
    """The statement of a line, parsed; the lines after it are added until it is whole."""
    lines: list[str] = []
    for number in range(line, line + 12):
        lines.append(linecache.getline(frame.f_code.co_filename, number, frame.f_globals))
        text = "".join(lines).strip()
        for candidate in (text, text.rstrip(":") if text.endswith(":") else text + "\n    pass"):
            try:
                return ast.parse(
                    re.sub(r"^(if|elif|while) (.*)$", r"\2", candidate) if candidate != text else candidate
                )
            except SyntaxError:
                continue
    return ast.Module(body=[], type_ignores=[])


def _look_up(node: ast.AST, frame: FrameType) -> Any:
    """A name's value, or an attribute's where reading it runs no code of the user's."""
    import torch

    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    if isinstance(node, ast.Attribute):
        owner = _look_up(node.value, frame)
        if isinstance(owner, torch.nn.Module):
            for place in (owner._parameters, owner._buffers, owner._modules, vars(owner)):
                if node.attr in place:
                    return place[node.attr]
    return None


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else f"{_name(node.value)}.{node.attr}"  # type: ignore[attr-defined]


def short(error: BaseException) -> str:
    """One line about an exception."""
    return f"{type(error).__name__}: {message(error).splitlines()[0][:300]}"


def printed(error: BaseException) -> str:
    """A whole traceback, for faults of our own."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))
