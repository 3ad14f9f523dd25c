"""Cases written as Markdown: Python blocks whose comments say what is found in them.

    python tests/literate.py FILE.md …    prints what differs

The form is described in docs/architecture.md; `tests/cases` is full of examples.
"""

from __future__ import annotations

import ast
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from samedevice.features.check import check
from samedevice.features.fixes import fix_all
from samedevice.features.show import text as shown
from samedevice.findings import Finding
from samedevice.interpret.analysis import Analysis, Revealed
from samedevice.interpret.run import analyse
from samedevice.settings import Settings, from_mapping
from samedevice.syntax.source import SourceFile

MAIN = "case.py"
IMPORTS = {
    "torch": "import torch",
    "nn": "import torch.nn as nn",
    "F": "import torch.nn.functional as F",
    "np": "import numpy as np",
}
"""What a snippet may use without importing it."""

_COMMENT = re.compile(r"\s*#\s*(error|warning|information|hint|revealed)\s*:.*$")
_MARKER = re.compile(
    r"#\s*(?P<severity>error|warning|information|hint)\s*:"
    r"\s*(?:\[(?P<rule>[\w-]+)\])?"
    r"\s*(?:(?P<ticks>`+)\s?(?P<code>.*?)\s?(?P=ticks))?"
    r"\s*(?:\"(?P<message>.*?)\")?\s*(?=$|#)"
)
_REVEALED = re.compile(r"#\s*revealed\s*:\s*(?P<text>.*)$")
_FENCE = re.compile(r"^(?P<fence>`{3,})\s*(?P<info>[^`]*)$")
_FILE = re.compile(r"^`(?P<name>[\w./-]+\.py)`:\s*$")


@dataclass(frozen=True)
class Marker:
    """A comment that promises a finding on its line; None where it says nothing."""

    line: int
    severity: str
    """`error` stands for any severity."""
    rule: str | None
    code: str | None
    message: str | None


@dataclass(frozen=True)
class Block:
    """A Python block, its comments taken apart."""

    text: str
    """Without the markers."""
    line: int
    """Where it begins in the Markdown."""
    markers: tuple[Marker, ...]
    revealed: tuple[tuple[int, str], ...]
    """Lines and what `reveal_type` prints on them."""


@dataclass
class Case:
    """One program under a heading, with what is expected of it."""

    title: str
    path: Path
    main: Block
    fixed: Block | None = None
    others: dict[str, Block] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    problems: list[str] = field(default_factory=list)
    """What is wrong with the way it is written."""

    @property
    def buggy(self) -> bool:
        """Whether something that PyTorch refuses is promised in it."""
        return any(marker.severity in ("error", "warning") for marker in self.main.markers)


def cases(path: Path, text: str | None = None, rule: str | None = None) -> list[Case]:
    """The cases of a Markdown file or text; markers without a rule mean `rule`."""
    found: list[Case] = []
    title, section, name = "", _Section(), None
    for kind, line, content in _parts(path.read_text(encoding="utf-8") if text is None else text):
        if kind == "heading":
            section.close()
            title, section, name = content, _Section(), None
        elif kind == "file":
            name = content
        elif kind == "toml":
            section.settings = from_mapping(tomllib.loads(content), (), str)
        elif kind == "python" and name:
            section.others[name] = _block(content, line, rule)
            name = None
        elif kind == "python":
            number = f" ({len(section.cases) + 1})" if section.cases else ""
            section.cases.append(Case(title + number, path, _block(content, line, rule)))
            found.append(section.cases[-1])
        elif kind == "python fixed" and section.cases:
            section.cases[-1].fixed = _block(content, line, rule)
        elif kind.startswith("python") and section.cases:
            section.cases[-1].problems.append(f"line {line}: no meaning of a block fenced `{kind}`")
    section.close()
    return found


@dataclass
class _Section:
    """What stands under one heading."""

    cases: list[Case] = field(default_factory=list)
    others: dict[str, Block] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def close(self) -> None:
        """Other files and settings are those of all cases under the heading."""
        for case in self.cases:
            case.others, case.settings = self.others, self.settings


def _parts(text: str) -> Iterator[tuple[str, int, str]]:
    """Headings, names of files and fenced blocks of a Markdown text: kind, line, content."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line, at = lines[at], at + 1
        if fence := _FENCE.match(line):
            start = at
            while at < len(lines) and lines[at].strip() != fence["fence"]:
                at += 1
            yield fence["info"].strip(), start, "\n".join(lines[start:at])
            at += 1
        elif heading := re.match(r"^#+\s+(.*)$", line):
            yield "heading", at, heading[1].strip()
        elif file := _FILE.match(line):
            yield "file", at, file["name"]


def _block(content: str, line: int, rule: str | None) -> Block:
    """A block with its markers taken out."""
    lines, markers, revealed = [], [], []
    for number, written in enumerate(content.split("\n"), 1):
        clean = _COMMENT.sub("", written)
        lines.append(clean)
        comment = written[len(clean) :]
        markers += [
            Marker(number, m["severity"], m["rule"] or rule, m["code"], m["message"]) for m in _MARKER.finditer(comment)
        ]
        if shown_there := _REVEALED.search(comment):
            revealed.append((number, shown_there["text"].strip()))
        if comment and not shown_there and not _MARKER.search(comment):
            markers.append(Marker(number, "a marker that reads", rule, comment.strip(), None))
    return Block("\n".join(lines), line, tuple(markers), tuple(revealed))


def header(text: str) -> str:
    """A line that imports what a snippet uses and does not import; it ends without a line break, or is empty."""
    if "from __future__" in text:
        return ""
    bound = _bound_by_imports(text)
    used = [name for name in IMPORTS if name not in bound and re.search(rf"(?<![\w.]){name}\.", text)]
    return "; ".join(IMPORTS[name] for name in used)


def _bound_by_imports(text: str) -> set[str]:
    """The names that the import statements of a text bind; the text need not parse."""
    bound = set()
    for first, names in re.findall(r"^\s*(import|from\s+[\w.]+\s+import)\s+(.+)$", text, re.M):
        for name in re.sub(r"[()]", "", names).split(","):
            path, _, alias = name.partition(" as ")
            whole = path.strip() if first != "import" else path.strip().split(".")[0]
            bound.add(alias.strip() or whole)
    return bound


def program(block: Block) -> str:
    """The text that is checked or run: one line of imports, then the block."""
    return f"{header(block.text)}\n{block.text}\n"


def run(case: Case) -> list[str]:
    """What differs from what the case promises, as sentences."""
    if not case.others:
        return case.problems + _run(case, Path("/nowhere"))
    with tempfile.TemporaryDirectory() as folder:
        blocks = {MAIN: case.main, **case.others}
        for name, block in blocks.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(program(block), encoding="utf-8")
        others = [
            f"{name}: {problem}"
            for name, block in case.others.items()
            for problem in _compared(block, *_checked(Path(folder, name), block, case.settings))
        ]
        return case.problems + _run(case, Path(folder)) + others


def _run(case: Case, folder: Path) -> list[str]:
    findings, analysis = _checked(folder / MAIN, case.main, case.settings)
    problems = _compared(case.main, findings, analysis)
    if case.fixed:
        problems += _compared_text(case.fixed, _mended(case, folder / MAIN), header(case.main.text))
    return problems


def _mended(case: Case, file: Path) -> str:
    """The text after the first fix of every finding."""
    return fix_all(SourceFile(str(file), program(case.main)), case.settings)[0]


def _checked(file: Path, block: Block, settings: Settings) -> tuple[list[Finding], Analysis]:
    """The findings in one file, and all that is known of it."""
    source = SourceFile(str(file), program(block))
    found = check(source, settings).findings
    return [finding for finding in found if finding.source.path == source.path], analyse(source, settings)


def _compared(block: Block, findings: list[Finding], analysis: Analysis) -> list[str]:
    """Findings against markers, revealed values against what is written."""
    left = list(block.markers)
    problems = []
    for finding in sorted(findings, key=lambda f: f.span):
        marker = next((marker for marker in left if _fits(marker, finding)), None)
        if marker:
            left.remove(marker)
        else:
            problems.append(f"{_where(block, finding.span.line - 1)}: not expected: {_said(finding)}")
    problems += [f"{_where(block, marker.line)}: expected, not found: {_promised(marker)}" for marker in left]
    return problems + _compared_values(block, analysis)


def _compared_values(block: Block, analysis: Analysis) -> list[str]:
    revealed: dict[int, list[str]] = {}
    for fact in analysis.all(Revealed):
        values = revealed.setdefault(fact.node.lineno - 1, [])  # type: ignore[attr-defined]  # a located node
        if (value := shown(fact.value, getattr(analysis, "describe", None))) not in values:
            values.append(value)
    promised = dict(block.revealed)
    problems = []
    for line in sorted({*revealed, *promised, *_reveal_lines(block)}):
        printed = " | ".join(revealed.get(line, ["nothing: the line was not reached"]))
        if printed != promised.get(line):
            problems.append(f"{_where(block, line)}: revealed: {printed}, promised: {promised.get(line)}")
    return problems


def _reveal_lines(block: Block) -> list[int]:
    return [n for n, line in enumerate(block.text.split("\n"), 1) if re.match(r"\s*reveal_type\(", line)]


def _fits(marker: Marker, finding: Finding) -> bool:
    """Whether a finding is the promised one."""
    return (
        marker.line == finding.span.line - 1
        and marker.severity in ("error", finding.severity.value)
        and marker.rule in (None, finding.rule)
        and marker.code in (None, finding.source.text_at(finding.span))
        and (marker.message is None or marker.message in finding.message)
    )


def _where(block: Block, line: int) -> str:
    return f"line {block.line + line}"


def _said(finding: Finding) -> str:
    code = finding.source.text_at(finding.span)
    return f'{finding.severity.value}: [{finding.rule}] `{code}` "{finding.message}"'


def _promised(marker: Marker) -> str:
    code = f" `{marker.code}`" if marker.code else ""
    message = f' "{marker.message}"' if marker.message else ""
    return f"{marker.severity}: [{marker.rule}]{code}{message}"


def _compared_text(promised: Block, text: str, added: str) -> list[str]:
    """The text after the fixes, less the line of imports that was added, against the block that promises it."""
    lines = [line.rstrip() for line in text.strip().split("\n")]
    if added and lines[0] == added:
        lines = lines[1:]
    wanted = [line.rstrip() for line in promised.text.strip().split("\n")]
    if "\n".join(lines).strip() == "\n".join(wanted):
        return []
    ast_note = "" if _parses(text) else " (and does not parse)"
    return [f"line {promised.line}: the text after the fixes is{ast_note}\n" + "\n".join(f"    {li}" for li in lines)]


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def main() -> int:
    """Run the files named on the command line and print what differs."""
    failed = 0
    for name in sys.argv[1:]:
        for case in cases(Path(name)):
            if problems := run(case):
                failed += 1
                print(f"{name}: {case.title}", *problems, sep="\n  ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
