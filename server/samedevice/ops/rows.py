"""Loads the files of rows."""

from __future__ import annotations

from importlib import import_module

from samedevice.ops.texts import words

_FILES = words(
    """creation pointwise reduction matmul indexing views joining movement attributes functional losses rnn linalg
    fft special masked sparse random"""
)


def load() -> None:
    """Import the files of torch's names, each of which registers its rows."""
    for name in _FILES:
        import_module(f"samedevice.ops.{name}")


def load_numpy() -> None:
    """Import the file of numpy's names, which many programs never ask for."""
    import_module("samedevice.ops.numpy")
