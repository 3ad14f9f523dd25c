"""The whole of a probe: build, find inputs, run in each dtype, and put the answer together."""

from __future__ import annotations

import inspect
import os
from typing import Any, Dict

import torch

from . import places
from .answers import Answers
from .counting import parameters_of
from .failures import failure, is_users, short
from .inputs import Input, choose
from .program import Program
from .running import Plan, Runner, stopped, verdict_of
from .shown import shown

Json = Dict[str, Any]
_SAY = "say one: # probe: x = torch.randn(2, 3, 224, 224)"
WORST = ("mismatch", "error", "uncertain", "clean")


class Stopped(Exception):
    """There is an answer before anything could run."""

    def __init__(self, verdict: str, why: str, failure: Json | None = None) -> None:
        super().__init__(why)
        self.verdict, self.why, self.failure = verdict, why, failure


class Probe:
    """One request."""

    def __init__(self, request: Json, answers: Answers) -> None:
        self.request, self.answers = request, answers
        self.program = Program(request)
        self.answer: Json = {"schema": 1, "environment": {}, "network": {}, "input": {}, "runs": [], "failure": None}

    def result(self) -> Json:
        """The answer, whatever happens."""
        try:
            place = self._place()
            network = self._build("float32", place)
            self.answer["network"] = self._network(network)
            _callable(network)
            given = self._input(network)
            self._runs(place, network, given)
        except Stopped as stopped:
            self.answer.update(verdict=stopped.verdict, why=stopped.why, failure=stopped.failure)
        return self.answer

    def _place(self) -> places.Place:
        try:
            place = places.place(self.request.get("on") or "auto")
        except places.NotThere as error:
            self.answer["environment"] = dict(
                places.environment(places.Place(torch.device("cpu"))), on=self.request.get("on")
            )
            raise Stopped("not run", str(error), {"kind": "device", "message": str(error), "stage": "move"}) from None
        except RuntimeError as error:  # a device that torch does not know, or a busy GPU
            raise Stopped("not run", str(error), failure(error, "move")) from error
        self.answer["environment"] = places.environment(place)
        return place

    def _build(self, run: str, place: places.Place) -> Any:
        self.answers.stage("build", run)
        try:
            network = self.program.build()
        except BaseException as error:
            found = stopped(error, "build", place)
            raise Stopped(
                verdict_of(found), f"building the network failed: {_unsure(found)}{_why(found)}", found
            ) from error
        if not isinstance(network, torch.nn.Module):
            why = f"`{self.request['network']}` is a {type(network).__name__}, no torch.nn.Module"
            raise Stopped("not run", why, {"kind": "other", "message": why, "stage": "build"})
        return network

    def _network(self, network: torch.nn.Module) -> Json:
        file, line = _defined(network)
        counts = parameters_of(network)
        buffers = list(network.buffers())
        counts["bytes"] += sum(one.numel() * one.element_size() for one in buffers)
        return dict(counts, buffers=len(buffers), file=file, line=line, **{"class": type(network).__name__})

    def _input(self, network: torch.nn.Module) -> Input:
        self.answers.stage("inputs")
        moves, casts = self.request.get("move") == "program", bool(self.request.get("casts", True))
        try:
            given = choose(self.program, network, self.request.get("inputs") or [], moves, casts)
        except BaseException as error:
            raise Stopped("error", f"no input could be made: {short(error)}", failure(error, "inputs")) from error
        self.answer["input"] = {
            "source": given.source,
            "args": [shown(one) for one in given.args],
            "kwargs": {name: shown(one) for name, one in given.kwargs.items()},
            "tried": given.tried,
        }
        if not given.fits and given.error is None:
            last = given.tried[-1]["failed"] if given.tried else "none was proposed"
            why = f"no input was found for the network ({last}); {_SAY}"
            raise Stopped("not run", why, {"kind": "shape", "message": why, "stage": "inputs"})
        if not given.fits and given.error is not None:
            found = failure(given.error, "inputs")
            why = f"the network takes none of the inputs tried ({_why(found)}); {_SAY}"
            raise Stopped("not run", why, found)
        return given

    def _runs(self, place: places.Place, network: torch.nn.Module, given: Input) -> None:
        first: Runner | None = None
        for at, (dtype, batch) in enumerate(self._asked()):
            if at:  # every run starts from the same weights
                network = self._build(dtype, place)
            runner = Runner(Plan(self.request, self.program, place, dtype, batch), self.answers, network, given, first)
            self.answer["runs"].append(runner.run())
            first = first or runner
        verdicts = [run["verdict"] for run in self.answer["runs"]]
        worst = min(verdicts, key=WORST.index)
        run = self.answer["runs"][verdicts.index(worst)]
        self.answer.update(verdict=worst, why=_sentence(run, place, given))

    def _asked(self) -> list[tuple[str, int | None]]:
        """The runs: each dtype, each batch of a sweep."""
        dtypes = self.request.get("dtypes") or ["float32"]
        batches = (self.request.get("sweep") or {}).get("batch") or [None]
        return [(dtype, batch) for dtype in dtypes for batch in batches]


def _callable(network: torch.nn.Module) -> None:
    """Stops where a network has no `forward`."""
    if getattr(network.forward, "__func__", None) is torch.nn.Module.forward:
        name = type(network).__name__
        why = f"{name} has no forward, so it can't be called: name the network that uses it, or write a forward"
        raise Stopped("not run", why, {"kind": "other", "message": why, "stage": "build"})


def _defined(network: torch.nn.Module) -> tuple[str | None, int | None]:
    """Where the class of a network stands, if the user wrote it."""
    try:
        file = inspect.getsourcefile(type(network))
        line = inspect.getsourcelines(type(network))[1]
        return (os.path.abspath(file), line) if file and is_users(file) else (None, None)
    except (OSError, TypeError):
        return None, None


def _why(found: Json) -> str:
    return f"{found['error']}: {found['message'].splitlines()[0]}"


def _unsure(found: Json) -> str:
    """Why a failure is not sure, before what it says."""
    return "" if found["certain"] else found["note"].partition(": ")[2] + "; "


def _sentence(run: Json, place: places.Place, given: Input) -> str:
    """What happened, and what to do."""
    where = "a virtual CUDA device" if place.virtual else place.name
    found = run["failure"]
    if found is None:
        return f"runs clean on {where} in {run['dtype']}" if run["verdict"] == "clean" else f"{run['notes'][0]}"
    text = _unsure(found) + found["message"].splitlines()[0]
    at = f" in {found['layer']}" if found["layer"] else ""
    if found["kind"] == "memory":
        left = places.free(place.device) if place.cuda else None
        more = f"; {left}" if left else ""
        return f"out of memory in the {found['stage']}{at}{more}: try a smaller batch or input, or another device"
    if found["kind"] == "exit":
        return f"the program called sys.exit in the {found['stage']}"
    if "busy or unavailable" in text:
        return f"the GPU is in use by another process (nvidia-smi names it): {text}"
    return f"{found['stage']} fails on {where}{at}: {text}"
