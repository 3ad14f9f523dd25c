"""Every request of the language server on every file of some folders, and on the first half of each.

    python .ci/lsp_corpus.py FOLDER … [--files 2000] [--seed 0] [--largest BYTES]

Each must be answered without an error, and the log must hold no traceback. Exit code 1 otherwise.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import lsp.client
from lsp.client import Client, Json
from lsp.recorded_clients import VS_CODE

A_SERVER = 100
"""Files after which another server takes over, so that an accident is found near its cause."""


lsp.client.TIMEOUT = 300.0  # a machine under load is slow, not wrong


def main() -> int:
    """Open one file after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--largest", type=int, default=10**9, help="bytes of a file that is taken")
    args = parser.parse_args()
    chance, started = random.Random(args.seed), time.monotonic()
    found = {file for folder in args.folders for file in folder.rglob("*.py")}
    files = sorted(file for file in found if file.stat().st_size <= args.largest)
    files = chance.sample(files, min(args.files, len(files)))
    errors: list[str] = []
    answered: Counter[str] = Counter()
    for first in range(0, len(files), A_SERVER):
        with Client(VS_CODE) as client:
            for file in files[first : first + A_SERVER]:
                text = file.read_text(encoding="utf-8", errors="replace")
                for part, name in ((text, "whole"), (text[: len(text) // 2], "half")):
                    errors += [f"{file} ({name}): {error}" for error in _one(client, file, part, chance, answered)]
        print(
            f"{min(first + A_SERVER, len(files))} files, {time.monotonic() - started:.0f} s, {len(errors)} errors",
            file=sys.stderr,
        )
    print("\n".join(errors[:50]))
    words = ", ".join(f"{count} {name}" for name, count in sorted(answered.items()))
    print(f"{len(files)} files and their halves, {time.monotonic() - started:.0f} s: {len(errors)} errors; {words}")
    return 1 if errors else 0


def _one(client: Client, file: Path, text: str, chance: random.Random, answered: Counter[str]) -> list[str]:
    """All requests on one text; what was answered with an error."""
    uri = file.absolute().as_uri()
    client.open(uri, text)
    asked = {client.start(method, params): method for method, params in _requests(uri, text, chance)}
    errors = []
    for number, method in asked.items():
        reply = client.reply(number)
        answered[method] += 1
        if "error" in reply:
            errors.append(f"{method}: {reply['error']}")
        elif method == "textDocument/codeAction":
            errors += _resolved(client, reply["result"], answered)
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    return errors


def _resolved(client: Client, actions: list[Json], answered: Counter[str]) -> list[str]:
    """The edits that are worked out when an action is chosen."""
    errors = []
    for action in actions:
        if "data" in action:
            reply = client.reply(client.start("codeAction/resolve", action))
            answered["codeAction/resolve"] += 1
            errors += [f"codeAction/resolve: {reply['error']}"] if "error" in reply else []
    return errors


def _requests(uri: str, text: str, chance: random.Random) -> list[tuple[str, Any]]:
    document, lines = {"uri": uri}, text.split("\n")
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": len(lines), "character": 0}}
    found: list[tuple[str, Any]] = [
        ("textDocument/diagnostic", {"textDocument": document}),
        ("textDocument/inlayHint", {"textDocument": document, "range": everything}),
        ("textDocument/codeLens", {"textDocument": document}),
        (
            "textDocument/codeAction",
            {"textDocument": document, "range": everything, "context": {"diagnostics": []}},
        ),
    ]
    for _ in range(5):
        line = chance.randrange(len(lines))
        place = {"line": line, "character": chance.randrange(len(lines[line]) + 1)}
        found.append(("textDocument/hover", {"textDocument": document, "position": place}))
        for name in ("why", "explainFinding"):
            command = {"command": f"samedevice.{name}", "arguments": [uri, place]}
            found.append(("workspace/executeCommand", command))
    return found


if __name__ == "__main__":
    sys.exit(main())
