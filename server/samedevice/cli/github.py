"""Workflow commands of GitHub Actions, which show findings at their lines in a pull request."""

from __future__ import annotations

from samedevice.cli.record import Record, place_text

_COMMANDS = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}


def annotation(record: Record) -> str:
    """A finding as one workflow command."""
    fields = {"title": f"samedevice ({record['rule']})", "file": record["path"].replace("\\", "/")}
    if "cell" not in record:
        # GitHub shows the file of a notebook, whose lines are not those of its cells.
        fields |= {"line": str(record["line"]), "col": str(record["column"]), "endLine": str(record["end_line"])}
        if record["end_line"] == record["line"]:
            # GitHub drops the columns of annotations that go over several lines.
            fields["endColumn"] = str(record["end_column"])
    values = ",".join(f"{name}={_property(value)}" for name, value in fields.items())
    places = "".join(f"\n{place_text(related)}: {related['message']}" for related in record["related"])
    message = _data(f"{place_text(record)}: [{record['rule']}] {record['message']}{places}")
    return f"::{_COMMANDS[record['severity']]} {values}::{message}"


def _data(text: str) -> str:
    """Text as the data of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Text as the value of a property."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
