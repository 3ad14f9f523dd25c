"""What the probe says of networks whose end is known, on the virtual CUDA device, and of how many it has to ask.

.ci/probe_suite.py                    tables for docs/probe.md
.ci/probe_suite.py --json FILE        each verdict, one a line
.ci/probe_suite.py --program            with the program itself, where there is doubt
.ci/probe_suite.py WORD ...           only files whose path holds a word
.ci/probe_suite.py --recorded         instead: the examples with their own inputs, against what the CUDA build said

Two sets: the classes of `tests/probe/networks/`, and the networks of `tests/programs/`; both say how PyTorch's CUDA
build ends. Nothing is given: construction and inputs are worked out. Ends with 1 where what is wrong is called clean.
"""

from __future__ import annotations

import argparse
import ast
import json
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "server"), str(ROOT / "tests")]

from example_programs import programs  # noqa: E402  # of the checkout
from probe import many  # noqa: E402  # as above
from samedevice.dataclass import replace  # noqa: E402  # as above
from samedevice.features.check import examine  # noqa: E402  # as above
from samedevice.probe import both, make, targets  # noqa: E402  # as above
from samedevice.probe.findings import joined, noted  # noqa: E402  # as above
from samedevice.probe.plan import NoPlan  # noqa: E402  # as above
from samedevice.probe.request import Wanted, requests  # noqa: E402  # as above
from samedevice.settings import Settings  # noqa: E402  # as above
from samedevice.syntax.source import SourceFile  # noqa: E402  # as above

NETWORKS = ROOT / "tests/probe/networks"
Row = dict[str, Any]
WANTED = Wanted(on="virtual", seconds=100)


def probe(path: Path, name: str, settings: Settings, wanted: Wanted) -> Row:
    """One network, as `samedevice probe FILE:NAME --on virtual` has it, with `--program` where that was asked for."""
    source = SourceFile(str(path), path.read_text(encoding="utf-8"))
    checked, analysis = examine(source, settings)
    try:
        plans = make.plans(source, settings, name, analysis=analysis)
    except NoPlan as error:
        return {"verdict": "no plan", "why": str(error)}
    if plans[0].missing:
        return {"verdict": "asked", "why": ", ".join(one.name for one in plans[0].missing)}
    result = both.run(requests(plans, wanted, bool(checked.findings)), sys.executable)
    result = noted(result, joined(result, source, checked.findings))
    return {"verdict": result.verdict, "why": result.why[:300], "calls": len(plans) - 1}


def networks(words: list[str], wanted: Wanted) -> Iterator[Row]:
    """The example networks: each by its class, where an example makes nothing else."""
    ends = json.loads((NETWORKS / "verdicts.json").read_text(encoding="utf-8"))
    for path in sorted(NETWORKS.glob("*.py")):
        if words and not any(word in str(path) for word in words):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for key, made in _examples(tree, [key.partition("/")[2] for key in ends]).items():
            end = ends[f"{path.stem}/{key}"]
            yield {
                "set": "networks",
                "file": path.name,
                "name": made,
                "want": f"{end['raised']}" if end else "clean",
                **probe(path, made, Settings(), wanted),
            }


def _examples(tree: ast.Module, ends: list[str]) -> dict[str, str]:
    """The class that each example of a file makes; some have its name."""
    known = {cls.name for cls in targets.classes(tree)}
    table = next(node for node in tree.body if "EXAMPLES" in ast.unparse(node).partition("=")[0])
    found = {name: name for name in ends if name in known}
    for node in ast.walk(table):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                made = [one.id for one in ast.walk(value) if isinstance(one, ast.Name) and one.id in known]
                if isinstance(key, ast.Constant) and made:
                    found[str(key.value)] = made[0]
    return found


def examples(words: list[str], wanted: Wanted) -> Iterator[Row]:
    """The networks that nobody else in an example program uses."""
    for program in programs():
        for text in program.texts:
            path = program.path(text)
            if words and not any(word in str(path) for word in words):
                continue
            needs = program.case.get("needs", "none")
            settings = Settings(machine=program.machine)
            for target in targets.roots(ast.parse(path.read_text(encoding="utf-8"))):
                want = "wrong" if text == "buggy" else "clean"
                row = {"set": "programs", "file": f"{program.id}/{text}", "name": target.name, "want": want}
                yield {**row, "needs": needs, **probe(path, target.name, settings, wanted)}


def main() -> int:
    """Runs what was asked for, and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--program", action="store_true")
    parser.add_argument("--recorded", action="store_true")
    options = parser.parse_args()
    if options.recorded:
        return recorded()
    rows = []
    started = time.monotonic()
    with open(options.json or "/dev/null", "w", encoding="utf-8") as out:
        for row in _all(options.words, replace(WANTED, program=options.program)):
            rows.append(row)
            out.write(json.dumps(row) + "\n")
            out.flush()
    print(
        f"{date.today()}, {platform.platform()}, Python {platform.python_version()}, {time.monotonic() - started:.0f} s"
    )
    for name in ("networks", "programs"):
        _table(name, [row for row in rows if row["set"] == name])
    false = [row for row in rows if row["want"] != "clean" and row["verdict"] == "clean"]
    for row in false:
        print("called clean though it is wrong:", row["file"], row["name"], row.get("needs", ""))
    return int(bool(false))


def recorded() -> int:
    """Every example network with its own inputs: clean or not, the exception and its text are to be as recorded."""
    wants, found = json.loads((NETWORKS / "verdicts.json").read_text(encoding="utf-8")), many.examples()
    results = dict(zip(found, many.probed(list(found.values())), strict=True))
    apart = {name: many.unlike(name, result, wants[name]) for name, result in results.items()}
    wrong = {name: words for name, words in apart.items() if words}
    print(f"{len(results)} examples, {len(wrong)} unlike what was recorded")
    for name, words in wrong.items():
        print(f"  {name}: {words}")
    return int(bool(wrong))


def _all(words: list[str], wanted: Wanted) -> Iterator[Row]:
    yield from networks(words, wanted)
    yield from examples(words, wanted)


def _table(name: str, rows: list[Row]) -> None:
    """How many ended how, by how they should."""
    asked = sum(row["verdict"] in ("asked", "no plan") for row in rows)
    print(f"\n{name}: {len(rows)}, of {asked} something is asked")
    counts = Counter((row["want"] == "clean", row["verdict"]) for row in rows)
    for (clean, verdict), count in sorted(counts.items(), key=str):
        print(f"  {'runs' if clean else 'is wrong'}: {verdict} {count}")


if __name__ == "__main__":
    sys.exit(main())
