"""What the language server holds after many edits, and what it does when nobody types.

    python .ci/lsp_memory.py [FILE] [--edits 10000]

Each edit is answered before the next one. Prints the memory of all its processes (Linux 5.9 or later) at a fifth of the
edits and at their end, and the time that they spent in ten idle seconds. Exit code 1 if memory grew by more than 5 % or
idle costs.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import lsp.client
from edits import random_edit
from lsp.client import ROOT, Client

IDLE = 10.0
GIVEN_BACK = 25.0
"""Seconds after which jedi, asked about an import that an edit made up, has ended."""


lsp.client.TIMEOUT = 300.0  # a machine under load is slow, not wrong


def main() -> int:
    """Edit, look, edit, look, wait, look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "demo" / "train.py")
    parser.add_argument("--edits", type=int, default=10_000)
    args = parser.parse_args()
    start = args.file.read_text(encoding="utf-8")
    chance, text, started = random.Random(0), start, time.monotonic()
    uri = "file:///nowhere/edited.py"
    sizes = {}
    with Client({}) as client:
        client.open(uri, text, 0)
        for number in range(1, args.edits + 1):
            # Every tenth edit goes back to the beginning, as people do: the text stays about as long as it was.
            text = start if number % 10 == 0 else random_edit(text, chance)[1]
            client.change(uri, number, {"text": text})
            client.published(uri, number)
            client.notifications.clear()
            if number in (args.edits // 5, args.edits):
                time.sleep(GIVEN_BACK)
                sizes[number] = sum(_memory(one) for one in _processes(client.process.pid))
                print(f"edit {number}: {sizes[number] / 1024:.1f} MB, {time.monotonic() - started:.0f} s", flush=True)
        before = _spent(client.process.pid)
        time.sleep(IDLE)
        idle = _spent(client.process.pid) - before
    first, last = sizes.values()
    print(f"growth {100 * (last / first - 1):+.1f} %, idle {1000 * idle:.0f} ms in {IDLE:.0f} s")
    return 1 if last > 1.05 * first or idle > 0.02 else 0


def _processes(number: int) -> list[int]:
    """A process and all below it."""
    children = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii").split()
    return [number, *(one for child in children for one in _processes(int(child)))]


def _memory(number: int) -> int:
    """The kilobytes that a process holds, with its share of what a copy shares; not the files that all Pythons map."""
    lines = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))


def _spent(number: int) -> float:
    """The seconds that a process and all below it have used."""
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in _processes(number)]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
