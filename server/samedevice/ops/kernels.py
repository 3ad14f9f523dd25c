"""Dtypes that an op has no kernel for."""

from __future__ import annotations

from samedevice.ops.call import Call


def check_kernel(call: Call) -> None:
    """Refuse a dtype that the op's kernel does not take."""
