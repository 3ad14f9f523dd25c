"""Files to text and back, byte for byte."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

from samedevice.dataclass import dataclass
from samedevice.syntax.source import SourceFile

LARGEST = 4_000_000
"""Larger files are generated data; their trees would take gigabytes."""


class Unreadable(Exception):
    """A file that can't be read as Python; the text says why."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """How a text was stored."""

    encoding: str = "utf-8"
    bom: bool = False

    def encode(self, text: str) -> bytes:
        """The bytes of a text, stored in the same way."""
        try:
            data = text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise Unreadable(f"the new text can't be stored as {self.encoding}: {error}") from None
        return codecs.BOM_UTF8 + data if self.bom else data


def read(path: Path, name: str = "") -> tuple[SourceFile, Encoded]:
    """A file's text and how it was stored; `name` is the path to show."""
    data = read_bytes(path)
    text, encoded = decode(data)
    return SourceFile(name or str(path), text), encoded


def read_bytes(path: Path) -> bytes:
    """A file's content, where it is a file of a sane size."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise Unreadable(f"larger than {LARGEST // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from None


def decode(data: bytes) -> tuple[str, Encoded]:
    """The text of a Python file by its byte order mark or its coding comment (PEP 263), line ends kept."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("stored as UTF-16, which Python does not read; store it as UTF-8")
    bom = data.startswith(codecs.BOM_UTF8)
    encoding = _declared(data) if any(b"coding" in line for line in data.split(b"\n", 2)[:2]) else "utf-8"
    try:
        return data[3 if bom else 0 :].decode(encoding), Encoded(encoding, bom)
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable(_why(data, f"not valid {encoding}: {error}")) from None


def _declared(data: bytes) -> str:
    """The encoding of a text that may have a coding comment."""
    import tokenize  # few have one

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        if not str(error).startswith("invalid or missing"):
            raise Unreadable(_why(data, str(error))) from None
        # The first lines have no coding comment and are not UTF-8: the decoder says where.
        return "utf-8"
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _why(data: bytes, message: str) -> str:
    """Why bytes are no Python text: most often they are no text at all."""
    return "a binary file" if b"\0" in data[:8192] else message
