"""`samedevice server`: the language server on stdin and stdout, or for one client on an address."""

from __future__ import annotations

import argparse

from samedevice.cli import CouldNotRun


def run(options: argparse.Namespace) -> int:
    """Serves until the editor leaves."""
    if options.tcp is None:
        from samedevice.lsp.start import main

        return main()
    from samedevice.lsp.life import over_tcp

    host, port = options.tcp
    try:
        return over_tcp(host, port)
    except OSError as error:
        raise CouldNotRun(f"{host}:{port}: {error.strerror or error}") from None
