"""The command line: the same features, printed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

OK, FOUND, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130


class CouldNotRun(Exception):
    """The user asked for something that can't be done; the text says what and why."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or pipe that takes no emoji must not end the run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(argv)
    except KeyboardInterrupt:
        print("samedevice: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_stdout()
        return FOUND


def _run(argv: Sequence[str] | None) -> int:
    """Reads the command line and runs its command."""
    if list(sys.argv[1:] if argv is None else argv) in (["server"], ["server", "--stdio"]):
        # An editor waits for this one: it goes past all that the others load.
        from samedevice.lsp.start import main as serve

        return serve()
    from samedevice.cli.arguments import parser

    words = parser()
    try:
        options = words.parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else COULD_NOT_RUN
    try:
        # Each command imports what it needs, so that none waits for another's.
        if options.command == "check":
            from samedevice.cli.check import run
        elif options.command == "infer":
            from samedevice.cli.infer import run
        elif options.command == "rule":
            from samedevice.cli.rule import run
        elif options.command == "server":
            from samedevice.cli.server import run
        elif options.command == "probe":
            from samedevice.cli.probe import run
        elif options.command == "explain":
            from samedevice.cli.explain import run
        else:
            words.print_help(sys.stderr)
            return COULD_NOT_RUN
        code = run(options)
        sys.stdout.flush()
        return code
    except CouldNotRun as error:
        print(f"samedevice: {error}", file=sys.stderr)
        return COULD_NOT_RUN


def _let_go_of_stdout() -> None:
    """Keeps Python from complaining at exit that nobody reads any more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
