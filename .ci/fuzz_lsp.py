"""Random sessions of the language server, as `tests/lsp/test_fuzz.py` plays them, but many and long.

    python .ci/fuzz_lsp.py [--messages 50000] [--seed 0]

Every request must be answered, every text must be what a plain model says, and the log must hold no traceback; the
first session where it is otherwise ends the run, and its seed is printed.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import lsp.client
from lsp.client import Client
from lsp.fuzzing import Fuzzer
from lsp.recorded_clients import CLIENTS

SESSION = 2_000
"""Messages of one server."""
ROUND = 100
"""Messages after which everything must have been answered."""


lsp.client.TIMEOUT = 300.0  # a machine under load is slow, not wrong


def main() -> int:
    """Play sessions until so many messages were sent."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    started, sent, seed = time.monotonic(), 0, args.seed
    names = list(CLIENTS)
    while sent < args.messages:
        name = names[seed % len(names)]
        try:
            answered = _session(name, seed, min(SESSION, args.messages - sent))
        except AssertionError:
            print(f"\nsession {seed} ({name}) failed", file=sys.stderr)
            raise
        sent += min(SESSION, args.messages - sent)
        seed += 1
        words = f"{sent} messages, session {seed - 1} ({name}): {answered} answered"
        print(f"{words}, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(f"{sent} messages in {seed - args.seed} sessions, {time.monotonic() - started:.0f} s: nothing wrong")
    return 0


def _session(name: str, seed: int, count: int) -> int:
    """One server from its start to its end; how many requests were answered."""
    chance = random.Random(seed)
    with Client(CLIENTS[name]) as client:
        fuzzer = Fuzzer(client, chance)
        for done in range(0, count, ROUND):
            fuzzer.steps(min(ROUND, count - done))
            fuzzer.end()
        answered = len(client.replies)
    return answered


if __name__ == "__main__":
    sys.exit(main())
