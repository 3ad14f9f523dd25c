"""What a status bar shows; sent when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from samedevice.lsp.session import Session


class Status:
    """The state of a session in a few words."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._last: dict[str, Any] | None = None
        self.machine = "cuda"
        """The assumed machine of the program that was analysed last."""
        self.listening = False
        """Whether the client has said that it is ready for notifications."""

    def now(self) -> dict[str, Any]:
        """The status as the client gets it."""
        session = self._session
        known = session.resolving.environment
        busy = "checking" if session.everything.running else "resolving" if session.resolving.pending else "ready"
        return {
            "machine": self.machine,
            "interpreter": known.interpreter if known is not None else None,
            "chosen": known.chosen if known is not None else "",
            "python": known.version if known is not None else None,
            "torch": known.torch if known is not None else None,
            "state": busy,
            "trusted": session.options.trusted,
            "message": session.resolving.problem,
        }

    def changed(self) -> None:
        """Tells the client, if anything is different."""
        now = self.now()
        if self.listening and self._session.client.status and now != self._last:
            self._last = now
            self._session.writer.notify("samedevice/status", now)
