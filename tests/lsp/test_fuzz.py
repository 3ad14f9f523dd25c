"""Random sessions: the server's text stays the model's, every request is answered, no accident is logged."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest

from lsp.client import Client, Json
from lsp.recorded_clients import EGLOT, NEOVIM_11, VS_CODE
from samedevice.lsp.text import Text

START = """import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 4)

    def forward(self, x):
        return self.fc(x) + torch.zeros(4, device="cuda")

y = Net()(torch.zeros(2, 3)) + "é😀"
"""
PIECES = [
    "x",
    "(",
    ")",
    '"',
    "\n",
    "\r\n",
    "    ",
    "é",
    "😀",
    "torch.zeros(3)",
    "#",
    ":",
    ".to('cuda')",
    "",
    "def f(a):\n    a = a + 1\n",
]
ASKED = ["hover", "codeAction", "inlayHint", "codeLens", "diagnostic", "nonsense"]


@pytest.mark.parametrize(("capabilities", "seed"), [({}, 1), (VS_CODE, 2), (NEOVIM_11, 3), (EGLOT, 4)])
def test_session(capabilities: Json, seed: int) -> None:
    chance = random.Random(seed)
    asked: list[int] = []
    with Client(capabilities) as client:
        encoding = client.hello["capabilities"]["positionEncoding"]
        models: dict[str, Text] = {}
        for step in range(150):
            uri = f"file:///nowhere/fuzz{chance.randrange(2)}.py"
            if uri not in models:
                models[uri] = Text(START, encoding)
                client.open(uri, START, step)
            elif chance.random() < 0.02:
                del models[uri]
                client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
            elif chance.random() < 0.6:
                changes = [_change(chance) for _ in range(chance.choice([1, 1, 1, 3]))]
                for change in changes:
                    models[uri].change(change)
                client.change(uri, step, *changes)
            else:
                asked.append(client.start(*_request(chance, uri)))
                if chance.random() < 0.2:
                    client.notify("$/cancelRequest", {"id": asked[-1]})
        replies = [client.reply(number) for number in asked]
        assert all(("result" in reply) != ("error" in reply) for reply in replies)
        assert {reply["error"]["code"] for reply in replies if "error" in reply} <= {-32601, -32800, -32801}
        status = client.ask("workspace/executeCommand", {"command": "samedevice.status", "arguments": []})
        texts = {one["uri"]: one["sha256"] for one in status["documents"]}
        assert texts == {uri: sha256(str(model).encode()).hexdigest() for uri, model in models.items()}


def _change(chance: random.Random) -> Json:
    places = sorted((chance.randrange(16), chance.randrange(60)) for _ in range(2))
    if chance.random() < 0.6:
        places[1] = places[0][0], places[0][1] + chance.randrange(4)
    start, end = ({"line": line, "character": character} for line, character in places)
    return {"range": {"start": start, "end": end}, "text": chance.choice(PIECES)}


def _request(chance: random.Random, uri: str) -> tuple[str, Json]:
    place = {"line": chance.randrange(20), "character": chance.randrange(40)}
    where = {"range": {"start": place, "end": place}, "position": place, "context": {"diagnostics": []}}
    return f"textDocument/{chance.choice(ASKED)}", {"textDocument": {"uri": uri}, **where}
