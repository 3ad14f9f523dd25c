"""What docs/editors.md tells people to write is valid, and names what the server knows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lsp.client import ROOT
from samedevice.features.check import rule_names
from samedevice.lsp import options
from samedevice.lsp.hello import COMMANDS
from samedevice.settings import from_mapping

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found, language
    return found


def _settings(value: Any) -> list[dict[str, Any]]:
    """The tables named `settings`, at any depth."""
    if not isinstance(value, dict):
        return [found for item in value for found in _settings(item)] if isinstance(value, list) else []
    here = [value["settings"]] if isinstance(value.get("settings"), dict) else []
    return here + [found for item in value.values() for found in _settings(item)]


def _check(settings: dict[str, Any]) -> None:
    wrong: list[str] = []
    read = options.read(settings, wrong)
    from_mapping(read.analysis, rule_names(), str)
    assert wrong == []


def test_json_and_toml_are_valid() -> None:
    values = [json.loads(block) for block in _blocks("json")] + [tomllib.loads(block) for block in _blocks("toml")]
    found = _settings(values)
    assert len(found) >= 2
    for settings in found:
        _check(settings)
    commands = json.dumps(values).count('"samedevice"')
    assert commands >= len(values)


def test_lisp_is_balanced() -> None:
    for block in _blocks("elisp"):
        plain = re.sub(r'"[^"]*"', '""', block)
        depth = 0
        for character in plain:
            depth += {"(": 1, ")": -1}.get(character, 0)
            assert depth >= 0
        assert depth == 0


def test_lua_is_valid(tmp_path: Path) -> None:
    neovim = shutil.which("nvim")
    if neovim is None:
        pytest.skip("Neovim reads it, and is not installed")
    for number, block in enumerate(_blocks("lua")):
        file = tmp_path / f"{number}.lua"
        file.write_text(block, encoding="utf-8")
        command = [neovim, "--headless", "-u", "NONE", "-i", "NONE"]
        command += ["-c", f"lua if not loadfile('{file}') then vim.cmd('cquit') end", "-c", "qall"]
        assert subprocess.run(command, timeout=60, check=False).returncode == 0, block


def test_every_command_and_option_is_named() -> None:
    told = set(re.findall(r"^\| `(samedevice\.\w+)` \|", PAGE, re.MULTILINE))
    assert told == set(COMMANDS)
    for name in ("settings", "interpreter", "trusted", "commands", "rulePages", "status"):
        assert f"| `{name}` |" in PAGE
