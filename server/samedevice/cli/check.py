"""`samedevice check`: find the files, check them, print what was found."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TextIO

from samedevice.cli import COULD_NOT_RUN, FOUND, OK, CouldNotRun, github, pool, sarif, text
from samedevice.cli.arguments import cores, names
from samedevice.cli.project import with_torch
from samedevice.cli.record import FileReport
from samedevice.cli.terminal import Paint, paint, with_progress
from samedevice.cli.work import CHECK, DIFF, FIX, Task, guarded_report
from samedevice.features.check import rule_names, rules
from samedevice.resolve import files, ignored
from samedevice.resolve.ignored import Rules
from samedevice.settings import Settings, WrongSettings, located, with_options

_SMALL = 150_000
"""Bytes of source below which other processes cost more than they save."""
_STDIN = "<stdin>"


def run(options: argparse.Namespace) -> int:
    """Checks what the command line names; the exit code."""
    _log_to_stderr()
    # Everything imported so far lives as long as the process; trees are many and short-lived.
    gc.freeze()
    gc.set_threshold(400_000, 20, 50)
    paths = options.paths or ["."]
    mode = FIX if options.fix else DIFF if options.diff else CHECK
    try:
        tasks, complaints = _stdin_task(options, mode) if paths == ["-"] else _tasks(options, paths, mode)
    except WrongSettings as error:
        raise CouldNotRun(str(error)) from None
    for complaint in complaints:
        print(f"samedevice: {complaint}", file=sys.stderr)
    reports = _in_order(tasks, with_progress(_reports(tasks, options.jobs), len(tasks), quiet=options.quiet))
    _say_notes(reports, options)
    with _output(options.output_file) as out:
        _print(reports, options, mode, out)
    return _exit_code(reports, mode, paths)


def _log_to_stderr() -> None:
    """What fails inside is said in one line each."""
    logger = logging.getLogger("samedevice")
    if not any(isinstance(handler, _Stderr) for handler in logger.handlers):
        logger.addHandler(_Stderr())


class _Stderr(logging.Handler):
    """Log records without tracebacks, on whatever stderr is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        reason = f": {type(error).__name__}: {error}" if error else ""
        print(f"samedevice: {record.getMessage()}{reason}", file=sys.stderr)


def _stdin_task(options: argparse.Namespace, mode: str) -> tuple[list[tuple[Task, int]], list[str]]:
    """The task of checking what comes on stdin."""
    data = sys.stdin.buffer.read()
    path = options.stdin_filename or _STDIN
    folder = Path(options.stdin_filename).parent if options.stdin_filename else Path.cwd()
    settings = _settings(options, folder)[0]
    return [(Task(path, settings, mode, _shows_fixes(options), data), len(data))], []


def _tasks(options: argparse.Namespace, paths: list[str], mode: str) -> tuple[list[tuple[Task, int]], list[str]]:
    """A task for each file that paths name, with its size, and what could not be searched."""
    excludes = _excludes(options, paths)
    found = files.find(paths, excludes)
    if found.missing:
        raise CouldNotRun("\nsamedevice: ".join(f"{path}: no such file or folder" for path in found.missing))
    tasks: list[tuple[Task, int]] = []
    named = {Path(path) for path in paths}
    for file in found.files:
        settings, own = _settings(options, file.parent)
        if file not in named and own is not None and own not in excludes and files.excluded(file, own):
            continue
        tasks.append((Task(str(file), settings, mode, _shows_fixes(options)), _size(file)))
    if not tasks:
        where = ", ".join(found.empty or paths)
        raise CouldNotRun("\nsamedevice: ".join([f"nothing to check: no Python files in {where}", *found.unreadable]))
    return tasks, found.unreadable


def _shows_fixes(options: argparse.Namespace) -> bool:
    """Whether the output says anything of fixes."""
    return options.output_format in ("text", "json", "sarif") and not options.diff


def _settings(options: argparse.Namespace, folder: Path) -> tuple[Settings, Rules | None]:
    """The settings of a folder with those of the command line, and what they leave out."""
    settings, home = located(folder, rule_names())
    own = ignored.from_lines(settings.exclude, home) if home else None
    chosen = with_options(
        settings, rule_names(), machine=options.machine, select=names(options.select), ignore=names(options.ignore)
    )
    return with_torch(chosen, folder), own


def _excludes(options: argparse.Namespace, paths: list[str]) -> list[Rules]:
    """What the command line and the settings of the given folders leave out."""
    given = ignored.from_lines(options.exclude or [], Path.cwd())
    found = [given] if given else []
    for path in paths:
        own = _settings(options, Path(path))[1] if Path(path).is_dir() else None
        if own and own not in found:
            found.append(own)
    return found


def _size(file: Path) -> int:
    """A file's size; 0 where it can't be asked."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _reports(tasks: list[tuple[Task, int]], jobs: int) -> Iterator[FileReport]:
    """The reports of all tasks, as they are done."""
    count = min(jobs or cores(), len(tasks))
    if count == 1 or (not jobs and sum(size for _, size in tasks) < _SMALL):
        return (guarded_report(task) for task, _ in tasks)
    return pool.reports(tasks, count)


def _in_order(tasks: list[tuple[Task, int]], reports: Iterable[FileReport]) -> list[FileReport]:
    """The reports in the order of the files; what is said of another file too is said once."""
    by_path = {report.path: report for report in reports}
    done = [by_path[task.path] for task, _ in tasks if task.path in by_path]
    seen: set[tuple[object, ...]] = set()
    for report in done:
        fresh = []
        for record in report.findings:
            key = tuple(record.get(name) for name in ("path", "cell", "line", "column", "rule", "message"))
            if key not in seen:
                seen.add(key)
                fresh.append(record)
        report.findings = fresh
    return done


def _say_notes(reports: Iterable[FileReport], options: argparse.Namespace) -> None:
    """Says on stderr what could not be read or was cut short."""
    for report in reports:
        if report.error:
            print(f"samedevice: {report.path}: {report.error}", file=sys.stderr)
        if options.quiet:
            continue
        for problem in report.problems[:3]:
            print(f"samedevice: {problem} (the rest of the file was checked)", file=sys.stderr)
        if len(report.problems) > 3:
            print(f"samedevice: {report.path}: {len(report.problems) - 3} more syntax errors", file=sys.stderr)
        for note in report.notes:
            print(f"samedevice: {report.path}: {note}", file=sys.stderr)


@contextmanager
def _output(path: str | None) -> Iterator[TextIO]:
    """Where the output goes."""
    if path is None:
        yield sys.stdout
        return
    buffer = StringIO()
    yield buffer
    try:
        Path(path).write_text(buffer.getvalue(), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise CouldNotRun(f"{path}: can't be written: {error.strerror}") from None


def _print(reports: list[FileReport], options: argparse.Namespace, mode: str, out: TextIO) -> None:
    """Prints the findings in the form that is asked for."""
    records = [record for report in reports for record in report.findings]
    colours = paint(options.color, out)
    if mode == DIFF:
        _print_diff(reports, options, out, colours)
        return
    if mode == FIX and reports[0].text is not None:
        out.write(reports[0].text)
        out = sys.stderr
    match options.output_format:
        case "json":
            print(json.dumps(records, indent=2), file=out)
        case "sarif":
            print(json.dumps(sarif.log(reports, rules()), indent=2), file=out)
        case "github":
            out.writelines(f"{github.annotation(record)}\n" for record in records)
        case "concise":
            out.writelines(f"{text.concise(record, colours)}\n" for record in records)
        case _:
            for report in reports:
                out.writelines(f"{text.finding(record, report.lines, colours)}\n" for record in report.findings)
    if options.output_format in ("text", "concise"):
        _print_summary(reports, options, out, colours)


def _print_summary(reports: list[FileReport], options: argparse.Namespace, out: TextIO, colours: Paint) -> None:
    """Prints how many findings there are."""
    if options.statistics and (counts := text.statistics(reports)):
        print(counts, file=out)
    if not options.quiet:
        read = sum(not report.error for report in reports)
        print(text.summary(reports, read, sum(report.fixed for report in reports), colours), file=out)


def _print_diff(reports: list[FileReport], options: argparse.Namespace, out: TextIO, colours: Paint) -> None:
    """Prints what `--fix` would change."""
    for report in reports:
        for line in report.diff.splitlines(keepends=True):
            style = {"+": "green", "-": "removed", "@": "cyan"}.get(line[0], "")
            style = "bold" if line.startswith(("+++", "---")) else style
            out.write(colours(style, line.rstrip("\n")) + "\n" if style else line)
    changed = sum(bool(report.diff) for report in reports)
    if not options.quiet:
        fixed = sum(report.fixed for report in reports)
        words = f"{fixed} fixes in {changed} of {len(reports)} files" if changed else "nothing to change"
        print(f"samedevice: {words}", file=sys.stderr)


def _exit_code(reports: list[FileReport], mode: str, paths: list[str]) -> int:
    """2 where a file that was named, or every file, could not be read; 1 where something is wrong; else 0."""
    named = {str(Path(path)) for path in paths}
    failed = [report for report in reports if report.error]
    if len(failed) == len(reports) or any(report.path in named for report in failed):
        return COULD_NOT_RUN
    if mode == DIFF:
        return FOUND if any(report.diff for report in reports) else OK
    weighty = any(record["severity"] in ("error", "warning") for report in reports for record in report.findings)
    return FOUND if weighty else OK
