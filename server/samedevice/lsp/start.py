"""The server's beginning: its worker starts before anything else is loaded, so that both load side by side."""

from __future__ import annotations

from samedevice.lsp.spawn import first


def main() -> int:
    """Serves one client on stdin and stdout."""
    worker = first()
    from samedevice.lsp.life import on_stdio

    return on_stdio(worker)
