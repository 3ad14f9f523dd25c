"""`samedevice server`: the language server on stdin and stdout."""

from __future__ import annotations

import argparse


def run(options: argparse.Namespace) -> int:
    """Serves until the editor leaves."""
    from samedevice.lsp.start import main

    return main()
