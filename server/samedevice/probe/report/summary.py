"""What is said of a whole run: its figures, the machine, what went in."""

from __future__ import annotations

from collections.abc import Callable

from samedevice.dataclass import dataclass
from samedevice.probe.report.compare import Comparison
from samedevice.probe.report.words import clean, joined, line, milliseconds, percent, short, tensor
from samedevice.probe.result import Failure, Result, Run

VIRTUAL = (
    "Virtual CUDA: the network ran on the CPU with tensors that say `cuda`, and PyTorch's rules for devices were "
    "enforced. There are no times and no CUDA memory."
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name."""

    label: str
    value: str
    detail: str = ""
    change: str = ""
    """Since the run before."""


def virtual(result: Result) -> bool:
    """Whether there was no GPU."""
    return str(result.environment.get("on", "")).startswith("virtual")


def name(result: Result) -> str:
    """What the network is called."""
    return line(str(result.network.get("class") or "Network"), 200)


def place(result: Result) -> str:
    """Where the network is in the program."""
    file, number = result.network.get("file"), result.network.get("line")
    return f"{line(str(file), 200)}:{number or 1}" if file else ""


def environment(result: Result) -> list[str]:
    """The machine and the versions."""
    facts = result.environment
    told = {
        "on": "virtual CUDA" if virtual(result) else f"on {facts.get('on')}",
        "gpu": f"{facts.get('gpu')}",
        "torch": f"PyTorch {facts.get('torch')}",
        "cuda_build": f"built for CUDA {facts.get('cuda_build')}",
        "python": f"Python {facts.get('python')}",
        "platform": f"{facts.get('platform')}",
    }
    return [line(words, 120) for key, words in told.items() if facts.get(key)]


def run_name(run: Run) -> str:
    """What tells a run from the others."""
    autocast = f"autocast {run.autocast}" if run.autocast else ""
    return line(joined([run.dtype, autocast, f"batch {run.batch}" if run.batch is not None else ""]), 80)


def figures(result: Result, run: Run, since: Comparison | None) -> list[Figure]:
    """The numbers of a run; what was not measured is left out."""
    before = since.before if since else None
    found = [_parameters(result)]
    found += _measured("Forward", run, before, "ms", milliseconds, _backward(run))
    found += _measured("Peak memory", run, before, "peak_bytes", lambda value: short(value, "B"))
    mult_adds = f"{short(run.mult_adds)} mult-adds" if run.mult_adds else "of a forward pass"
    stopped = run.failure is not None and run.failure.stage == "forward"
    found += _measured("FLOPs", run, before, "flops", short, "until it stopped" if stopped else mult_adds)
    return [one for one in found if one.value]


def flow(result: Result, run: Run) -> list[Figure]:
    """What went in and what came out."""
    found = [Figure("Input", inputs(result), line(str(result.input.get("source") or ""), 120))]
    found.append(Figure("Output", tensor(run.output), difference(run)))
    return [one for one in found if one.value]


def _parameters(result: Result) -> Figure:
    """How many parameters, how many of them are trained, and their size."""
    network = result.network
    number, trainable = network.get("parameters"), network.get("trainable")
    if number is None:
        return Figure("Parameters", "")
    trained = "all trainable" if trainable == number else f"{short(trainable or 0)} trainable"
    size = short(network["bytes"], "B") if network.get("bytes") else ""
    size += " with buffers" if size and network.get("buffers") else ""
    return Figure("Parameters", short(number), joined([trained if number else "", size]))


def _measured(
    label: str, run: Run, before: Run | None, field: str, words: Callable[[float], str], detail: str = ""
) -> list[Figure]:
    """A figure that may not have been measured."""
    now, was = getattr(run, field), getattr(before, field, None)
    if now is None:
        return []
    return [Figure(label, words(now), detail, percent(now, was) if was else "")]


def _backward(run: Run) -> str:
    """The time of the backward pass."""
    return f"backward {milliseconds(run.backward_ms)}" if run.backward_ms is not None else ""


def inputs(result: Result) -> str:
    """What the network was called with."""
    given = result.input
    args = [tensor(one) for one in given.get("args") or ()]
    kwargs = [f"{line(str(key), 40)}={tensor(one)}" for key, one in (given.get("kwargs") or {}).items()]
    return joined(args + kwargs)


def difference(run: Run) -> str:
    """How far the output is from the first run's."""
    if not run.difference:
        return ""
    far = run.difference
    parts = [
        f"{far[key]:.2g} {words}" for key, words in (("relative", "relative"), ("max_abs", "at most")) if key in far
    ]
    return f"differs by {joined(parts)}" if parts else ""


def notes(result: Result) -> list[str]:
    """What is to be known of the runs, each once."""
    return list(dict.fromkeys(line(note, 600) for run in result.runs for note in run.notes if note.strip()))


def where(failure: Failure) -> str:
    """A failure's stage and layer as a heading: `Stopped in layer3.2 during the forward pass`."""
    stage = {"forward": "the forward pass", "backward": "the backward pass"}.get(failure.stage, failure.stage)
    during = f" during {line(stage, 40)}" if stage else ""
    layer = "the network itself" if failure.layer == "" else line(failure.layer or "", 200)
    return f"Stopped in {layer}{during}" if layer else f"Stopped{during}"


def message(failure: Failure) -> str:
    """The error as Python prints it."""
    return joined([line(failure.error, 80), clean(failure.message).strip()], ": ")


def changed(since: Comparison) -> str:
    """How much is different from the run before, in a sentence."""
    layers, number = len({one.path for one in since.changes}), len(since.changes)
    things, places = "thing" if number == 1 else "things", "layer" if layers == 1 else "layers"
    words = (
        f"{number} {things} changed in {layers} {places}."
        if number
        else "No layer changed beyond what chance explains."
    )
    return joined([words, f"Not the same: {since.note}." if since.note else ""], " ")
