"""Progress of long work, shown by the client and cancelled from there."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from samedevice.lsp.session import Session

_numbers = itertools.count(1)
_PAUSE = 0.1
"""Seconds between two reports."""


class Progress:
    """Long work under a token: the client's own, or one that we make where it shows progress at all."""

    def __init__(self, session: Session, token: Any) -> None:
        self._session = session
        self._token = token
        self._last = 0.0
        self.cancelled = False

    async def begin(self, title: str) -> None:
        """Shows that the work has begun."""
        if self._token is None and self._session.client.progress:
            self._token = f"samedevice-progress-{next(_numbers)}"
            await self._session.request("window/workDoneProgress/create", {"token": self._token})
        if self._token is not None:
            self._session.progress[self._token] = self
            self._send({"kind": "begin", "title": title, "cancellable": True, "percentage": 0})

    def report(self, done: int, total: int, words: str) -> None:
        """Says how far the work is, now and then."""
        now = asyncio.get_running_loop().time()
        if self._token is not None and now - self._last > _PAUSE:
            self._last = now
            self._send({"kind": "report", "message": words, "percentage": 100 * done // max(total, 1)})

    def end(self, words: str) -> None:
        """Shows that the work is over."""
        if self._session.progress.pop(self._token, None) is not None:
            self._send({"kind": "end", "message": words})

    def _send(self, value: dict[str, Any]) -> None:
        self._session.writer.notify("$/progress", {"token": self._token, "value": value})
