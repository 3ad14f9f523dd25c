"""A language client for tests: it speaks plain JSON, so that it sees what a client sees."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Json = dict[str, Any]
ROOT = Path(__file__).parent.parent.parent
TIMEOUT = 30.0


class Client:
    """A running server and what it said."""

    def __init__(self, capabilities: Json | None = None, folder: Path | None = None, **more: Any) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "server"), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "samedevice", "server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=folder,
        )
        self.notifications: list[Json] = []
        self.requests: list[Json] = []
        self.settings: Any = None
        self.replies: dict[Any, Json] = {}
        self.log: list[str] = []
        self._news: queue.Queue[None] = queue.Queue()
        self._number = 0
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._read, self._listen)]
        for thread in self._threads:
            thread.start()
        folders = [{"uri": folder.as_uri(), "name": folder.name}] if folder else None
        options = {"status": True, **more.pop("initializationOptions", {})}
        params = {"processId": os.getpid(), "rootUri": None, "workspaceFolders": folders, **more}
        params["initializationOptions"] = options
        self.hello = self.ask("initialize", {**params, "capabilities": capabilities or {}})
        self.notify("initialized", {})

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> int:
        """Ends the session as a client should."""
        if self.process.poll() is None:
            self.ask("shutdown", None)
            self.notify("exit", None)
        code = self.process.wait(TIMEOUT)
        for thread in self._threads:
            thread.join(TIMEOUT)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        assert "Traceback" not in "".join(self.log), "".join(self.log)
        return code

    # Sending.

    def send(self, message: Json) -> None:
        """Any message."""
        self.raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def raw(self, body: bytes) -> None:
        """Any bytes."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def notify(self, method: str, params: Any) -> None:
        """A notification."""
        self.send({"method": method, "params": params})

    def start(self, method: str, params: Any) -> int:
        """A request, without waiting."""
        self._number += 1
        self.send({"id": self._number, "method": method, "params": params})
        return self._number

    def ask(self, method: str, params: Any) -> Any:
        """A request's result; a test fails on an error."""
        reply = self.reply(self.start(method, params))
        assert "error" not in reply, reply
        return reply["result"]

    def refused(self, method: str, params: Any) -> Json:
        """A request's error."""
        reply = self.reply(self.start(method, params))
        assert "error" in reply, reply
        error: Json = reply["error"]
        return error

    def open(self, uri: str, text: str, version: int = 1, language: str = "python") -> None:
        """`textDocument/didOpen`."""
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, *changes: Json) -> None:
        """`textDocument/didChange`."""
        item = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": item, "contentChanges": list(changes)})

    # Receiving.

    def reply(self, number: int) -> Json:
        """The answer to a request."""
        return self.until(lambda: self.replies.get(number))

    def until(self, condition: Callable[[], Any]) -> Any:
        """Waits until something holds."""
        while not (found := condition()):
            try:
                self._news.get(timeout=TIMEOUT)
            except queue.Empty:
                raise AssertionError(f"no answer; log: {''.join(self.log)}") from None
        return found

    def published(self, uri: str, version: int | None = None) -> list[Json]:
        """The newest diagnostics pushed for a document (of a version)."""
        found: Json = self.until(lambda: self._published(uri, version))
        items: list[Json] = found["diagnostics"]
        return items

    def _published(self, uri: str, version: int | None) -> Json | None:
        for message in reversed(self.notifications):
            params: Json = message["params"]
            if message["method"] == "textDocument/publishDiagnostics" and params["uri"] == uri:
                return params if version in (None, params.get("version")) else None
        return None

    def messages(self) -> list[str]:
        """What was shown to the user."""
        return [one["params"]["message"] for one in self.notifications if one["method"] == "window/showMessage"]

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line.decode(errors="replace"))

    def _read(self) -> None:
        assert self.process.stdout is not None
        stream = self.process.stdout
        while True:
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                length = int(value) if name == b"Content-Length" else length
            if not line:
                return
            self._received(json.loads(stream.read(length)))
            self._news.put(None)

    def _received(self, message: Json) -> None:
        if "method" not in message:
            self.replies[message["id"]] = message
        elif "id" in message:
            self.requests.append(message)
            result: Any = None
            if message["method"] == "workspace/configuration":
                result = [self.settings]
            elif message["method"] == "workspace/applyEdit":
                result = {"applied": True}
            self.send({"id": message["id"], "result": result})
        else:
            self.notifications.append(message)
