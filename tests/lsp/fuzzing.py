"""Random sessions of an editor: edits at places that are there or not, requests, cancellations, closings."""

from __future__ import annotations

import random
from hashlib import sha256
from typing import Any

from lsp.client import Client, Json
from lsp.model import changed

START = """import torch
from torch import nn
import helpers

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 4)

    def forward(self, x):
        return self.fc(x) + torch.zeros(4, device="cuda")

y = Net()(torch.zeros(2, 3)) + "é😀"
z = helpers.make(y)
"""
PIECES = [
    "x",
    "(",
    ")",
    '"',
    "\n",
    "\r\n",
    "\r",
    "    ",
    "é",
    "😀",
    "\u2028",
    "\t",
    "torch.zeros(3)",
    "#",
    ":",
    ".to('cuda')",
    "",
]
PIECES += ["def f(a):\n    a = a + 1\n", "import fuzz1\n", "# samedevice: ignore-file\n", "\ud83d", "\0"]
ASKED = ["hover", "codeAction", "inlayHint", "codeLens", "diagnostic", "nonsense"]
COMMANDS = ["why", "explainFinding", "rule", "status", "fixAll", "explain", "openRule", "nonsense"]
REFUSALS = {-32601, -32602, -32800, -32801, -32803}
"""No such method, not understood, cancelled, the text has changed, not possible here."""


class Fuzzer:
    """One editor at its keyboard, and what the texts must be."""

    def __init__(self, client: Client, chance: random.Random, name: str = "fuzz") -> None:
        self._client = client
        self._chance = chance
        self._name = name
        self._encoding = client.hello["capabilities"]["positionEncoding"]
        self._texts: dict[str, str] = {}
        self._asked: list[int] = []
        self._version = 0
        self._steps = [self._change] * 12 + [self._ask] * 8 + [self._cancel, self._close, self._settings, self._files]
        self._steps += [self._command, self._whole, self._nonsense]

    def steps(self, count: int) -> None:
        """Sends so many messages, one after the other without waiting."""
        for _ in range(count):
            self._version += 1
            self._chance.choice(self._steps)()

    def end(self) -> None:
        """Closes what is open; everything must be answered, and the texts must be what they should."""
        replies = [self._client.reply(number) for number in self._asked]
        assert all(("result" in reply) != ("error" in reply) for reply in replies)
        refused = [reply for reply in replies if "error" in reply and reply["error"]["code"] not in REFUSALS]
        assert not refused, refused[:3]
        self._asked.clear()
        told = self._client.ask("workspace/executeCommand", {"command": "samedevice.status", "arguments": []})
        texts = {one["uri"]: one["sha256"] for one in told["documents"]}
        wanted = {uri: sha256(text.encode(errors="replace")).hexdigest() for uri, text in self._texts.items()}
        assert {uri: texts.get(uri) for uri in wanted} == wanted
        for uri in list(self._texts):
            self._close_one(uri)

    def _uri(self) -> str:
        uri = f"file:///nowhere/{self._name}{self._chance.randrange(3)}.py"
        if uri not in self._texts:
            self._texts[uri] = START
            self._client.open(uri, START, self._version)
        return uri

    def _change(self) -> None:
        uri = self._uri()
        changes = [self._one_change() for _ in range(self._chance.choice([1, 1, 1, 3]))]
        for change in changes:
            self._texts[uri] = changed(self._texts[uri], change, self._encoding)
        self._client.change(uri, self._version, *changes)

    def _one_change(self) -> Json:
        places = sorted((self._chance.randrange(18), self._chance.randrange(60)) for _ in range(2))
        if self._chance.random() < 0.6:
            places[1] = places[0][0], places[0][1] + self._chance.randrange(4)
        if self._chance.random() < 0.02:
            places[1] = 10**9, 10**9
        start, end = ({"line": line, "character": character} for line, character in places)
        return {"range": {"start": start, "end": end}, "text": self._chance.choice(PIECES)}

    def _whole(self) -> None:
        uri = self._uri()
        text = START if self._chance.random() < 0.8 else ""
        self._texts[uri] = text
        self._client.change(uri, self._version, {"text": text})

    def _place(self) -> Json:
        return {"line": self._chance.randrange(20), "character": self._chance.choice([0, 4, 9, 40, 10**6])}

    def _ask(self) -> None:
        uri = self._uri() if self._chance.random() < 0.95 else "file:///nowhere/closed.py"
        place = self._place()
        more = {"range": {"start": place, "end": place}, "position": place, "context": {"diagnostics": []}}
        self._start(f"textDocument/{self._chance.choice(ASKED)}", {"textDocument": {"uri": uri}, **more})
        if self._chance.random() < 0.2:
            self._cancel()

    def _start(self, method: str, params: Any) -> None:
        self._asked.append(self._client.start(method, params))

    def _cancel(self) -> None:
        number = self._chance.choice(self._asked[-5:] or [0])
        self._client.notify("$/cancelRequest", {"id": number})

    def _close(self) -> None:
        if self._texts:
            self._close_one(self._chance.choice(sorted(self._texts)))

    def _close_one(self, uri: str) -> None:
        del self._texts[uri]
        self._client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def _settings(self) -> None:
        machine = self._chance.choice(["cuda", "cpu", "tpu", 7])
        hints = self._chance.choice(["off", "all", None])
        values = {"machine": machine, "inlayHints": hints}
        self._client.notify("workspace/didChangeConfiguration", {"settings": {"samedevice": values}})

    def _files(self) -> None:
        change = {"uri": self._chance.choice([self._uri(), "file:///nowhere/helpers.py"]), "type": 2}
        self._client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})

    def _command(self) -> None:
        arguments = [self._uri(), self._place()] if self._chance.random() < 0.8 else [None]
        self._start(
            "workspace/executeCommand",
            {"command": f"samedevice.{self._chance.choice(COMMANDS)}", "arguments": arguments},
        )

    def _nonsense(self) -> None:
        params = self._chance.choice([None, [], {}, 7, {"textDocument": {}}, {"textDocument": {"uri": 3}}])
        method = self._chance.choice(
            ["textDocument/didChange", "textDocument/didClose", "textDocument/didOpen", "no/such"]
        )
        if self._chance.random() < 0.5:
            self._client.notify(method, params)
        else:
            self._start(f"textDocument/{self._chance.choice(ASKED)}", params)
