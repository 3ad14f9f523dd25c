"""The example programs, and how an answer of the checker is measured against what PyTorch did with them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "programs"
BUGGY_FAMILIES = ("device", "dtype", "misc")
FAILING = ("error", "warning")

CONCRETE = re.compile(r"^(cpu|meta|(cuda|mps|xpu|hpu|npu|xla)(:\d+)?)$")
DTYPES = re.compile(r"^(bool|u?int\d+|bfloat16|b?float\d+\w*|complex\d+|q?u?int\d+)$")


@dataclass(frozen=True)
class Program:
    """One example: its folder, what `case.json` says, and its texts (`buggy` and `fixed`, or `ok`)."""

    folder: Path

    @property
    def family(self) -> str:
        return self.folder.parent.name

    @property
    def id(self) -> str:
        return f"{self.family}/{self.folder.name}"

    @property
    def buggy(self) -> bool:
        return self.family in BUGGY_FAMILIES

    @property
    def texts(self) -> list[str]:
        """The names of its files, without `.py`."""
        return ["buggy", "fixed"] if self.buggy else ["ok"]

    @cached_property
    def case(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "case.json").read_text(encoding="utf-8")))

    @property
    def machine(self) -> str:
        """The assumed machine on which the program shows what it was written to show."""
        return "mps" if self.case.get("needs") == "mps" else "cuda"

    @property
    def lines(self) -> list[int]:
        """The lines that a finding may stand at."""
        return [self.case["raise_line"], *self.case.get("cause_lines", []), *self.case.get("other_bug_lines", [])]

    def path(self, text: str) -> Path:
        return self.folder / f"{text}.py"

    def trace(self, text: str) -> dict[str, Any]:
        return dict(json.loads((self.folder / f"trace.{text}.json").read_text(encoding="utf-8")))


def programs() -> list[Program]:
    """All example programs, in order."""
    return [Program(path.parent) for path in sorted(FOLDER.glob("*/*/case.json"))]


def failing(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings for which `check` fails."""
    return [finding for finding in findings if finding["severity"] in FAILING]


def is_found(program: Program, findings: Iterable[dict[str, Any]]) -> bool:
    """Whether a finding stands within a line of where the program raises or of a cause."""
    return any(abs(finding["line"] - line) <= 1 for finding in failing(findings) for line in program.lines)


@dataclass
class Tally:
    """How what was inferred compares with what was recorded, over tensor-valued targets."""

    total: int = 0
    known: int = 0
    """Both device and dtype."""
    wrong: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    shapes_known: int = 0
    shapes_wrong: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.total += other.total
        self.known += other.known
        self.wrong += other.wrong
        self.unknown += other.unknown
        self.shapes_known += other.shapes_known
        self.shapes_wrong += other.shapes_wrong


def compare(trace: dict[str, Any], inferred: list[dict[str, Any]], where: str = "") -> Tally:
    """The tally of one file: each recorded target once, against what `infer --output-format json` said of it."""
    tally = Tally()
    for (line, name, kind), rows in _targets(trace).items():
        answers = [entry for entry in inferred if _is_about(entry, line, name, kind)]
        _count(tally, rows, answers, trace["devices"], f"{where}:{line} {name} ({kind})")
    return tally


def _targets(trace: dict[str, Any]) -> dict[tuple[int, str, str], list[tuple[str, str, list[int]]]]:
    targets: dict[tuple[int, str, str], list[tuple[str, str, list[int]]]] = {}
    for line, _column, name, kind, device, dtype, shape in trace["rows"]:
        key = (line, name, kind)
        targets.setdefault(key, []).append((device, dtype, shape))
    return targets


def _is_about(entry: dict[str, Any], line: int, name: str, kind: str) -> bool:
    """Whether an answer is about a recorded target; a `return` is named after its expression."""
    if entry["line"] != line or (entry["kind"] == "return" and kind != "return"):
        return False
    return _squeezed(entry["name"]) == _squeezed(name)


def _squeezed(name: str) -> str:
    """A name without blanks, as far as recordings keep it."""
    return "".join(name.split())[:100]


def _count(
    tally: Tally,
    rows: list[tuple[str, str, list[int]]],
    answers: list[dict[str, Any]],
    devices: dict[str, list[str]],
    where: str,
) -> None:
    tally.total += 1
    seen = "; ".join(f"{device} {dtype} {shape}" for device, dtype, shape in rows[:3])
    for answer in answers:
        said = f"{answer.get('device')} {answer.get('dtype')} {answer.get('shape')}"
        if not _fits(rows, answer, devices):
            tally.wrong.append(f"{where}: said {said}, was {seen}")
        if answer.get("shape") is not None and not any(_shape_fits(shape, answer["shape"]) for _, _, shape in rows):
            tally.shapes_wrong.append(f"{where}: said {said}, was {seen}")
    tally.shapes_known += bool(answers) and all(answer.get("shape") is not None for answer in answers)
    if answers and all(answer.get("device") and answer.get("dtype") for answer in answers):
        tally.known += 1
    else:
        said = "; ".join(f"{a.get('device')} {a.get('dtype')} = {a.get('text')}" for a in answers) or "nothing"
        tally.unknown.append(f"{where}: said {said}, was {seen}")


def _fits(rows: list[tuple[str, str, list[int]]], answer: dict[str, Any], devices: dict[str, list[str]]) -> bool:
    """Whether some recorded value is what was said; what was not said fits."""
    return any(
        _device_fits(device, answer.get("device"), devices) and _dtype_fits(dtype, answer.get("dtype"))
        for device, dtype, _ in rows
    )


def _device_fits(device: str, said: str | None, devices: dict[str, list[str]]) -> bool:
    """A symbol fits unless the recording knows it and it was another device."""
    if said is None:
        return True
    if CONCRETE.match(said):
        return _indexed(said) == _indexed(device)
    return said not in devices or _indexed(device) in devices[said]


def _indexed(device: str) -> str:
    return device if device in ("cpu", "meta") or ":" in device else f"{device}:0"


def _dtype_fits(dtype: str, said: str | None) -> bool:
    return said is None or not DTYPES.match(said) or said == dtype


def _shape_fits(shape: list[int], said: list[int | str | None]) -> bool:
    if len(shape) != len(said):
        return False
    return all(not isinstance(size, int) or size == true for true, size in zip(shape, said, strict=True))
