"""The values of assignments in the user's own code, while the network runs."""

from __future__ import annotations

import ast
import linecache
import sys
from types import FrameType
from typing import Any, List, Tuple

import torch

from .failures import is_users
from .shown import device_name, dtype_name

_MOST = 4000
Statement = Tuple[int, int, List[str]]


class Tracer:
    """Entered around a run: notes each tensor that a line of the user's assigns, and what functions are given."""

    def __init__(self, whole: bool = False) -> None:
        self.whole = whole
        """Whether what a file does by itself counts too."""
        self.found: dict[tuple[str, int, str], dict[str, Any]] = {}
        self._ended: set[tuple[str, int]] = set()
        self._files: dict[str, dict[int, Statement] | None] = {}
        self._last: dict[int, Statement | None] = {}

    def __enter__(self) -> Tracer:
        self._before = sys.gettrace()
        sys.settrace(self._call)
        return self

    def __exit__(self, *exc: Any) -> None:
        sys.settrace(self._before)

    def records(self) -> list[dict[str, Any]]:
        """What was found, in the order of the lines."""
        return [self.found[key] for key in sorted(self.found)]

    def ran(self) -> dict[str, list[int]]:
        """The first lines of the statements that ran to their end, by file."""
        found: dict[str, list[int]] = {}
        for file, line in sorted(self._ended):
            found.setdefault(file, []).append(line)
        return found

    def _call(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code.co_filename not in self._files:
            self._files[code.co_filename] = _statements(code.co_filename) if is_users(code.co_filename) else None
        if self._files[code.co_filename] is None or (code.co_name == "<module>" and not self.whole):
            return None
        count = code.co_argcount + code.co_kwonlyargcount
        self._note(frame, code.co_firstlineno, list(code.co_varnames[:count]), "argument")
        self._last[id(frame)] = None
        return self._line

    def _line(self, frame: FrameType, event: str, argument: Any) -> Any:
        lines = self._files[frame.f_code.co_filename] or {}
        if event == "exception":
            self._last[id(frame)] = None  # the statement did not finish
            return self._line
        last = self._last.get(id(frame))
        now = lines.get(frame.f_lineno) if event == "line" else None
        if last is not None and (now is not last or frame.f_lineno == last[0]):
            self._note(frame, last[0], last[2], "assignment")
            if now is not last:  # a call of several lines comes back to the first before it is done
                self._ended.add((frame.f_code.co_filename, last[0]))
        self._last[id(frame)] = now
        if event == "return":
            self._last.pop(id(frame), None)
        return self._line

    def _note(self, frame: FrameType, line: int, names: list[str], kind: str) -> None:
        for name in names:
            value = _read(frame, name)
            if not isinstance(value, torch.Tensor) or len(self.found) > _MOST:
                continue
            key = frame.f_code.co_filename, line, name
            new = {
                "file": key[0],
                "line": line,
                "name": name,
                "device": device_name(value.device),
                "dtype": dtype_name(value.dtype),
                "shape": [int(size) for size in value.shape],
                "kind": kind,
                "changes": False,
            }
            old = self.found.setdefault(key, new)
            if any(old[part] != new[part] for part in ("device", "dtype", "shape")):
                old["changes"] = True


def _read(frame: FrameType, name: str) -> Any:
    """A local, or `self.something` of one."""
    first, _, attribute = name.partition(".")
    value = frame.f_locals.get(first)
    if attribute and isinstance(value, torch.nn.Module):
        for place in (value._buffers, value._parameters, vars(value)):
            if attribute in place:
                return place[attribute]
        return None
    return None if attribute else value


def _statements(file: str) -> dict[int, Statement]:
    """For each line, the statement that stands on it, and what it assigns."""
    found: dict[int, Statement] = {}
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):
        return found
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            statement = (node.lineno, node.end_lineno or node.lineno, [name for one in targets for name in _names(one)])
            for line in range(statement[0], statement[1] + 1):
                found[line] = statement
        elif isinstance(node, (ast.For, ast.With)):
            places = [node.target] if isinstance(node, ast.For) else [one.optional_vars for one in node.items]
            names = [name for one in places if one is not None for name in _names(one)]
            found.setdefault(node.lineno, (node.lineno, node.lineno, names))
        elif isinstance(node, (ast.Expr, ast.Return, ast.Assert, ast.If, ast.While)):
            end = node.test if isinstance(node, (ast.If, ast.While)) else node
            last = end.end_lineno or node.lineno
            found.update(dict.fromkeys(range(node.lineno, last + 1), (node.lineno, last, [])))
    return found


def _names(target: ast.AST) -> list[str]:
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for one in target.elts for name in _names(one)]
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return [f"{target.value.id}.{target.attr}"]
    return []
