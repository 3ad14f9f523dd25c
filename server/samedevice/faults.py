"""Faults of ours: told in the log, and nothing of the log is loaded before there is one."""

from __future__ import annotations


def report(where: str, text: str, *arguments: object) -> None:
    """Logs the exception that is being handled."""
    import logging

    logging.getLogger(where).exception(text, *arguments)
