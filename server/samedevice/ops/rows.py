"""Loads every file of rows."""

from __future__ import annotations

from importlib import import_module

from samedevice.ops.texts import words

_FILES = words(
    """creation pointwise reduction matmul indexing views joining movement attributes functional losses rnn linalg
    fft special masked sparse random numpy"""
)


def load() -> None:
    """Import the files, each of which registers its rows."""
    for name in _FILES:
        import_module(f"samedevice.ops.{name}")
