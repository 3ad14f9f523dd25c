"""How long a check of a folder takes, against a process that only parses the same files, measured in turns.

    python .ci/bench.py FOLDER [--jobs 2] [--rounds 3]

Absolute times belong to a machine; the ratio travels. Memory is the peak of all processes of a check together, what
they share counted once, watched in one more run (on Linux; elsewhere the peak of the largest one).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

# The same files in one process on one core; bytes, as a tool would read them.
PARSE = "import ast, sys\nfor path in sys.stdin.read().splitlines():\n    ast.parse(open(path, 'rb').read())"


@dataclass(frozen=True)
class Measured:
    """One run of a process and its children."""

    seconds: float
    processor: float
    """Seconds of processor time, which a busy machine changes less."""
    megabytes: float
    """The largest resident set of any one of them."""


def main() -> int:
    """Take turns, print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    files = [str(path) for path in sorted(args.folder.rglob("*.py")) if _parses(path)]
    lines = sum(Path(path).read_bytes().count(b"\n") for path in files)
    parse = [sys.executable, "-c", PARSE]
    check = [sys.executable, "-m", "samedevice", "check", "--jobs", str(args.jobs)]
    check += ["--output-format", "json", str(args.folder)]
    parsed, checked = [], []
    for _ in range(args.rounds):
        parsed.append(_measure(parse, "\n".join(files)))
        checked.append(_measure(check, ""))
    floor, whole = (statistics.median(run.seconds for run in runs) for runs in (parsed, checked))
    floor_cpu, whole_cpu = (statistics.median(run.processor for run in runs) for runs in (parsed, checked))
    print(f"{args.folder}: {len(files)} files, {lines} lines; medians of {args.rounds} rounds")
    peak = _watched(check) or max(run.megabytes for run in checked)
    print(f"  ast.parse  {floor:7.2f} s  {floor_cpu:7.2f} s cpu  {max(run.megabytes for run in parsed):6.0f} MB")
    print(f"  check      {whole:7.2f} s  {whole_cpu:7.2f} s cpu  {peak:6.0f} MB  ({args.jobs} jobs)")
    print(f"  ratio      {whole / floor:7.2f}    {whole_cpu / floor_cpu:7.2f}")
    return 0


def _parses(path: Path) -> bool:
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, OSError):
        return False
    return True


def _measure(command: list[str], text: str) -> Measured:
    """Run it in a process of its own, which measures its children and so sees no other's."""
    code = (
        "import resource, subprocess, sys, time\n"
        "started = time.monotonic()\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)\n"
        "taken = time.monotonic() - started\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(taken, used.ru_utime + used.ru_stime, used.ru_maxrss, done.returncode)\n"
        "sys.stderr.buffer.write(done.stderr)\n"
    )
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    result = subprocess.run(
        [sys.executable, "-c", code, *command], input=text, capture_output=True, text=True, env=environment, check=True
    )
    seconds, processor, size, status = result.stdout.split()
    if int(status) not in (0, 1):
        raise SystemExit(f"exit {status}: {result.stderr}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Measured(float(seconds), float(processor), int(size) / unit)


def _watched(command: list[str]) -> float:
    """The most memory, in MB, that a command and its children hold at one time; 0 where the system does not tell."""
    if not Path("/proc/self/smaps_rollup").exists():
        return 0.0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_kilobytes(pid) for pid in _family(process.pid)))
        time.sleep(0.05)
    return peak / 1024


def _family(pid: int) -> set[int]:
    """A process and its descendants."""
    family = {pid}
    # A child's number is mostly higher than its parent's, and who is missed once is seen the next time.
    for entry in sorted(int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()):
        try:
            parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent in family:
            family.add(entry)
    return family


def _kilobytes(pid: int) -> int:
    """Memory of a process, its share of what it shares with others."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    sys.exit(main())
