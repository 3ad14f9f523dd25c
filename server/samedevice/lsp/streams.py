"""Messages from a pipe or connection while a loop runs."""

from __future__ import annotations

import asyncio
import logging
import os
import threading

from samedevice.lsp.wire import EndOfInput, Pipe, Socket, length_in

logger = logging.getLogger(__name__)


async def read(stream: asyncio.StreamReader) -> bytes:
    """The body of the next message."""
    length = -1
    try:
        while True:
            line = await stream.readline()
            if not line:
                raise EndOfInput
            if line.strip():
                length = length_in(line, length)
            elif length >= 0:
                return await stream.readexactly(length)
    except (asyncio.IncompleteReadError, ValueError, OSError):
        raise EndOfInput from None


async def opened(source: Pipe | Socket, waiting: bytes) -> asyncio.StreamReader:
    """A reader that begins with what was read already; of a pipe without a thread, of anything else with one."""
    reader = asyncio.StreamReader(limit=1 << 26)
    loop = asyncio.get_running_loop()
    if waiting:
        reader.feed_data(waiting)
    if os.name == "posix":
        try:
            stream = os.fdopen(os.dup(source.number), "rb", buffering=0)
            await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stream)
            return reader
        except (ValueError, OSError):
            logger.debug("stdin is not a pipe")
    threading.Thread(target=_feed, args=(source, reader, loop), name="stdin", daemon=True).start()
    return reader


def _feed(source: Pipe | Socket, reader: asyncio.StreamReader, loop: asyncio.AbstractEventLoop) -> None:
    """Reads in a thread of its own."""
    while True:
        try:
            data = source.read()
        except OSError:
            data = b""
        try:
            loop.call_soon_threadsafe(reader.feed_data if data else (lambda _: reader.feed_eof()), data)
        except RuntimeError:
            return
        if not data:
            return
