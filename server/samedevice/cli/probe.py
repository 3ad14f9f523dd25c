"""`samedevice probe`: run a network, and say what happened."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from samedevice.cli import COULD_NOT_RUN, FOUND, OK, CouldNotRun
from samedevice.cli.infer import read
from samedevice.cli.project import settings_of
from samedevice.cli.record import Recorder
from samedevice.cli.terminal import paint
from samedevice.features.check import examine
from samedevice.features.fixes import with_verified_fixes
from samedevice.probe import both, make, written
from samedevice.probe.findings import Joined, joined, noted
from samedevice.probe.interpreter import interpreter
from samedevice.probe.plan import NoPlan, Plan
from samedevice.probe.report import html, markdown, text
from samedevice.probe.request import Wanted, requests
from samedevice.probe.result import CLEAN, Result, from_json, to_json

_CODES = {"clean": OK, "mismatch": FOUND, "error": FOUND}
_WIDE = 160


def run(options: argparse.Namespace) -> int:
    """Probes one network; the exit code says whether it runs."""
    previous = _previous(options.previous)
    file, name = _target(options.target)
    source, book = read(file, "probe")
    settings = settings_of(Path(source.path).parent)
    checked, analysis = examine(source, settings)
    given = _given(options)
    place = (int(name), 1) if name.isdigit() else None
    try:
        plans = make.plans(source, settings, "" if place else name, place, given, analysis)
    except NoPlan as error:
        raise CouldNotRun(str(error)) from None
    plan = plans[0]
    if plan.missing and not options.assume:
        raise CouldNotRun(_asked(plan))
    result = both.run(
        requests(plans, _wanted(options), bool(checked.findings)),
        interpreter(source.path, options.python),
        _progress(options.quiet),
    )
    static = checked if result.verdict == CLEAN else with_verified_fixes(checked, settings)
    found = joined(result, source, static.findings)
    result = noted(result, found)
    _print(options, plan, (result, previous), found, Recorder(source, book))
    return _CODES.get(result.verdict, COULD_NOT_RUN)


def _target(given: str) -> tuple[str, str]:
    """`train.py:Net` as a file and a name; a colon may belong to the path."""
    file, colon, name = given.rpartition(":")
    if colon and not Path(given).exists() and (name.isdigit() or not set(name) & set("/\\")):
        return file, name
    return given, ""


def _given(options: argparse.Namespace) -> dict[str, str]:
    """`--input "x = torch.randn(2, 3)"` and `--argument hidden=64`."""
    found: dict[str, str] = {}
    for words in [*(options.input or []), *(options.argument or [])]:
        values = written.given(words)
        if not values:
            raise CouldNotRun(f"not understood: {words!r}; write NAME=EXPRESSION, as in x=torch.randn(2, 3)")
        found.update(values)
    return found


def _wanted(options: argparse.Namespace) -> Wanted:
    """How it is to be run, as the command line says."""
    try:
        batch = tuple(int(size) for size in (options.batch or "").split(",") if size.strip())
    except ValueError:
        raise CouldNotRun(f"--batch takes sizes such as 1,2,4, not {options.batch!r}") from None
    return Wanted(
        on=options.on,
        dtypes=tuple(word.strip() for word in options.dtype.split(",") if word.strip()),
        autocast=options.autocast,
        backward=options.backward,
        train=options.train,
        batch=batch,
        seconds=options.seconds,
        memory_mb=options.memory,
        program=options.program,
    )


def _asked(plan: Plan) -> str:
    """What only the user knows, with a proposal to copy."""
    words = ", ".join(f"{one.name}={one.code}" for one in plan.missing)
    names = " and ".join(f"`{one.name}`" for one in plan.missing)
    return (
        f"{plan.name} needs {names}, and nothing in the project says what to give.\n"
        f"  Write a comment in or above it:   # probe: {words}\n"
        f'  or on the command line:           --argument "{words}"\n'
        f"  or try these proposals:           --assume"
    )


def _progress(quiet: bool) -> Callable[[Mapping[str, Any]], None]:
    """On a terminal, the stage of the run."""
    shown = not quiet and sys.stderr.isatty()

    def told(event: Mapping[str, Any]) -> None:
        if shown and event.get("event") == "stage":
            print(f"\r\033[K{event.get('name')} ...", end="", file=sys.stderr, flush=True)
        elif shown and event.get("event") == "result":
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    return told


def _print(
    options: argparse.Namespace, plan: Plan, results: tuple[Result, Result | None], found: Joined, recorder: Recorder
) -> None:
    """The answer in the form that was asked for, compared with an earlier one."""
    result, previous = results
    match options.output_format:
        case "json":
            data = to_json(result)
            data["plan"] = record(plan)
            data["findings"] = [recorder.finding(finding) for finding in found.findings]
            shown = json.dumps(data, indent=2, default=str) + "\n"
        case "html":
            shown = html.html(result, previous)
        case "markdown":
            shown = markdown.markdown(result, previous)
        case _:
            colours = paint(options.color, sys.stdout)
            wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
            shown = text.text(result, previous, columns=wide, depth=options.depth, paint=colours)
    if options.output_file:
        try:
            Path(options.output_file).write_text(shown, encoding="utf-8")
        except OSError as error:
            raise CouldNotRun(f"{options.output_file}: {error.strerror or error}") from None
    else:
        sys.stdout.write(shown)


def _previous(path: str | None) -> Result | None:
    """The result that an earlier `--output-format json` wrote."""
    if path is None:
        return None
    try:
        return from_json(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise CouldNotRun(f"{path}: {error.strerror or error}") from None
    except (ValueError, TypeError, AttributeError):
        raise CouldNotRun(f"{path} is no result of `samedevice probe --output-format json`") from None


def record(plan: Plan) -> dict[str, Any]:
    """What a plan assumed, for the JSON output."""
    return {
        "name": plan.name,
        "file": plan.source.path,
        "line": plan.line,
        "assumed": [{"name": one.name, "value": one.code, "why": one.why} for one in plan.chosen],
        "missing": [{"name": one.name, "proposal": one.code, "why": one.why} for one in plan.missing],
    }
