"""What the worker keeps of a program: its findings, and what they were made from."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

from samedevice.dataclass import dataclass, field, replace
from samedevice.features.check import Checked, examine, rule_names
from samedevice.features.fixes import Trials, verified
from samedevice.findings import Fix
from samedevice.interpret.analysis import Analysis
from samedevice.interpret.run import Memory
from samedevice.lsp.marks import diagnostics
from samedevice.lsp.places import Json, Program
from samedevice.resolve import modules
from samedevice.settings import Settings, WrongSettings, forget, from_mapping, located

_KEPT = 6
"""Programs whose analysis is kept; more are analysed anew when they are asked about."""
_IN_ADVANCE = 40
"""Fixes of one text that are tried before anyone asks for them."""
_REMEMBERED = 64
"""Texts whose diagnostics are kept, so that undo and redo cost nothing."""


@dataclass
class Unit:
    """One program under one set of settings."""

    program: Program
    settings: Settings
    checked: Checked
    analysis: Analysis | None
    trials: Trials
    tried: dict[tuple[int, int], bool] = field(default_factory=dict)
    """Whether a fix holds, by the number of its finding and its own."""

    def fixes_of(self, number: int) -> list[Fix]:
        """The fixes of a finding that hold."""
        fixes = self.checked.findings[number].fixes
        return [fix for place, fix in enumerate(fixes) if self._holds(number, place)]

    def try_next(self) -> bool:
        """Tries one more fix in advance; whether there may be another. An edit must not wait for many."""
        if len(self.tried) >= _IN_ADVANCE:
            return False
        # Not all of them at once: what the fixes are is found out finding by finding.
        for number, finding in enumerate(self.checked.findings):
            for place in range(len(finding.fixes)):
                if (number, place) not in self.tried:
                    self._holds(number, place)
                    return True
        return False

    def _holds(self, number: int, place: int) -> bool:
        known = self.tried.get((number, place))
        if known is None:
            finding = self.checked.findings[number]
            one = replace(finding, fixes=(finding.fixes[place],))
            known = bool(verified(self.checked, one, self.trials))
            self.tried[number, place] = known
        return known


class Units:
    """All that the worker knows, by content: the same text under the same settings has the same answer."""

    def __init__(self) -> None:
        self._units: OrderedDict[object, Unit] = OrderedDict()
        self._files: OrderedDict[object, tuple[Memory, Trials]] = OrderedDict()
        """What is kept of each file from text to text."""
        self._marks: OrderedDict[object, dict[str, list[Json]]] = OrderedDict()
        self._generation = 0

    def forget(self) -> None:
        """Files on disk have changed: configuration and imported modules are read anew."""
        forget()
        modules.forget()
        self._generation += 1
        self._units.clear()
        self._files.clear()
        self._marks.clear()

    def rest(self) -> None:
        """Lets go of what undo would need: nobody types."""
        for memory, trials in self._files.values():
            memory.rest()
            trials.rest()

    def diagnostics(self, job: Json) -> dict[str, list[Json]]:
        """The diagnostics of a program."""
        key = self._key(job)
        known = self._marks.get(key)
        if known is None:
            unit = self.unit(job)
            known = diagnostics(unit.program, unit.checked, job["client"])
            self._marks[key] = known
            while len(self._marks) > _REMEMBERED:
                self._marks.popitem(last=False)
        return known

    def unit(self, job: Json) -> Unit:
        """A program with its analysis."""
        key = self._key(job)
        unit = self._units.get(key)
        if unit is None:
            program = Program(job["uri"], job["path"], job["text"], job["encoding"], job["cells"])
            settings = settings_for(job)[0]
            memory, trials = self._remembered(program, settings)
            checked, analysis = examine(program.source, settings, memory)
            if analysis is None:
                self._files.clear()  # a memory of half an analysis is none
            unit = Unit(program, settings, checked, analysis, trials)
            self._units[key] = unit
            while len(self._units) > _KEPT:
                self._units.popitem(last=False)
        self._units.move_to_end(key)
        return unit

    def _remembered(self, program: Program, settings: Settings) -> tuple[Memory, Trials]:
        """What is kept of a file from its last text, whose own unit ends."""
        for key in [key for key, old in self._units.items() if old.program.uri == program.uri]:
            del self._units[key]
        name = program.uri, program.path, repr(settings)
        if name not in self._files:
            self._files[name] = Memory(program.source), Trials(program.path, settings)
            while len(self._files) > _KEPT:
                self._files.popitem(last=False)
        self._files.move_to_end(name)
        return self._files[name]

    def _key(self, job: Json) -> object:
        return (
            job["uri"],
            job["text"],
            job["cells"],
            repr(job["editor"]),
            job["folder"],
            job.get("torch"),
            self._generation,
        )


def settings_for(job: Json) -> tuple[Settings, list[str]]:
    """The settings of a program, and what is wrong with them."""
    settings, wrong = _written(job)
    if settings.torch_version is None and job.get("torch"):
        settings = replace(settings, torch_version=job["torch"])
    return settings, wrong


def _written(job: Json) -> tuple[Settings, list[str]]:
    """What the editor and the project say."""
    wrong: list[str] = []
    editor = Settings()
    try:
        editor = from_mapping(job["editor"], rule_names(), lambda key: "the editor's settings")
    except WrongSettings as error:
        wrong.append(str(error))
    try:
        project, found = located(Path(job["folder"]), rule_names())
    except WrongSettings as error:
        return editor, [*wrong, str(error)]
    return (_merged(editor, project) if found else editor), wrong


def _merged(editor: Settings, project: Settings) -> Settings:
    """The project's settings, with the editor's where the project says nothing."""
    usual = Settings()
    ours: dict[str, Any] = {
        name: value for name, value in vars(editor).items() if getattr(project, name) == getattr(usual, name)
    }
    return replace(project, **ours)
