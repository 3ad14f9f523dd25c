"""URIs of the protocol and paths of files."""

from __future__ import annotations

import os
from urllib.parse import quote, unquote, urlsplit


def path_of(uri: str) -> str:
    """The file of a URI; the name alone where it is no file (`untitled:Untitled-1`)."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return uri
    path = unquote(parts.path) or uri
    if parts.scheme != "file":
        return path
    if parts.netloc:
        return f"//{parts.netloc}{path}"
    if os.name == "nt" and path[:1] == "/":
        return path[1:]
    return path


def uri_of(path: str) -> str:
    """The URI of a file."""
    absolute = os.path.abspath(path).replace(os.sep, "/")
    return "file://" + quote(absolute if absolute.startswith("/") else f"/{absolute}")
