"""Checking the whole workspace: files that are not open too, one after the other, behind everything the user does."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from samedevice.lsp import child
from samedevice.lsp.progress import Progress
from samedevice.lsp.uris import path_of, uri_of

if TYPE_CHECKING:
    from samedevice.lsp.session import Session

Json = dict[str, Any]


class Everything:
    """What is known of files that are not open."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._checked: set[str] = set()
        """Files that were checked once: they are kept up to date from then on."""
        self.running = 0

    async def check(self, token: Any) -> Json:
        """Checks all files of the workspace; the findings become diagnostics."""
        session, progress = self._session, Progress(self._session, token)
        told: Json = {"files": 0, "findings": 0, "errors": [], "cancelled": False}
        self.running += 1
        session.status.changed()
        await progress.begin("Checking the workspace")
        try:
            paths = await session.worker.ask("files", lambda: (session.folders, session.options.analysis), child.SOON)
            for number, path in enumerate(paths):
                if progress.cancelled:
                    told["cancelled"] = True
                    break
                progress.report(number, len(paths), f"{number}/{len(paths)} {os.path.basename(path)}")
                self._count(told, path, await self._one(path))
        except child.Failed as error:
            told["errors"].append({"path": "", "message": str(error)})
        finally:
            self.running -= 1
            progress.end(f"{told['findings']} findings in {told['files']} files")
            session.status.changed()
        return told

    def _count(self, told: Json, path: str, result: Json) -> None:
        told["files"] += 1
        told["findings"] += len(result["items"])
        if result["error"]:
            told["errors"].append({"path": path, "message": result["error"]})

    async def _one(self, path: str) -> Json:
        """Checks one file: as it is in the editor, where it is open."""
        session = self._session
        uri = uri_of(path)
        opened = next((one for name, one in session.documents.programs.items() if path_of(name) == path), None)
        if opened is not None:
            reports = [await session.diagnostics.pull(one, None) for one in session.documents.uris(opened)]
            return {"items": [item for report in reports for item in report.get("items", [])], "error": ""}
        self._checked.add(path)
        job = {**session.told(), "uri": uri, "path": path, "folder": os.path.dirname(path)}
        job["root"] = session.folder_of(uri)
        try:
            result: Json = await session.worker.ask("file", lambda: (job,), child.LATER)
        except child.Failed as error:
            result = {"items": [], "error": str(error)}
        if uri not in session.documents.programs:
            session.diagnostics.of_closed(uri, result["items"])
        return result

    def opened(self, uri: str) -> None:
        """A notebook was opened: from now on its cells say what was said of the file."""
        if path_of(uri) in self._checked:
            self._session.diagnostics.of_closed(uri, [])

    def knows(self, paths: Iterable[str]) -> bool:
        """Whether any of some files was checked."""
        return any(path in self._checked for path in paths)

    async def again(self, paths: list[str]) -> None:
        """Files on disk have changed: those that were checked once are checked again."""
        for path in paths:
            if path in self._checked:
                await self._one(path)
