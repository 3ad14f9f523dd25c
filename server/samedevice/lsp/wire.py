"""Messages on the wire: a header with a length, and JSON."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import socket

logger = logging.getLogger(__name__)

Message = dict[str, Any]
_LONGEST = 256_000_000
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL = -32700, -32600, -32601, -32602, -32603
NOT_INITIALIZED, CANCELLED, CONTENT_MODIFIED, FAILED = -32002, -32800, -32801, -32803


class Refused(Exception):
    """A request that gets an error for an answer."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class EndOfInput(Exception):
    """The client is gone."""


class Writer:
    """Where answers go; the only one who writes to the client."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Sends one message; a client that is gone is found out by the reader."""
        body = json.dumps(message, separators=(",", ":"), ensure_ascii=True).encode()
        self.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def write(self, data: bytes) -> None:
        """Sends bytes that are a whole message already; what pygls calls."""
        try:
            with self._lock:
                self._stream.write(data)
                self._stream.flush()
        except (OSError, ValueError):
            logger.debug("the client does not read any more")

    def close(self) -> None:
        """What pygls calls at the end."""

    def notify(self, method: str, params: Any) -> None:
        """Sends a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def answer(self, number: Any, result: Any) -> None:
        """Answers a request."""
        self.send({"jsonrpc": "2.0", "id": number, "result": result})

    def refuse(self, number: Any, code: int, message: str) -> None:
        """Answers a request with an error."""
        self.send({"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}})


def decoded(body: bytes) -> Message:
    """A message's content; `Refused` where it is none."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(PARSE_ERROR, f"not JSON: {error}") from None
    if not isinstance(message, dict):
        raise Refused(INVALID_REQUEST, "not a message")
    return message


def length_in(line: bytes, known: int) -> int:
    """The length in a header line, or the one known so far."""
    name, _, value = line.partition(b":")
    if name.strip().lower() != b"content-length":
        return known
    try:
        length = int(value)
    except ValueError:
        return known
    return length if 0 <= length <= _LONGEST else known


class Pipe:
    """A descriptor to read from."""

    def __init__(self, number: int) -> None:
        self.number = number

    def read(self) -> bytes:
        """What is there; waits for something, empty at the end."""
        return os.read(self.number, 1 << 16)


class Socket:
    """A connection to read from; on Windows its number is no descriptor."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.number = connection.fileno()

    def read(self) -> bytes:
        """What is there; waits for something, empty at the end."""
        return self._connection.recv(1 << 16)


class Held:
    """Blocking reads that keep what was read too much, for whoever reads next."""

    def __init__(self, source: Pipe | Socket) -> None:
        self.input = source
        self._data = b""

    def readline(self) -> bytes:
        """The next line; empty at the end."""
        while b"\n" not in self._data:
            if not self._more():
                return b""
        line, _, self._data = self._data.partition(b"\n")
        return line + b"\n"

    def read(self, length: int) -> bytes:
        """So many bytes; fewer at the end."""
        while len(self._data) < length:
            if not self._more():
                break
        body, self._data = self._data[:length], self._data[length:]
        return body

    def rest(self) -> bytes:
        """What was read and not used."""
        rest, self._data = self._data, b""
        return rest

    def _more(self) -> bool:
        data = self.input.read()
        self._data += data
        return bool(data)


def read_blocking(stream: Held) -> bytes:
    """The body of the next message, before there is a loop."""
    length = -1
    while True:
        line = stream.readline()
        if not line:
            raise EndOfInput
        if line.strip():
            length = length_in(line, length)
        elif length >= 0:
            body = stream.read(length)
            if len(body) < length:
                raise EndOfInput
            return body


def own_streams() -> tuple[int, BinaryIO]:
    """Stdin's descriptor and a stdout that only we know: whatever else prints goes to stderr."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return sys.stdin.fileno(), out
