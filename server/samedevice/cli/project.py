"""What a command needs to know of the project that a file is part of."""

from __future__ import annotations

from pathlib import Path

from samedevice.cli import CouldNotRun
from samedevice.dataclass import replace
from samedevice.features.check import rule_names
from samedevice.resolve import environment
from samedevice.settings import Settings, WrongSettings, for_folder


def settings_of(folder: Path) -> Settings:
    """The settings of a folder, or why there are none."""
    try:
        return with_torch(for_folder(folder, rule_names()), folder)
    except WrongSettings as error:
        raise CouldNotRun(str(error)) from None


def with_torch(settings: Settings, folder: Path) -> Settings:
    """Settings that name no PyTorch, with the one that the folder's project has."""
    if settings.torch_version is not None:
        return settings
    return replace(settings, torch_version=environment.torch_of(str(folder.absolute())))
