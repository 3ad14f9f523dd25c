"""The server's life: it says hello before the rest is loaded, and ends when the client does."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from samedevice.lsp import client, hello, wire
from samedevice.lsp.spawn import spawn
from samedevice.lsp.wire import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from samedevice.lsp.spawn import Process

logger = logging.getLogger(__name__)


def on_stdio(worker: Process) -> int:
    """Serves one client on stdin and stdout."""
    _log()
    number, out = wire.own_streams()
    return _session(wire.Held(wire.Pipe(number)), wire.Writer(out), worker)


def over_tcp(host: str, port: int) -> int:
    """Serves the first client that connects to an address, then ends."""
    import socket

    _log()
    with socket.create_server((host, port)) as listening:
        logger.warning("listening on %s:%d", *listening.getsockname()[:2])
        connection, _ = listening.accept()
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _session(wire.Held(wire.Socket(connection)), wire.Writer(connection.makefile("wb")), spawn())


def _log() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="samedevice: %(levelname)s: %(message)s")


def _session(held: wire.Held, writer: wire.Writer, worker: Process) -> int:
    try:
        first = _first(held, writer)
        return 1 if first is None else _serve(first, held, writer, worker)
    except wire.EndOfInput:
        return 1
    finally:
        worker.kill()


def _first(held: wire.Held, writer: wire.Writer) -> Message | None:
    """The `initialize` request, answered; None where the client leaves instead."""
    while True:
        try:
            message = wire.decoded(wire.read_blocking(held))
        except wire.Refused as error:
            writer.refuse(None, error.code, str(error))
            continue
        method, number = message.get("method"), message.get("id")
        if method == "initialize" and number is not None:
            if not isinstance(message.get("params"), dict):
                message["params"] = {}
            writer.answer(number, hello.answer(client.read(message["params"])))
            return message
        if method == "exit":
            return None
        if number is not None and method is not None:
            writer.refuse(number, wire.NOT_INITIALIZED, "the first request must be `initialize`")


def _serve(first: Message, held: wire.Held, writer: wire.Writer, process: Process) -> int:
    """Everything after hello."""
    _load_asyncio()
    import asyncio

    from samedevice.lsp import streams
    from samedevice.lsp.child import Worker
    from samedevice.lsp.dispatch import Dispatch
    from samedevice.lsp.session import Session

    async def serve() -> int:
        worker = Worker(spawn)
        worker.begin(process)
        session = Session(first["params"], writer, worker)
        dispatch = Dispatch(session, first)
        reader = await streams.opened(held.input, held.rest())
        try:
            while dispatch.exit_code is None:
                _handle(dispatch.handle, await streams.read(reader), writer)
        except wire.EndOfInput:
            pass
        session.close()
        return 1 if dispatch.exit_code is None else dispatch.exit_code

    return asyncio.run(serve())


def _load_asyncio() -> None:
    """Loads asyncio as a Python without OpenSSL has it: nothing is encrypted here, and OpenSSL is slow to load."""
    known = "ssl" in sys.modules
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]  # what makes an import fail
    try:
        import asyncio  # noqa: F401
    finally:
        if not known:
            del sys.modules["ssl"]


def _handle(handle: Callable[[Message], Any], body: bytes, writer: wire.Writer) -> None:
    """One message; whatever is in it, the next one is read."""
    try:
        message = wire.decoded(body)
    except wire.Refused as error:
        writer.refuse(None, error.code, str(error))
        return
    try:
        handle(message)
    except Exception:
        logger.exception("a message could not be handled")
        if "id" in message and "method" in message:
            writer.refuse(message["id"], wire.INTERNAL, "internal error")
