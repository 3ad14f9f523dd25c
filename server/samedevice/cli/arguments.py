"""The words of the command line."""

from __future__ import annotations

import argparse
import os

from samedevice import __version__
from samedevice.settings import MACHINES

_EXIT = """exit codes:
  0  nothing at warning or above
  1  findings at warning or above (with --diff: something would change)
  2  it could not run: wrong usage, wrong configuration, nothing to read"""
_PROBE_EXIT = """exit codes:
  0  it runs
  1  it does not: a mismatch or another error of the network
  2  no answer: wrong usage, something is missing, no torch, out of time, not certain"""
_ON = "cuda, cuda:1, virtual (CUDA's rules without a GPU), cpu, mps, xpu or auto (default)"
_EXAMPLES = """examples:
  samedevice check                          everything below the current folder
  samedevice check --fix train.py           mend what can be mended
  samedevice check --output-format sarif --output-file out.sarif src
  samedevice infer train.py                 device, dtype and shape of every name
  samedevice probe train.py:Net --on virtual   run the network on a CUDA device that is not there
  samedevice rule device-mismatch           why it matters, an example, the fix
  python train.py 2>&1 | samedevice explain -   where a PyTorch error comes from"""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="samedevice",
        description="Knows the device, dtype and shape of every PyTorch tensor without running your code.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"samedevice {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _check(commands)
    _infer(commands)
    _probe(commands)
    _rule(commands)
    _explain(commands)
    _server(commands)
    return top


def _check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`samedevice check`."""
    one = _command(commands, "check", "find what PyTorch would refuse", _EXIT)
    one.add_argument("paths", nargs="*", metavar="PATH", help="files and folders; `-` is stdin (default: .)")
    what = one.add_argument_group("what is reported")
    what.add_argument("--select", action="append", metavar="RULE", help="only these rules; repeatable, or a,b")
    what.add_argument("--ignore", action="append", metavar="RULE", help="not these rules; repeatable, or a,b")
    what.add_argument("--machine", choices=MACHINES, help="the machine to assume (default: cuda)")
    what.add_argument(
        "--exclude", action="append", metavar="GLOB", help="leave out files, as in a .gitignore; repeatable"
    )
    what.add_argument("--stdin-filename", metavar="PATH", help="the path that stdin stands for")
    change = one.add_argument_group("fixes").add_mutually_exclusive_group()
    change.add_argument("--fix", action="store_true", help="apply the first good fix of each finding")
    change.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    out = one.add_argument_group("output")
    formats = ["text", "concise", "json", "sarif", "github"]
    out.add_argument("--output-format", choices=formats, default="text", help="(default: text)")
    out.add_argument("--output-file", metavar="PATH", help="write there instead of to stdout")
    out.add_argument("--statistics", action="store_true", help="count the findings of each rule")
    out.add_argument("--quiet", "-q", action="store_true", help="findings only: no summary, progress or notes")
    out.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="(default: auto)")
    run = one.add_argument_group("run")
    run.add_argument("--jobs", "-j", type=_jobs, metavar="N", default=0, help="processes (default: one for each core)")


def _infer(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`samedevice infer`."""
    one = _command(commands, "infer", "what is known of every assignment, parameter and return", "")
    one.add_argument("file", metavar="FILE", help="a Python file or notebook; `-` is stdin")
    one.add_argument("--machine", choices=MACHINES, help="the machine to assume (default: cuda)")
    one.add_argument("--output-format", choices=["text", "json"], default="text", help="(default: text)")


def _probe(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`samedevice probe`."""
    one = _command(commands, "probe", "run a network: does it work on CUDA, and what does it cost?", _PROBE_EXIT)
    one.add_argument("target", metavar="FILE[:NAME]", help="a file, and in it a class, variable or function, or a line")
    what = one.add_argument_group("what is run")
    what.add_argument("--input", action="append", metavar="NAME=EXPR", help="an input, as in x=torch.randn(2, 3)")
    what.add_argument("--argument", action="append", metavar="NAME=EXPR", help="an argument of the constructor")
    what.add_argument("--assume", action="store_true", help="use the proposals for what nothing in the project says")
    what.add_argument("--batch", metavar="N[,N...]", help="sizes of the batch to run")
    how = one.add_argument_group("how it is run")
    how.add_argument("--on", metavar="DEVICE", default="auto", help=_ON)
    how.add_argument("--python", metavar="INTERPRETER", help="the Python that has torch (default: the project's own)")
    how.add_argument(
        "--dtype", metavar="TYPE[,TYPE...]", default="float32", help="float32, bfloat16, float16 (default: float32)"
    )
    how.add_argument("--autocast", metavar="TYPE", help="run under torch.autocast with this dtype")
    how.add_argument("--backward", action=argparse.BooleanOptionalAction, default=True, help="backward too (default)")
    how.add_argument("--train", action="store_true", help="in training mode instead of eval")
    how.add_argument(
        "--program",
        action="store_true",
        help="where something speaks against a clean verdict, run the program too: few rounds, nothing written",
    )
    how.add_argument("--seconds", type=_above_zero, metavar="N", default=120.0, help="time limit (default: 120)")
    how.add_argument("--memory", type=_above_zero, metavar="MB", help="memory limit (default: none)")
    out = one.add_argument_group("output")
    formats = ["text", "json", "html", "markdown"]
    out.add_argument("--output-format", choices=formats, default="text", help="(default: text)")
    out.add_argument("--output-file", "--output", metavar="PATH", help="write there instead of to stdout")
    out.add_argument("--previous", metavar="FILE.json", help="compare with an earlier result, written as JSON")
    out.add_argument("--depth", type=_jobs, metavar="N", help="leave out deeper layers in the table")
    out.add_argument("--quiet", "-q", action="store_true", help="no progress")
    out.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="(default: auto)")


def _rule(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`samedevice rule`."""
    one = _command(commands, "rule", "a rule's page, or the list of rules", "")
    one.add_argument("name", nargs="?", metavar="NAME", help="the rule; without it, all are listed")
    one.add_argument("--output-format", choices=["text", "json"], default="text", help="(default: text)")


def _explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`samedevice explain`."""
    one = _command(commands, "explain", "where a PyTorch error comes from, and how to mend it", "")
    one.add_argument("file", metavar="FILE", help="a text with a traceback; `-` is stdin")
    one.add_argument("--root", metavar="FOLDER", default=".", help="where the program is (default: .)")


def _server(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`samedevice server`."""
    one = _command(commands, "server", "the language server, for editors", "")
    way = one.add_mutually_exclusive_group()
    way.add_argument("--stdio", action="store_true", help="talk on stdin and stdout (default)")
    way.add_argument("--tcp", type=_address, metavar="HOST:PORT", help="wait there for one client, for debugging")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str, epilog: str
) -> argparse.ArgumentParser:
    """A command with its help."""
    return commands.add_parser(
        name,
        help=words,
        description=f"{words[0].upper()}{words[1:]}.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _address(text: str) -> tuple[str, int]:
    """A host and a port."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65_535:
        raise argparse.ArgumentTypeError(f"not HOST:PORT: {text!r}")
    return host.strip("[]") or "localhost", int(port)


def _jobs(text: str) -> int:
    """A number of processes."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"not a whole number of 1 or more: {text!r}")
    return number


def _above_zero(text: str) -> float:
    """A number of seconds or megabytes."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"not a number above 0: {text!r}")
    return number


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def names(given: list[str] | None) -> list[str]:
    """The names in repeated options, each of which may be a comma list."""
    return [name.strip() for item in given or [] for name in item.split(",") if name.strip()]
