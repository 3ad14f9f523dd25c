"""Tracebacks as people paste them: Python's, IPython's, with colours, prefixes of a logger, or cut short."""

from __future__ import annotations

import re

from samedevice.dataclass import dataclass

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PYTHON = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<function>\S+))?')
_IPYTHON = re.compile(
    r"^(?:File )?(?P<file>(?:[A-Za-z]:)?[^\s:]+\.(?:py|ipynb)):(?P<line>\d+),? in (?P<function>[\w.<>]+)"
)
_CELL = re.compile(r"(?P<file>Cell In\[\d+\]|<ipython-input-[^>]+>)[^\n]*?line:? (?P<line>\d+)")
_ERROR = re.compile(r"(?:^|[\s:\]|])(?P<type>(?:[\w.]+\.)?\w*(?:Error|Exception|Failure)): (?P<message>.+)")
_DEVICE = (
    "same device",
    "on device",
    "different device",
    "found two devices",
    "at least two devices",
    "backend CPU",
    "backend CUDA",
    "device type",
    "torch.cuda.FloatTensor",
    "torch.cuda.HalfTensor",
    "torch.cuda.",
    "deserialize object on",
    "convert cuda",
    "convert mps",
    "pinned",
    "not compiled with CUDA",
    "map_location",
    "re-initialize CUDA",
    "meta tensor",
    "1D CPU int64",
    "different metadata",
    "Invalid device",
    "Placeholder storage",
    "must be CUDA",
)
_DTYPE = (
    "dtype",
    "scalar type",
    "same dtype",
    "ScalarType",
    "datatype",
    "should be the same",
    "bool tensor",
    "boolean",
    "floating point",
    "Long",
    "Half",
    "Double",
    "BFloat16",
    "float64",
)
_MEMORY = ("out of memory", "illegal memory access", "device-side assert")


@dataclass(frozen=True, slots=True)
class Place:
    """A frame: a file as it was written, and a line."""

    file: str
    line: int
    function: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a text says."""

    places: tuple[Place, ...]
    """The frames, the innermost last."""
    error: str = ""
    message: str = ""

    @property
    def kind(self) -> str:
        """What PyTorch complains of: device, dtype, memory, or "" for something else."""
        for kind, words in (("memory", _MEMORY), ("device", _DEVICE), ("dtype", _DTYPE)):
            if any(word in self.message for word in words):
                return kind
        return ""


def read(text: str) -> Pasted:
    """The frames and the error of a pasted text."""
    places: list[Place] = []
    error = message = ""
    for line in _COLOUR.sub("", text).splitlines():
        match = _PYTHON.search(line) or _IPYTHON.match(line.strip()) or _CELL.search(line)
        if match:
            number = int(match["line"]) if len(match["line"]) < 9 else 0
            places.append(Place(match["file"], number, match.groupdict().get("function") or ""))
            continue
        found = _ERROR.search(line)
        if found:
            error, message = found["type"].rpartition(".")[2], found["message"].strip()
    if not message:
        # People also paste the last line without the error's name.
        last = next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
        pasted = Pasted((), "", last)
        message = last if pasted.kind else ""
    return Pasted(tuple(places), error, message)
