"""A plan as the child reads it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from samedevice.dataclass import dataclass, replace
from samedevice.probe.inputs import harmless
from samedevice.probe.plan import Candidate, Plan, Statement
from samedevice.probe.stand_ins import NO_ARGUMENTS

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a network is to be run."""

    on: str = "auto"
    dtypes: tuple[str, ...] = ("float32",)
    autocast: str | None = None
    backward: bool = True
    train: bool = False
    warmup: int = 1
    repeats: int = 3
    seed: int = 0
    batch: tuple[int, ...] = ()
    seconds: float = 120.0
    memory_mb: float | None = None
    program: bool = False
    """Whether the program may be run too."""


def requests(plans: Sequence[Plan], wanted: Wanted, doubts: bool = False) -> list[Json]:
    """The request for a network by itself, those for its program's calls of it, which run once, and for the program.

    `doubts`: whether reading the code finds anything, so that the program, where it may, is run in any case.
    """
    once = replace(wanted, repeats=1, dtypes=wanted.dtypes[:1], batch=())
    found = [request(plan, wanted if number == 0 else once) for number, plan in enumerate(plans)]
    whole = wanted.program and harmless(plans[0].source.text)
    return [*found, _whole(plans[0], found[0], doubts)] if whole else found


def _whole(plan: Plan, own: Json, doubts: bool) -> Json:
    """The program itself."""
    build = [{"code": NO_ARGUMENTS, "line": 1}] if "argparse" in plan.source.text else []
    return {
        **own,
        "whole": True,
        "doubts": doubts,
        "build": build,
        "body": list(plan.body),
        "on_several": list(plan.on_several),
    }


def request(plan: Plan, wanted: Wanted) -> Json:
    """The request, schema 1."""
    return {
        "schema": 1,
        "cwd": plan.cwd,
        "path": list(plan.path),
        "package": plan.package,
        "file": os.path.abspath(plan.source.path),
        "text": plan.source.text,
        "build": _statements(plan.build),
        "network": plan.network,
        "inputs": [_candidate(one) for one in plan.inputs],
        "loss": plan.loss,
        "on": wanted.on,
        "dtypes": list(wanted.dtypes),
        "autocast": wanted.autocast,
        "backward": wanted.backward,
        "train": wanted.train,
        "warmup": wanted.warmup,
        "repeats": wanted.repeats,
        "seed": wanted.seed,
        "sweep": {"batch": list(wanted.batch)} if wanted.batch else None,
        "move": plan.move,
        "casts": plan.casts,
        "line": plan.line,
        "left_out": list(plan.left_out),
        "assumed": assumed(plan),
        "seconds": wanted.seconds,
        "memory_mb": wanted.memory_mb,
    }


def assumed(plan: Plan) -> str:
    """The arguments that were worked out, in a line."""
    every = [f"{one.name}={one.code} ({one.why})" for one in (*plan.chosen, *plan.missing)]
    return f"assumed: {', '.join(every)}" if every else ""


def _statements(statements: tuple[Statement, ...]) -> list[Json]:
    return [{"code": one.code, "line": one.line} for one in statements]


def _candidate(one: Candidate) -> Json:
    """A candidate with expressions, or with hints for the layers to complete."""
    if one.hints is not None:
        return {"source": one.source, "guess": {name: dict(hint) for name, hint in one.hints.items()}}
    if one.call:
        return {"source": one.source, "build": _statements(one.build), "call": one.call}
    return {"source": one.source, "args": list(one.args), "kwargs": dict(one.kwargs)}
