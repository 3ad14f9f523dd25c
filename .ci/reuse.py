"""After each of many random edits, what is found by reusing the last analysis must equal what a fresh one finds.

    python .ci/reuse.py PATH … [--edits 1000] [--seed 0] [--a-file 25] [--keep FOLDER]

Compares all that `check` and `infer` print. Exit code 1 at the first difference, which is printed; `--keep` writes the
two texts and both answers there.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edits import random_edit
from samedevice.features import check as checks
from samedevice.features import infer
from samedevice.findings import Finding
from samedevice.interpret import budget
from samedevice.interpret.run import Memory
from samedevice.settings import Settings
from samedevice.syntax.source import SourceFile, Span

SETTINGS = Settings(max_seconds=60.0)
"""So long that time never decides what is found."""
LARGEST = 60_000


def main() -> int:
    """Edit files one after the other, and compare after every edit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--a-file", type=int, default=25, help="edits of one file, each upon the last")
    parser.add_argument("--keep", type=Path, help="folder for the texts of a difference")
    args = parser.parse_args()
    chance = random.Random(args.seed)
    files = _files(args.paths)
    spent = {"fresh": 0.0, "reused": 0.0}
    done = 0
    while done < args.edits:
        path = chance.choice(files)
        for before, after, name, fresh, reused in _edited(path, min(args.a_file, args.edits - done), chance, spent):
            if fresh != reused:
                _show(path, done, name, fresh, reused)
                if args.keep:
                    _keep(args.keep, before, after, fresh, reused)
                return 1
            done += 1
        gc.collect()
        print(f"\r{done} edits", end="", file=sys.stderr, flush=True)
    seconds = f"{spent['reused']:.1f} s reused, {spent['fresh']:.1f} s fresh"
    print(f"\n{done} edits of {len(files)} files: no difference ({seconds})")
    return 0


def _files(paths: list[Path]) -> list[Path]:
    found = {file for path in paths for file in ([path] if path.is_file() else path.rglob("*.py"))}
    return sorted(file for file in found if file.stat().st_size <= LARGEST and b"torch" in file.read_bytes())


def _edited(path: Path, count: int, chance: random.Random, spent: dict[str, float]) -> Iterator[tuple[Any, ...]]:
    """Edits of one file, with what both ways find after each."""
    text = first = path.read_text(encoding="utf-8", errors="replace")
    memory = Memory(SourceFile(str(path), text))
    _answer(SourceFile(str(path), text), memory)
    for _ in range(count):
        before = text
        name, text = ("undone", first) if chance.random() < 0.1 else random_edit(text, chance)
        source = SourceFile(str(path), text)
        if chance.random() < 0.2:
            _overtaken(SourceFile(str(path), random_edit(text, chance)[1]), memory, chance.randrange(12))
        started = time.perf_counter()
        if chance.random() < 0.1:
            memory.rest()
        reused = _answer(source, memory)
        middle = time.perf_counter()
        fresh = _answer(SourceFile(str(path), text), None)
        spent["reused"] += middle - started
        spent["fresh"] += time.perf_counter() - middle
        yield before, text, name, fresh, reused


def _overtaken(source: SourceFile, memory: Memory, after: int) -> None:
    """An analysis of a text that is given up in the middle, as when the next key is pressed."""
    asked = itertools.count()
    budget.stop_when(lambda: next(asked) >= after)
    try:
        checks.examine(source, SETTINGS, memory)
    except budget.Overtaken:
        pass
    finally:
        budget.stop_when(lambda: False)


def _answer(source: SourceFile, memory: Memory | None) -> dict[str, Any]:
    """All that is said of a text, with or without what is kept of the last one."""
    checked, analysis = checks.examine(source, SETTINGS, memory)
    return {
        "findings": [_finding(one) for one in checked.findings],
        "everything": [_finding(one) for one in checked.everything],
        "notes": list(checked.notes),
        "problems": [repr(one) for one in checked.problems],
        "known": [one.record() for one in infer.from_analysis(analysis)] if analysis is not None else None,
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "message": one.message,
        "severity": one.severity.value,
        "machine": one.machine,
        "span": _span(one.source, one.span),
        "related": [(item.message, _span(item.source, item.span)) for item in one.related],
        "fixes": [(fix.title, [(_span(e.source, e.span), e.text) for e in fix.edits]) for fix in one.fixes],
    }


def _span(source: SourceFile, span: Span) -> str:
    return f"{source.path}:{span.line}:{span.column}-{span.end_line}:{span.end_column}"


def _show(path: Path, number: int, name: str, fresh: dict[str, Any], reused: dict[str, Any]) -> None:
    """The first difference."""
    print(f"\n{path}: differs after edit {number} ({name})")
    for key in fresh:
        if fresh[key] != reused[key]:
            only_fresh = [one for one in fresh[key] or [] if one not in (reused[key] or [])]
            only_reused = [one for one in reused[key] or [] if one not in (fresh[key] or [])]
            print(f"{key}: only fresh: {only_fresh[:3]}\n{key}: only reused: {only_reused[:3]}")
            if not only_fresh and not only_reused:
                print(f"{key}: the same in another order or number")


def _keep(folder: Path, before: str, after: str, fresh: dict[str, Any], reused: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "before.py").write_text(before, encoding="utf-8", errors="replace")
    (folder / "after.py").write_text(after, encoding="utf-8", errors="replace")
    for name, answer in (("fresh", fresh), ("reused", reused)):
        (folder / f"{name}.json").write_text(json.dumps(answer, indent=1, default=str), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
